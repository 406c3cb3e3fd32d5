/** The patient on one screen, read from this device's replica: one statement for each kind of rows. */
import { keptAmong } from "../../../src-shared/patients/merged.ts";
import {
  assembleSummary,
  namedBy,
  type PatientSummary,
  type Relative,
  type SummaryInput,
} from "../../../src-shared/patients/summary.ts";
import {
  partsFor,
  relativeColumns,
  type SummaryPart,
  type SummaryRows,
  summaryParts,
} from "../../../src-shared/patients/summary-parts.ts";
import type { Stream } from "../../../src-shared/sync/entity.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { type EntityName, entityOf, type Row } from "../../../src-shared/sync/registry.ts";
import { bytes, type Reader } from "../read/database.ts";

/** Converts what SQLite holds for yes and no, and for JSON, in place; ids are converted by the reader. */
function reading(entity: EntityName, columns: readonly string[]) {
  const { fields, fold, mergeable } = entityOf(entity);
  const typed = (type: "bool" | "json") =>
    columns.filter((name) => (fields[name] ?? fold?.columns[name])?.type === type);
  const [bools, jsons] = [typed("bool"), typed("json")];
  return {
    mergeable,
    list: (alias: string) => columns.map((name) => `${alias}."${name}"`).join(","),
    rows(raws: Record<string, unknown>[]): Record<string, unknown>[] {
      if (bools.length === 0 && jsons.length === 0) return raws;
      for (const row of raws) {
        for (const name of bools) if (row[name] !== null) row[name] = row[name] !== 0;
        for (const name of jsons) if (row[name] !== null) row[name] = JSON.parse(row[name] as string);
      }
      return raws;
    },
  };
}

const marks = (count: number) => Array.from({ length: count }, () => "?").join(",");

/** The import is asked for once the row has one at all, which few have. */
const ofNoUndoneImport = ` and (t.import_id is null or not exists (
  select 1 from import_run r where r.id = t.import_id and r.undone_at is not null))`;
const partReaders = Object.fromEntries(
  (Object.keys(summaryParts) as SummaryPart[]).map((name) => {
    const { entity, columns, by, through, brought } = summaryParts[name] as (typeof summaryParts)[SummaryPart] & {
      through?: string;
      brought?: true;
    };
    const read = reading(entity, columns);
    const from = through
      ? `"${through}" s join "${entity}" t on t."${by}" = s.id where s.patient_id`
      : `"${entity}" t where t."${by}"`;
    const text = (ids: number) =>
      `select ${read.list("t")} from ${from} in (${marks(ids)})${read.mergeable ? " and t.deleted = 0" : ""}${brought ? ofNoUndoneImport : ""}`;
    return [name, { one: text(1), text, rows: read.rows }];
  }),
) as Record<SummaryPart, { one: string; text: (ids: number) => string; rows: (raws: never[]) => never[] }>;

const patientColumns = ["id", "hlc", "clocks", "deleted", ...entityOf("patient").columns];
const patientReading = reading("patient", patientColumns);
type FamilyRow = SummaryInput["kept"];
/** Few records were merged, so statistics call the index useless, and without a word SQLite reads every patient. */
const familyOf = (seed: string, columns: string) => `
  with recursive f(id) as (
    ${seed} union
    select p.merged_into_id from f cross join patient p on p.id = f.id where p.merged_into_id is not null union
    select p.id from f cross join patient p indexed by patient_merged on p.merged_into_id = f.id)
  select ${columns} from f cross join patient p on p.id = f.id where p.deleted = 0`;
const family = familyOf("select ?", patientReading.list("p"));

/** The record that stands for `id`, and those that were merged into it; null when it is not on this device. */
export function keptRecord(
  read: Pick<Reader, "sql">,
  id: Id,
): { kept: FamilyRow; others: readonly FamilyRow[] } | null {
  const rows = patientReading.rows(read.sql(family, bytes(id))) as unknown as FamilyRow[];
  return keptAmong(id, rows);
}

/** Every id under which rows of this person may stand: the kept record's first, then those merged into it. */
export function recordIds(read: Pick<Reader, "sql">, id: Id): Id[] {
  const found = keptRecord(read, id);
  return found ? [found.kept.id, ...found.others.map((row) => row.id)] : [id];
}

/** Whose something is, as the record of `patient` sees it: its own where the owner is the same person. */
export function ownerSeenFrom(read: Pick<Reader, "sql">, patient: Id, owner: Id): Id {
  return owner !== patient && recordIds(read, patient).includes(owner) ? patient : owner;
}

export interface SummaryAsker {
  readonly may: (permission: string) => boolean;
  readonly streams: readonly Stream[];
  readonly now: number;
}

/** Everything about one patient that this device holds and the asker may see; null when nobody by this id is here. */
export function patientSummary(read: Reader, id: Id, asker: SummaryAsker): PatientSummary | null {
  const found = keptRecord(read, id);
  if (!found) return null;
  const { kept, others } = found;
  const ownIds = [kept.id, ...others.map((row) => row.id)];
  const parameters = ownIds.map(bytes);
  const shown = new Set(partsFor(asker.may, asker.streams));
  const rows = Object.fromEntries(
    (Object.keys(summaryParts) as SummaryPart[]).map((name) => {
      if (!shown.has(name)) return [name, []];
      const { one, text, rows: typed } = partReaders[name];
      return [name, typed(read.sql(ownIds.length === 1 ? one : text(ownIds.length), ...parameters) as never[])];
    }),
  ) as unknown as SummaryRows;
  const named = namedBy(ownIds, rows);
  const among = (ids: readonly Id[]) => JSON.stringify(ids);
  const relatives = named.relatives.length === 0 ? [] : read.sql<Relative>(relativesText, among(named.relatives));
  const lookUp = <T>(text: string, ids: readonly Id[]): T[] => (ids.length === 0 ? [] : read.sql<T>(text, among(ids)));
  return assembleSummary({
    ...found,
    ...asker,
    rows,
    relatives,
    recalls: lookUp(
      recallsText,
      relatives.map((row) => row.id),
    ),
    users: lookUp(usersText, named.users),
    branches: read.sql<Pick<Row<"branch">, "id" | "name">>("select id, name from branch where deleted = 0 order by id"),
  });
}
const relativesText = familyOf(
  "select unhex(value) from json_each(?)",
  relativeColumns.map((name) => `p.${name}`).join(","),
);
const recallsText = `select patient_id, recall_on, examined_on from exam_summary
  where patient_id in (select unhex(value) from json_each(?))`;
const usersText =
  "select id, display_name from app_user where id in (select unhex(value) from json_each(?)) order by id";
