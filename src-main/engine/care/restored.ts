/** A backup that is to take the replica's place: whether it can, and what it is told before it does. */
import { existsSync } from "node:fs";
import { schemaVersion } from "../../../migrations/index.ts";
import { migrateReplica, openReplica } from "../../../replica/open.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { createState } from "../state.ts";
import type { Beside } from "./beside.ts";
import { type Fence, fenceKey } from "./fence.ts";
import { type CareEvent, type CareRecord, withEvent } from "./log.ts";

/**
 * The one of the `keys` that opens the backup: the present one, or one from before the replica was exchanged.
 *
 * @throws Refusal `BACKUP_UNUSABLE` that says why, while everything is as it was.
 */
export async function keyOfUsable(beside: Beside, keys: readonly Uint8Array[], file: string): Promise<Uint8Array> {
  const unusable = (why: string) =>
    refuse(
      "BACKUP_UNUSABLE",
      `${file} was not put back: ${why} The data of this PC is as it was. Choose another backup.`,
      { file },
    );
  if (!existsSync(file)) throw unusable("there is no such file.");
  for (const key of keys) {
    const verdict = await beside("examine", { path: file, key }).catch((error: Error & { code?: string }) => {
      if (error.code === "WRONG_KEY") return null;
      throw unusable(`it cannot be read (${error.code ?? error.message}).`);
    });
    if (!verdict) continue;
    if (verdict.schema > schemaVersion) throw unusable("it was written by a newer version of Horopter.");
    if (verdict.check !== "ok") throw unusable("it is damaged.");
    if (verdict.device === null) throw unusable("it is not a backup of a device.");
    return key;
  }
  throw unusable("no key of this PC opens it; a backup opens only where it was made, or it is damaged.");
}

/**
 * Puts the fence up, and has the centre fill it anew: what settled since is there and not here. `aside` is the folder that
 * the present replica goes to, if there is one.
 */
export function prepareRestored(
  path: string,
  key: Uint8Array,
  { at, aside }: { at: number; aside: string | null },
): void {
  const db = openReplica({ path, key });
  try {
    migrateReplica(db, path);
    const state = createState(db);
    const unsent = db.prepare("select count(*) from sync_outbox where state in ('pending','review')").pluck().get();
    const event: CareEvent = {
      at,
      kind: "restored",
      unsent: unsent as number,
      missing: 0,
      folder: aside,
      goesOn: "new_numbers",
    };
    db.transaction(() => {
      state.setMeta(fenceKey, { reason: "restored", since: at } satisfies Fence);
      state.setMeta("care", withEvent(state.meta<CareRecord>("care"), event));
      const cursor = state.cursor();
      // Of no stream: a log that is read from here on would not bring what this replica wrote after the backup.
      if (cursor) state.saveCursor({ ...cursor, streamSet: 0, seq: 0 });
    }).immediate();
    db.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}
