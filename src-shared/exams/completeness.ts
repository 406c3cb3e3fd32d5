/**
 * What the law and the College expect of a sight test's record (domain §4.1): what is missing is shown as a gap and
 * never stops anybody from leaving or signing. An expected test that was not done needs its reason, which closes the gap.
 */
import type { ExamKind } from "./kinds.ts";

export interface Written {
  readonly kind: ExamKind | null;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, unknown>>;
  readonly items: readonly { readonly list: string; readonly data: Readonly<Record<string, unknown>> }[];
  /** Keys of the practice's own questions that count as expected, with their section. */
  readonly questions?: readonly { readonly section: string; readonly keys: readonly string[] }[];
}

const expectations = [
  "reason",
  "history",
  "health",
  "medication",
  "driving",
  "vision",
  "muscle_balance",
  "refraction",
  "acuity",
  "external",
  "internal",
  "outcome",
  "recall",
  "advice",
] as const;
export type Expectation = (typeof expectations)[number];

/** The section in which a gap is closed. */
const sectionOf: Readonly<Record<Expectation, string>> = {
  reason: "history",
  history: "history",
  health: "history",
  medication: "history",
  driving: "history",
  vision: "vision",
  muscle_balance: "binocular",
  refraction: "subjective",
  acuity: "subjective",
  external: "anterior",
  internal: "posterior",
  outcome: "outcome",
  recall: "outcome",
  advice: "diagnosis",
};

export interface Gap {
  readonly section: string;
  /** What is missing: one of the expectations, or the key of a question of the practice's own. */
  readonly what: string;
}

/** Visits that are no sight test: only what they are about is expected of them. */
const expectedOf: Readonly<Record<ExamKind, readonly Expectation[]>> = {
  sight_test: expectations,
  // Nobody under 16 drives.
  child_test: expectations.filter((what) => what !== "driving"),
  contact_lens_fit: ["reason", "history", "health", "medication", "acuity", "external", "outcome", "advice"],
  contact_lens_aftercare: ["reason", "history", "acuity", "external", "outcome", "advice"],
  extra_tests: ["reason", "outcome"],
  other: ["reason", "outcome"],
};

/** What is missing, in the order in which an exam runs. */
export function gapsOf(written: Written): Gap[] {
  const { columns, entries, items } = written;
  const stated = (value: unknown) =>
    value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  const column = (...names: string[]) => names.some((name) => stated(columns[name]));
  const entry = (...starts: string[]) =>
    Object.entries(entries).some(([key, value]) => stated(value) && starts.some((start) => key.startsWith(start)));
  const bothEyes = (name: string) => entry(`${name}.b`) || (entry(`${name}.r`) && entry(`${name}.l`));
  const met: Readonly<Record<Expectation, () => boolean>> = {
    reason: () => column("reason"),
    history: () => column("history") || entry("history.symptoms"),
    health: () => entry("history.general", "history.ocular"),
    medication: () => entry("history.medication"),
    driving: () => entry("history.driving"),
    vision: () => bothEyes("vision.unaided") || bothEyes("vision.own"),
    muscle_balance: () => entry("binocular.cover_distance", "binocular.cover_near", "binocular.motility"),
    refraction: () => stated(columns.r_sphere) || stated(columns.l_sphere) || columns.outcome === "no_rx",
    acuity: () => bothEyes("subjective.va") || bothEyes("contact_lenses.va") || (column("r_va") && column("l_va")),
    external: () => entry("anterior.") || column("findings"),
    internal: () => entry("posterior.") || column("findings"),
    outcome: () => column("outcome"),
    recall: () => column("recall_months"),
    advice: () => column("advice") || items.some(({ list }) => list === "diagnosis"),
  };
  const declined = new Set(items.flatMap(({ list, data }) => (list === "declined" ? [String(data.test)] : [])));
  const expected = expectedOf[written.kind ?? "sight_test"] ?? expectedOf.other;
  const gaps: Gap[] = expected
    .filter((what) => !met[what]() && !declined.has(what))
    .map((what) => ({ section: sectionOf[what], what }));
  for (const { section, keys } of written.questions ?? []) {
    if (!keys.some((key) => stated(entries[key])) && !keys.some((key) => declined.has(key)))
      gaps.push({ section, what: keys[0] ?? section });
  }
  return gaps;
}
