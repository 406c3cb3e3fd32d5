/**
 * Holds a folder against its journal at a start. A folder that stands further back gets what it lacks: rows of the log
 * exactly as they were, the rows of people merged and folded from them without judging anew, and the centre's own rows
 * in their newest form. All in one transaction.
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body, Header } from "../../src-shared/sync/group.ts";
import type { Hlc } from "../../src-shared/sync/hlc.ts";
import { insertedRow, mergePatch } from "../../src-shared/sync/merge.ts";
import { allEntities, findEntity } from "../../src-shared/sync/registry.ts";
import { productRules } from "../../src-shared/sync/rules.ts";
import type { Database, Queryable } from "../database/database.ts";
import { appendLog } from "../settle/log.ts";
import { fetchMissing } from "../settle/settle.ts";
import { createWorkingSet, Missing, type WorkingSet } from "../settle/working-set.ts";
import type { Journal, JournalLogRow, KeptRow } from "./journal.ts";
import { readPlace, savePlace } from "./journalled.ts";
import { type KeptTable, keptTableNames, keptTables } from "./kept.ts";

/** `foreign`: the journal tells of another history than the folder. `pruned`: the folder is older than the journal reaches. */
export type Standing = "new" | "same" | "behind" | "ahead" | "foreign" | "pruned";

/** Groups of the log that are merged before their rows are written. */
const perFlush = 500;

/** How the folder stands to its journal; nothing is changed. */
export async function standingOf(db: Queryable, journal: Journal): Promise<Standing> {
  if (journal.isNew()) return "new";
  const place = await readPlace(db);
  if (!place) {
    const [practice] = await db.query("select 1 from practice_head limit 1");
    // Written by a server that kept no journal, or filled in another way.
    if (practice) return "foreign";
  } else {
    const epoch = journal.epochs().find(({ id }) => id === place.epoch);
    if (!epoch || (epoch.last !== null && place.entry > epoch.last)) return "foreign";
  }
  const entry = place?.entry ?? 0;
  if (entry > journal.last()) return "ahead";
  if (entry === journal.last()) return "same";
  return entry < journal.pruned() ? "pruned" : "behind";
}

/** Brings a folder that is behind forward; returns how many rows of the log it got. */
export async function replay(db: Database, journal: Journal): Promise<number> {
  const place = await readPlace(db);
  const entry = place?.entry ?? 0;
  return db.transaction(async (tx) => {
    let count = 0;
    let batch: JournalLogRow[] = [];
    const write = async () => {
      const practice = batch[0]?.practice;
      if (practice) await replayLog(tx, practice, batch);
      count += batch.length;
      batch = [];
    };
    for (const row of journal.logAfter(entry)) {
      if (batch.length >= perFlush || (batch[0] && batch[0].practice !== row.practice)) await write();
      batch.push(row);
    }
    await write();
    const rows = Map.groupBy(journal.rowsAfter(entry), ({ table }) => table);
    for (const table of keptTableNames) await putRows(tx, table, rows.get(table) ?? []);
    await savePlace(tx, { epoch: journal.epochs().at(-1)?.id ?? "", entry: journal.last() });
    return count;
  });
}

async function replayLog(tx: Queryable, practice: Id, rows: readonly JournalLogRow[]): Promise<void> {
  const set = createWorkingSet(tx, practice);
  for (const row of rows) {
    const { hlc } = JSON.parse(row.header) as Header;
    const bodies = (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body) as Body);
    for (;;) {
      const mark = set.mark();
      try {
        apply(set, bodies, hlc);
        break;
      } catch (error) {
        set.rollback(mark);
        if (!(error instanceof Missing)) throw error;
        await fetchMissing(set, error);
      }
    }
  }
  await set.flush(allEntities);
  await appendLog(
    tx,
    practice,
    rows.map((row) => ({ ...row, devices: false })),
  );
}

/** What settling did with a group that it took: the first of a derived id stands, patches merge, folds follow. */
function apply(set: WorkingSet, bodies: readonly Body[], hlc: Hlc): void {
  for (const body of bodies) {
    const entity = findEntity(body.entity);
    if (!entity) continue;
    const row = set.get(entity, body.row);
    if (body.op === "insert") {
      if (row) set.touchFolds(entity, body.fields);
      else set.insert(entity, insertedRow(entity, body, hlc));
    } else if (row) {
      set.update(entity, mergePatch(productRules, entity, row, body, hlc).row);
      if (entity.fold) set.touchFold(entity, body.row);
    }
  }
  set.runFolds();
}

async function putRows(tx: Queryable, table: KeptTable, rows: readonly KeptRow[]): Promise<void> {
  if (rows.length === 0) return;
  const keys = JSON.stringify(rows.map(({ key }) => JSON.parse(key) as unknown[]));
  const same = keptTables[table].map((column, index) => `t."${column}"::text = k.key->>${index}`).join(" and ");
  await tx.query(`delete from "${table}" t using jsonb_array_elements($1::jsonb) as k(key) where ${same}`, [keys]);
  const present = rows.flatMap(({ row }) => row ?? []);
  await tx.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`, [
    `[${present.join(",")}]`,
  ]);
}
