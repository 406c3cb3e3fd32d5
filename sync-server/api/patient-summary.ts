/** The patient on one screen, from the centre's database: the rows and the making are those of a workstation. */
import { keptAmong } from "../../src-shared/patients/merged.ts";
import {
  assembleSummary,
  namedBy,
  type PatientSummary,
  type Relative,
  type SummaryInput,
} from "../../src-shared/patients/summary.ts";
import {
  partsFor,
  relativeColumns,
  type SummaryPart,
  type SummaryRows,
  summaryParts,
} from "../../src-shared/patients/summary-parts.ts";
import { profileStreams } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";
import { columnList, rowFromCentre } from "../database/rows.ts";

/** The centre holds every stream. */
const streams = profileStreams.single;
const among = "= any(($2::text)::uuid[])";

function partSql(name: SummaryPart): string {
  const { entity, columns, by, through, brought } = summaryParts[name] as (typeof summaryParts)[SummaryPart] & {
    through?: string;
    brought?: true;
  };
  const list = columns.map((column) => `t."${column}"`).join(",");
  const ofNoUndoneImport = ` and (t.import_id is null or not exists (select 1 from import_run r
    where r.practice_id=t.practice_id and r.id=t.import_id and r.undone_at is not null))`;
  const alive = `${entityOf(entity).mergeable ? " and not t.deleted" : ""}${brought ? ofNoUndoneImport : ""}`;
  return through
    ? `select ${list} from "${through}" s join "${entity}" t on t.practice_id=s.practice_id and t."${by}"=s.id
       where s.practice_id=$1 and s.patient_id ${among}${alive}`
    : `select ${list} from "${entity}" t where t.practice_id=$1 and t."${by}" ${among}${alive}`;
}

/** JSON columns are text in the database. */
function typed(name: SummaryPart, raws: Record<string, unknown>[]): Record<string, unknown>[] {
  const { entity, columns } = summaryParts[name];
  const { fields, fold } = entityOf(entity);
  const jsons = columns.filter((column) => (fields[column] ?? fold?.columns[column])?.type === "json");
  for (const row of raws)
    for (const column of jsons) if (row[column] !== null) row[column] = JSON.parse(row[column] as string);
  return raws;
}

const patient = entityOf("patient");
const familyOf = (seed: string, columns: string) => `
  with recursive f(id, into_id) as (
    select id, merged_into_id from patient where practice_id=$1 and id ${seed}
    union
    select p.id, p.merged_into_id from f join patient p
      on p.practice_id=$1 and (p.id=f.into_id or p.merged_into_id=f.id))
  select ${columns} from patient
  where practice_id=$1 and id in (select id from f) and not deleted`;
const family = familyOf("=$2", columnList(patient));
const relativesText = familyOf(among, relativeColumns.join(","));

export interface CentreAsker {
  readonly practice: Id;
  readonly may: (permission: string) => boolean;
  readonly now: number;
}

/** Everything about one patient that the asker may see; null when the practice has nobody by this id. */
export async function centreSummary(tx: Queryable, id: Id, asker: CentreAsker): Promise<PatientSummary | null> {
  const { practice, may, now } = asker;
  const rows = (await tx.query(family, [practice, id])).map((raw) => rowFromCentre(patient, raw));
  const found = keptAmong(id, rows as unknown as SummaryInput["kept"][]);
  if (!found) return null;
  const ownIds = [found.kept.id, ...found.others.map((row) => row.id)];
  const lookUp = <T>(text: string, ids: readonly Id[]): Promise<T[]> =>
    ids.length === 0 ? Promise.resolve([]) : tx.query<T>(text, [practice, arrayLiteral(ids)]);
  const parts = Object.fromEntries(Object.keys(summaryParts).map((name) => [name, []])) as Record<string, unknown[]>;
  for (const name of partsFor(may, streams)) parts[name] = typed(name, await lookUp(partSql(name), ownIds));
  const own = parts as unknown as SummaryRows;
  const named = namedBy(ownIds, own);
  const relatives = await lookUp<Relative>(relativesText, named.relatives);
  return assembleSummary({
    ...found,
    rows: own,
    relatives,
    recalls: await lookUp(
      `select patient_id, recall_on, examined_on from exam_summary where practice_id=$1 and patient_id ${among}`,
      relatives.map((row) => row.id),
    ),
    users: await lookUp(
      `select id, display_name from app_user where practice_id=$1 and id ${among} order by id`,
      named.users,
    ),
    branches: await tx.query("select id, name from branch where practice_id=$1 and not deleted order by id", [
      practice,
    ]),
    may,
    streams,
    now,
  });
}
