/**
 * Fills a replica by pages (architecture §4): pages are staged as they come, so that a cut resumes and the old data
 * stays at work until one transaction swaps it for the new. Pages of different moments converge by the replay of the
 * log from S0, the head when the first page was asked for.
 */
import { createHash } from "node:crypto";
import type { Replica } from "../../../replica/replica.ts";
import type { StoredRow } from "../../../src-shared/sync/entity.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { allEntities, findEntity, holds } from "../../../src-shared/sync/registry.ts";
import { snapshotLimit } from "../../../src-shared/sync/wire.ts";
import type { EngineState } from "../state.ts";
import type { Connection } from "./upstream.ts";

interface Progress {
  readonly serverEpoch: string;
  readonly streamSet: number;
  readonly seq: number;
  /** Per entity: the last key staged, null when its pages are complete. */
  readonly after: Record<string, Id | null>;
  readonly rows: number;
}

export interface BootstrapReport {
  readonly rows: number;
  readonly entity: string;
}

export async function fillByPages(
  replica: Replica,
  state: EngineState,
  connection: Connection,
  target: {
    serverEpoch: string;
    streamSet: number;
    head: number;
    floor: number;
    t2: number;
    entities?: readonly string[];
  },
  report: (progress: BootstrapReport) => void,
): Promise<void> {
  const { db } = replica;
  let progress = state.meta<Progress>("bootstrap");
  const resumes =
    progress?.serverEpoch === target.serverEpoch &&
    progress.streamSet === target.streamSet &&
    // What happened since its first page has to be replayed, so the log must still have it.
    progress.seq >= target.floor;
  if (!progress || !resumes) {
    progress = { serverEpoch: target.serverEpoch, streamSet: target.streamSet, seq: target.head, after: {}, rows: 0 };
    db.transaction(() => {
      db.exec("delete from bootstrap_page");
      state.setMeta("bootstrap", progress);
    }).immediate();
  }
  const stage = db.prepare("insert or replace into bootstrap_page (entity, page, rows) values (?,?,?)");
  for (const entity of toFill(target)) {
    let after: Id | null | undefined = progress.after[entity];
    if (after === null) continue;
    for (;;) {
      const page = await connection.snapshotPage({
        entity,
        afterKey: after ?? null,
        limit: snapshotLimit,
      });
      const text = JSON.stringify(page.rows);
      if (createHash("sha256").update(text).digest("base64url") !== page.digest) {
        throw new Error("A page arrived damaged; it is asked for again");
      }
      const current: Progress = progress;
      const next: Progress = {
        ...current,
        rows: current.rows + page.rows.length,
        after: { ...current.after, [entity]: page.nextKey },
      };
      db.transaction(() => {
        if (page.rows.length > 0) {
          stage.run(entity, current.rows, JSON.stringify({ columns: page.columns, rows: page.rows }));
        }
        state.setMeta("bootstrap", next);
      }).immediate();
      progress = next;
      after = page.nextKey;
      report({ rows: progress.rows, entity });
      if (page.nextKey === null) break;
    }
  }
  adopt(replica, state, progress, target.t2);
}

/** Names of the entities to fill: those that this version knows, and those that only a newer centre has. */
function toFill({ streamSet, entities = [] }: { streamSet: number; entities?: readonly string[] }): string[] {
  const known = allEntities.filter((entity) => holds(entity, streamSet)).map(({ name }) => name);
  return [...known, ...entities.filter((name) => !findEntity(name))];
}

/** Swaps the staged rows in, lays the unsettled groups over them, and sets the cursor: all or nothing. */
function adopt(replica: Replica, state: EngineState, progress: Progress, nowMs: number): void {
  const { db, store } = replica;
  // Children may be newer than their parents' page until the log is replayed; checked again after that.
  db.pragma("foreign_keys=OFF");
  try {
    db.transaction(() => {
      db.prepare("insert or replace into sync_meta (key, value) values ('record_gate', 'open')").run();
      for (const entity of allEntities) db.exec(`delete from "${entity.name}"`);
      db.exec("delete from stock_level; delete from patient_token");
      db.prepare("delete from sync_meta where key='record_gate'").run();
      const staged = db.prepare("select distinct entity from bootstrap_page").pluck();
      const pages = db.prepare("select page from bootstrap_page where entity=? order by page").pluck();
      const read = db.prepare("select rows from bootstrap_page where entity=? and page=?").pluck();
      replica.newer.forgetAll();
      for (const name of staged.all() as string[]) {
        const entity = findEntity(name);
        for (const page of pages.all(name) as number[]) {
          for (const row of pageRows(JSON.parse(read.get(name, page) as string))) {
            if (entity) store.insert(replica.newer.known(progress.seq, entity, row), entity);
            else replica.newer.keepRow(progress.seq, name, row);
          }
        }
      }
      replica.reapplyPending(nowMs);
      store.runFolds();
      db.exec("delete from bootstrap_page");
      db.prepare("delete from sync_meta where key='bootstrap'").run();
      state.saveCursor({ serverEpoch: progress.serverEpoch, streamSet: progress.streamSet, seq: progress.seq });
      state.setMeta("authz", progress.seq);
      state.setMeta("bootstrap_complete", true);
    }).immediate();
  } catch (error) {
    store.forgetFolds();
    replica.reloadUnsettled();
    throw error;
  } finally {
    db.pragma("foreign_keys=ON");
  }
}

/** Rows of a page as the centre sends them, values in the order of the page's columns: all that the centre has. */
export function pageRows(page: { columns: string[]; rows: unknown[][] }): StoredRow[] {
  return page.rows.map((values) => {
    const row: StoredRow = { id: "", hlc: "" };
    page.columns.forEach((column, index) => {
      row[column] = values[index];
    });
    return row;
  });
}
