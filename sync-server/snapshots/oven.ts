/**
 * Makes files for devices: out of the snapshot that is kept per practice and stream set, brought forward first; or,
 * where there is none, out of the tables, and the snapshot out of the new file afterwards, when nobody waits for it.
 * One file after the other, so that a storm of new devices costs pushes one connection and one core at most.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Log } from "../../src-shared/sync/ports.ts";
import type { Snapshot } from "../../src-shared/sync/snapshot.ts";
import type { Database } from "../database/database.ts";
import type { FinishedFile, KeyedFile } from "./files.ts";
import { snapshotFileKey } from "./keys.ts";
import { countRows, logPage, pagesOf } from "./pages.ts";
import type { SnapshotThread } from "./thread.ts";

export interface OvenOptions {
  readonly db: Database;
  readonly secret: string;
  readonly epoch: string;
  readonly folder: string;
  readonly thread: SnapshotThread;
  readonly after: (ms: number, task: () => void) => () => void;
  readonly log: Log;
}

export interface Baking {
  readonly practice: Id;
  readonly mask: number;
  readonly to: KeyedFile;
  /** Told how far it is, 0 to 1. */
  readonly progress: (done: number) => void;
}
export type Baked = FinishedFile & { readonly seq: number };

/** Rows in one page: PGlite computes in this very thread, and whoever pushes waits for it. */
const perPage = { postgres: 2000, pglite: 400 } as const;
const logPerPage = 500;
/** Pages that may wait in the thread before the next is read. */
const pagesAhead = 6;
/** Milliseconds in which whoever waited for a file downloads it, before the machine is busy with a snapshot of it. */
const keepAfter = 4_000;

export function createOven({ db, secret, epoch, folder, thread, after, log }: OvenOptions) {
  let last: Promise<unknown> = Promise.resolve();
  /** Counts who asked for something: the last one is not followed by anybody yet. */
  let asked = 0;
  /** Ends the pause before a file is kept as a snapshot. */
  let hurry: (() => void) | null = null;

  /** Nothing is kept yet while a file is downloaded, unless somebody waits for what comes behind `turn`. */
  function pause(turn: number): Promise<void> {
    if (asked !== turn) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        hurry = null;
        cancel();
        resolve();
      };
      const cancel = after(keepAfter, end);
      hurry = end;
    });
  }

  const snapshotFile = (practice: Id, mask: number): KeyedFile => ({
    path: join(folder, `${practice}-${mask}.db`),
    key: snapshotFileKey(secret, practice, mask),
  });

  async function readHead(practice: Id): Promise<{ seq: number; floor: number }> {
    const [row] = await db.query<{ seq: number; log_floor: number | null }>(
      "select seq, log_floor from practice_head where practice_id=$1",
      [practice],
    );
    if (!row) throw new Error("There is no such practice");
    return { seq: row.seq, floor: row.log_floor ?? 0 };
  }

  /** The snapshot as it stands, if the log can still bring it forward. */
  async function current(file: KeyedFile, practice: Id, mask: number): Promise<Snapshot | null> {
    if (!existsSync(file.path)) return null;
    const found = await thread.ask("describe", file);
    if (!found || found.practice !== practice || found.streamSet !== mask || found.serverEpoch !== epoch) return null;
    const { seq, floor } = await readHead(practice);
    return found.seq >= floor && found.seq <= seq ? found : null;
  }

  /** Applies the log up to where it ends now. */
  async function bringForward(file: KeyedFile, { practice, streamSet, seq }: Snapshot): Promise<number> {
    const head = await readHead(practice);
    let position = seq;
    while (position < head.seq) {
      const rows = await logPage(db, practice, streamSet, position, head.seq, logPerPage);
      position = rows.length < logPerPage ? head.seq : (rows.at(-1)?.seq ?? head.seq);
      await thread.ask("forward", { file, rows, to: position });
    }
    return position;
  }

  /** Out of the tables: pages of different moments, and everything that happened meanwhile out of the log. */
  async function buildNew({ practice, mask, to, progress }: Baking): Promise<number> {
    const { seq } = await readHead(practice);
    const snapshot: Snapshot = { practice, serverEpoch: epoch, streamSet: mask, seq };
    let total = 0;
    void countRows(db, practice, mask, Number.MAX_SAFE_INTEGER).then(
      (rows) => {
        total = rows;
      },
      () => {},
    );
    const ahead: Promise<void>[] = [];
    const later = (answer: Promise<void>) => {
      answer.catch(() => {});
      ahead.push(answer);
    };
    // The first page is read while the thread starts.
    later(thread.ask("begin", { file: to, snapshot }));
    let rows = 0;
    for await (const page of pagesOf(db, practice, mask, perPage[db.kind])) {
      later(thread.ask("add", page));
      if (ahead.length > pagesAhead) await ahead.shift();
      rows += page.count;
      if (total > 0) progress(Math.min(1, rows / total) * 0.7);
    }
    await Promise.all(ahead);
    await thread.ask("finish", null);
    progress(0.9);
    return bringForward(to, snapshot);
  }

  /** A cache that cannot be gone on with is made anew. */
  async function giveUp(kept: KeyedFile, error: Error): Promise<null> {
    log.warn("snapshot dropped", { error: error.message });
    await thread.ask("remove", kept.path);
    return null;
  }

  async function bakeNow(baking: Baking): Promise<Baked & { readonly keep: boolean }> {
    const { practice, mask, to, progress } = baking;
    const kept = snapshotFile(practice, mask);
    const snapshot = await current(kept, practice, mask);
    const position = snapshot && (await bringForward(kept, snapshot).catch((error: Error) => giveUp(kept, error)));
    if (position === null) {
      const seq = await buildNew(baking);
      return { ...(await thread.ask("digest", to.path)), seq, keep: true };
    }
    progress(0.5);
    return { ...(await thread.ask("copy", { from: kept, to })), seq: position, keep: false };
  }

  return {
    /** Makes the file when its turn comes. */
    bake(baking: Baking): Promise<Baked> {
      const turn = ++asked;
      hurry?.();
      const made = last.then(() => bakeNow(baking));
      // What was made from the tables becomes the snapshot of the next; nobody waits for that.
      last = made.then(
        async ({ keep }) => {
          if (!keep) return;
          await pause(turn);
          const kept = snapshotFile(baking.practice, baking.mask);
          await thread.ask("copy", { from: baking.to, to: kept }).catch((error: Error) => {
            log.warn("snapshot not kept", { error: error.message });
          });
        },
        () => {},
      );
      return made;
    },
    /** Resolves when nothing is being made any more. */
    rest(): Promise<void> {
      asked += 1;
      hurry?.();
      return last.then(() => {});
    },
  };
}
