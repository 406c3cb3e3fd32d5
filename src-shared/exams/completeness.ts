/**
 * What the law and the College expect of a visit's record (domain §4.1 to §4.3, §6.3): what is missing is shown as a gap
 * and never stops anybody from leaving or signing. An expected test that was not done needs its reason, which closes it.
 */
import { rxOf } from "../optics/index.ts";
import type { ExamKind } from "./kinds.ts";
import { needsVertexDistance } from "./paper.ts";
import { isEarly, recallInterval } from "./recall.ts";
import { recallQuestion } from "./recall-question.ts";

/** What the practice knows beside the exam. */
export interface About {
  /** Completed years on the day of the test. */
  readonly age: number;
  readonly warning: string | null;
  /** Whether the patient's record has an address, and a phone or an e-mail. */
  readonly reachable: boolean;
  /** Whether a prescription from before is on file here. */
  readonly prescribed: boolean;
  /** When the last visit here asked the patient to come again; dates are `YYYY-MM-DD`. */
  readonly recallOn: string | null;
  readonly today: string;
  /** Referral letters that were written from this exam. */
  readonly letters: number;
}

export interface Written {
  readonly kind: ExamKind | null;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, unknown>>;
  readonly items: readonly { readonly list: string; readonly data: Readonly<Record<string, unknown>> }[];
  /** Without it nothing is expected that only the practice's files can answer. */
  readonly about?: About | null;
  /** Keys of the practice's own questions that count as expected, with their section. */
  readonly questions?: readonly { readonly section: string; readonly keys: readonly string[] }[];
}

/** In the order in which an exam runs, each with the section in which its gap is closed. */
const sectionOf = {
  contact: "history",
  reason: "history",
  history: "history",
  onset: "history",
  health: "history",
  medication: "history",
  family: "history",
  tasks: "history",
  driving: "history",
  last_test: "history",
  previous_rx: "specs",
  vision: "vision",
  muscle_balance: "binocular",
  refraction: "subjective",
  acuity: "subjective",
  bvd: "subjective",
  lens_spec: "contact_lenses",
  lens_expiry: "contact_lenses",
  external: "anterior",
  internal: "posterior",
  advice: "diagnosis",
  outcome: "outcome",
  referral: "outcome",
  recall: "outcome",
  recall_reason: "outcome",
  early_code: "outcome",
} as const;
export type Expectation = keyof typeof sectionOf;
const expectations = Object.keys(sectionOf) as readonly Expectation[];

export interface Gap {
  readonly section: string;
  /** What is missing: one of the expectations, or the key of a question of the practice's own. */
  readonly what: string;
}

/** Asked of every visit, since what is written asks for it: a strong lens, a lens that is specified, a referral. */
const ofAny: readonly Expectation[] = ["reason", "bvd", "lens_expiry", "outcome", "referral"];
const ofLenses: readonly Expectation[] = ["history", "onset", "acuity", "external", "advice"];

/** Visits that are no sight test: only what they are about is expected of them. */
const expectedOf: Readonly<Record<ExamKind, readonly Expectation[]>> = {
  sight_test: expectations.filter((what) => what !== "lens_spec"),
  // Nobody under 16 drives.
  child_test: expectations.filter((what) => what !== "lens_spec" && what !== "driving"),
  // A specification names the patient's address and every lens as it is replicated (domain §4.2).
  contact_lens_fit: [...ofAny, ...ofLenses, "contact", "health", "medication", "lens_spec"],
  contact_lens_aftercare: [...ofAny, ...ofLenses],
  extra_tests: ofAny,
  other: ofAny,
};

const stated = (value: unknown) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
/** How an eye was looked at, and tests of the patient's own seeing, are no finding. */
const noFinding = /\.(method|scale|pupil|amsler)(\.|$)/;

/** What is missing, in the order in which an exam runs. */
export function gapsOf(written: Written): Gap[] {
  const { columns, entries, items, about } = written;
  const column = (...names: string[]) => names.some((name) => stated(columns[name]));
  const entry = (...keys: string[]) => keys.some((key) => stated(entries[key]));
  const listed = (name: string) => items.some(({ list }) => list === name);
  const perEye = (name: string) => entry(`${name}.b`) || (entry(`${name}.r`) && entry(`${name}.l`));
  const bothRows = (cell: string) => column(`r_${cell}`) && column(`l_${cell}`);
  const found = (section: string) => {
    const keys = Object.keys(entries).filter((key) => key.startsWith(`${section}.`) && !noFinding.test(key));
    const eye = (end: string) => keys.some((key) => key.endsWith(end) && stated(entries[key]));
    return column("findings") || entry(`${section}.note`) || (eye(".r") && eye(".l"));
  };
  const symptoms = entries["history.symptoms"];
  const complains = Array.isArray(symptoms) && symptoms.some((each) => each !== "no_symptoms");
  const met: Readonly<Record<Expectation, () => boolean>> = {
    contact: () => about?.reachable ?? true,
    reason: () => column("reason"),
    history: () => column("history") || entry("history.symptoms"),
    // Ticked symptoms say nothing of since when; free text may.
    onset: () => !complains || column("history") || entry("history.onset"),
    health: () => entry("history.general") && entry("history.ocular"),
    medication: () => entry("history.medication"),
    family: () => entry("history.family", "history.family_note"),
    tasks: () => entry("history.tasks", "history.screen_hours"),
    driving: () => entry("history.driving"),
    last_test: () => entry("history.last_test") || entries["history.first_test"] === true,
    previous_rx: () =>
      about?.prescribed === true ||
      entry("specs.sphere.r", "specs.sphere.l", "specs.use", "specs.note") ||
      listed("specs"),
    vision: () => perEye("vision.unaided") || perEye("vision.own"),
    muscle_balance: () => entry("binocular.cover_distance") && entry("binocular.cover_near"),
    refraction: () => bothRows("sphere") || columns.outcome === "no_rx",
    acuity: () => perEye("subjective.va") || perEye("contact_lenses.va") || bothRows("va"),
    bvd: () => column("bvd") || !needsVertexDistance(rxOf(columns as never)),
    lens_spec: () => entry("contact_lenses.lens.r", "contact_lenses.lens.l"),
    lens_expiry: () =>
      entry("contact_lenses.expiry_months") || !entry("contact_lenses.lens.r", "contact_lenses.lens.l"),
    external: () => found("anterior"),
    internal: () => found("posterior"),
    advice: () => column("advice") || entry("diagnosis.leaflets", "contact_lenses.advice"),
    outcome: () => column("outcome"),
    referral: () => columns.outcome !== "refer" || !about || about.letters > 0,
    recall: () => column("recall_months"),
    recall_reason: () => column("recall_reason") || !isSooner(written),
    early_code: () => column("early_recall") || !about || !isEarly(about.recallOn, about.today),
  };
  const declined = new Set(items.flatMap(({ list, data }) => (list === "declined" ? [String(data.test)] : [])));
  const expected = expectedOf[written.kind ?? "sight_test"] ?? expectedOf.other;
  const gaps: Gap[] = expectations
    .filter((what) => expected.includes(what))
    .filter((what) => !met[what]() && !declined.has(what))
    .map((what) => ({ section: sectionOf[what], what }));
  for (const { section, keys } of written.questions ?? []) {
    if (!keys.some((key) => stated(entries[key])) && !keys.some((key) => declined.has(key)))
      gaps.push({ section, what: keys[0] ?? section });
  }
  return gaps;
}

/** Whether the recall that is set comes before the interval of the rules, which needs its reason (domain §4.3). */
function isSooner({ columns, entries, items, about }: Written): boolean {
  const months = columns.recall_months;
  if (!about || typeof months !== "number") return false;
  const diagnoses = items.flatMap(({ list, data }) => (list === "diagnosis" ? [String(data.text)] : []));
  const { age, warning } = about;
  return months < recallInterval(recallQuestion({ age, warning, entries, diagnoses })).months;
}
