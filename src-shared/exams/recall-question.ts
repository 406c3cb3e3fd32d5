/** What of an exam decides the recall: read from what was written, so that the interval is proposed with its reason. */
import type { RecallQuestion } from "./recall.ts";

export interface RecallSource {
  /** Completed years on the day of the test. */
  readonly age: number;
  /** What the practice knows beside the exam: warnings on the patient. */
  readonly warning: string | null;
  readonly entries: Readonly<Record<string, unknown>>;
  readonly diagnoses: readonly string[];
}

/**
 * The question that `recallInterval` answers. Words in history and diagnoses count by how they begin; a word that is
 * denied ("no diabetes", "?glaucoma") does not.
 */
export function recallQuestion({ age, warning, entries, diagnoses }: RecallSource): RecallQuestion {
  const text = (key: string) => (typeof entries[key] === "string" ? entries[key] : "");
  const own = [text("history.general"), text("history.ocular"), warning ?? "", ...diagnoses];
  const says = (word: RegExp, texts: readonly string[] = own) =>
    texts.some((each) => each.split(/[.,;\n]/).some((part) => word.test(part) && !denied.test(part)));
  const family = entries["history.family"];
  return {
    age,
    diabetic: says(/diabet/i) || says(/metformin|insulin|gliclazide/i, [text("history.medication")]),
    glaucoma: says(/glaucoma/i),
    glaucomaInFamily: Array.isArray(family) && family.includes("glaucoma"),
    ocularHypertension: says(/ocular hypertension|\boht\b/i),
    binocularAnomaly: says(/squint|amblyop|strabism|[eé]sotropi|exotropi/i),
    fastMyopia: says(/(fast|progress\w*) myopia|myopia progress/i),
  };
}

const denied = /\b(no|not|nil|denies|without|suspect|family|mother|father|brother|sister)\b|\?/i;
