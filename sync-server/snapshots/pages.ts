/** Reads a practice's settled rows and its log in pages, in the form that the snapshot's worker takes. */
import { streamBits } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type AnyEntity, allEntities, holds } from "../../src-shared/sync/registry.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";
import { centreColumns } from "../database/rows.ts";
import { mustBeWhole } from "../retain/cut.ts";
import type { LoggedGroup } from "./files.ts";

export interface Page {
  readonly entity: string;
  /** JSON made by the database: this thread only passes it on. */
  readonly rows: string;
  readonly count: number;
}

const firstKey = "0".repeat(32);
const texts = new Map<string, string>();

/** Every row of a practice's streams, entity by entity; `perPage` rows at once. */
export async function* pagesOf(db: Queryable, practice: Id, mask: number, perPage: number): AsyncGenerator<Page> {
  for (const entity of allEntities) {
    if (!holds(entity, mask)) continue;
    let after = firstKey;
    for (;;) {
      const [page] = await db.query<{ count: number; last: string; rows: string }>(pageText(entity), [
        practice,
        after,
        perPage,
        ...streamsOf(entity, mask),
      ]);
      if (!page || page.count === 0) break;
      yield { entity: entity.name, rows: page.rows, count: page.count };
      if (page.count < perPage) break;
      after = page.last;
    }
  }
}

/** How many rows a practice's streams hold; no further than `most` of each entity. */
export async function countRows(db: Queryable, practice: Id, mask: number, most: number): Promise<number> {
  const held = allEntities.filter((entity) => holds(entity, mask));
  const counts = held.map(
    ({ name }) => `(select count(*) from (select 1 from "${name}" where practice_id=$1 limit $2) "${name}")`,
  );
  const [row] = await db.query<{ n: number }>(`select (${counts.join("+")})::int8 as n`, [practice, most]);
  return row?.n ?? 0;
}

/** The next rows of the log beyond `after` up to `head` that hold anything of the streams. */
export async function logPage(
  db: Queryable,
  practice: Id,
  mask: number,
  after: number,
  head: number,
  limit: number,
): Promise<LoggedGroup[]> {
  const rows = await db.query<LoggedGroup & Record<string, unknown>>(
    `select seq, header, sig, bodies from change_log
     where practice_id=$1 and seq > $2 and seq <= $3 and (mask & $4) <> 0 order by seq limit $5`,
    [practice, after, head, mask, limit],
  );
  mustBeWhole(rows);
  return rows;
}

function pageText(entity: AnyEntity): string {
  const known = texts.get(entity.name);
  if (known) return known;
  // An array of texts is put together faster than one of many types; the replica's columns take numbers as digits.
  const values = centreColumns(entity).map(({ name, type }) => {
    if (type === "text" || type === "json") return `"${name}"`;
    return type === "bool" ? `"${name}"::int::text` : `"${name}"::text`;
  });
  const filter = entity.stream === "subject" ? "and stream = any(($4::text)::text[])" : "";
  const text = `select count(*) as count, max(id::text collate "C") as last,
      '[' || string_agg(array_to_json(array[${values.join(",")}])::text, ',' order by id) || ']' as rows
    from (select * from "${entity.name}" where practice_id=$1 and id > $2 ${filter} order by id limit $3) page`;
  texts.set(entity.name, text);
  return text;
}

function streamsOf(entity: AnyEntity, mask: number): string[] {
  if (entity.stream !== "subject") return [];
  const names = Object.entries(streamBits).filter(([, bit]) => (bit & mask) !== 0);
  return [arrayLiteral(names.map(([name]) => name))];
}
