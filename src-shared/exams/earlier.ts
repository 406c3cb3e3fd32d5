/**
 * What earlier visits found, as it stands pale behind the fields of a new one (domain §6.3): of each section the newest
 * visit that holds anything in it, so that a sight test does not hide the contact lenses of the aftercare before it.
 */
import type { LocalDate } from "../calendar/index.ts";
import type { Diagram } from "./diagram.ts";
import type { ExamContent } from "./record-content.ts";

/** A signed visit as it reads today; `on` is its date at its branch. */
export interface EarlierVisit {
  readonly examId: string;
  readonly signedAt: number;
  readonly on: LocalDate;
  readonly content: ExamContent;
}

export interface EarlierSection {
  /** The day of the visit, or of the prescription on file. */
  readonly on: LocalDate;
  /** By key of column or entry, stated ones only. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Readings of pressure, in its section alone. */
  readonly readings: readonly Readonly<Record<string, unknown>>[];
}

const sides = ["r", "l"] as const;
const cells = ["sphere", "cylinder", "axis", "add", "prism_h", "base_h", "prism_v", "base_v", "va"] as const;
/** The prescription given goes with the refraction that it came from. */
const given = sides.flatMap((side) => cells.map((cell) => `${side}_${cell}`));
const columnsOf: Readonly<Record<string, readonly string[]>> = {
  history: ["reason", "history"],
  subjective: [...given, "bvd"],
  diagnosis: ["advice"],
  outcome: ["outcome", "recall_months", "early_recall", "recall_reason", "rx_months", "purpose"],
  handover: ["recommendation"],
};
/** What is true of one visit alone. */
const ofThatVisit = new Set(["history.last_test", "history.first_test"]);

const stated = (value: unknown) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
const statedOnly = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => stated(value)));

/** A prescription as the subjective cells of a visit that holds nothing else of a refraction. */
function subjectiveOf(columns: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    sides.flatMap((side) => cells.map((cell) => [`subjective.${cell}.${side}`, columns[`${side}_${cell}`]] as const)),
  );
}
const measured = /^subjective\.(sphere|cylinder|axis|add|va)\./;

/** A visit's stated values, section by section. */
function valuesOf({ exam, entries }: ExamContent): Map<string, Record<string, unknown>> {
  const columns = exam as Readonly<Record<string, unknown>>;
  const bySection = new Map<string, Record<string, unknown>>();
  const put = (section: string, values: Readonly<Record<string, unknown>>) => {
    const known = statedOnly(values);
    if (Object.keys(known).length > 0) bySection.set(section, { ...bySection.get(section), ...known });
  };
  for (const [section, names] of Object.entries(columnsOf))
    put(section, Object.fromEntries(names.map((name) => [name, columns[name]])));
  // Records of the first version hold nothing but what was given.
  if (!Object.keys(entries).some((key) => measured.test(key))) put("subjective", subjectiveOf(columns));
  for (const [key, value] of Object.entries(entries))
    if (!ofThatVisit.has(key)) put(key.split(".", 1)[0] ?? "", { [key]: value });
  return bySection;
}

/**
 * By section, the newest visit that holds anything there. `visits`: the newest first. `onFile`: the newest prescription
 * on file, whoever wrote it, which stands for a refraction that no visit here has or that is older.
 */
export function earlierBySection(
  visits: readonly EarlierVisit[],
  onFile: (Readonly<Record<string, unknown>> & { readonly issued_on: string }) | null = null,
): Record<string, EarlierSection> {
  const found: Record<string, EarlierSection> = {};
  for (const { on, content } of visits) {
    const values = valuesOf(content);
    const readings = content.items.pressure ?? [];
    if (readings.length > 0 && !values.has("pressure")) values.set("pressure", {});
    for (const [section, known] of values)
      found[section] ??= { on, values: known, readings: section === "pressure" ? readings : [] };
  }
  if (onFile && (!found.subjective || found.subjective.on < onFile.issued_on)) {
    const columns = Object.fromEntries([...given, "bvd"].map((name) => [name, onFile[name]]));
    const values = statedOnly({ ...columns, ...subjectiveOf(onFile) });
    if (Object.keys(values).length > 0) found.subjective = { on: onFile.issued_on, values, readings: [] };
  }
  const tested = visits.find(({ content }) => isSightTest(content));
  if (tested) {
    const history = found.history ?? { on: tested.on, values: {}, readings: [] };
    found.history = { ...history, values: { ...history.values, "history.last_test": tested.on } };
  }
  return found;
}

/** Records of the first version know no kind; what they hold is a sight test. */
function isSightTest({ exam }: ExamContent): boolean {
  const kind = (exam as Readonly<Record<string, unknown>>).kind ?? "sight_test";
  return kind === "sight_test" || kind === "child_test";
}

/** The newest visit at which something was drawn on the diagram, with its strokes; null for none. */
export function drawnBefore(visits: readonly EarlierVisit[], diagram: Diagram) {
  for (const { examId, signedAt, content } of visits) {
    const strokes = (content.items.stroke ?? []).filter((stroke) => stroke.diagram === diagram);
    if (strokes.length > 0) return { examId, signedAt, strokes };
  }
  return null;
}
