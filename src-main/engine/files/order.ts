/**
 * Holds folder, table and rows against each other at a start. Bytes are written before the row that names them, so that
 * a row is never without its bytes; what a power cut leaves is bytes without a row. They go, but only when it is certain
 * that nothing names them: neither a row, nor a change that waits, nor one that came back.
 */
import type { Sqlite } from "../../../replica/open.ts";
import type { Log } from "../../../src-shared/sync/ports.ts";
import type { FilesFolder } from "./folder.ts";
import type { HereBlobs } from "./here.ts";

/** Bytes may be here a moment before their row is; a day is longer than any moment. */
const settlesWithin = 86_400_000;

export interface OrderOptions {
  readonly db: Sqlite;
  readonly folder: FilesFolder;
  readonly here: HereBlobs;
  readonly log: Log;
  /** UTC milliseconds, of the disk's clock and of the centre's. */
  readonly wall: number;
  readonly now: number;
}

export function putFilesInOrder({ db, folder, here, log, wall, now }: OrderOptions): void {
  const named = db.prepare("select blob_size from attachment where blob=? limit 1").pluck();
  const waits = db.prepare(
    "select 1 from sync_outbox where state in ('pending','review') and instr(bodies, ?) limit 1",
  );
  const returned = db.prepare("select 1 from sync_quarantine where instr(bodies, ?) limit 1");
  const isWanted = (blob: string) =>
    named.get(blob) !== undefined || waits.get(blob) !== undefined || returned.get(blob) !== undefined;
  folder.tidy(wall);
  const lying = new Set(folder.blobs());
  const known = new Set(here.all());
  let lost = 0;
  let swept = 0;
  for (const blob of known) {
    if (lying.has(blob)) continue;
    // Of one that the centre has too, nothing is lost: it is fetched again when somebody looks at it.
    if (here.get(blob)?.state === "waiting") lost += 1;
    here.forget(blob);
  }
  for (const blob of lying) {
    if (isWanted(blob)) {
      // A replica that was rebuilt or restored knows the row and not the bytes; the centre says whether it has them.
      if (!known.has(blob)) here.putOwn(blob, folder.sizeOf(blob), now);
      continue;
    }
    if (folder.ageOf(blob, wall) < settlesWithin) continue;
    folder.remove(blob);
    here.forget(blob);
    swept += 1;
  }
  if (lost > 0) log.error("files are missing that the centre does not have", { files: lost });
  if (swept > 0) log.info("files without a record swept", { files: swept });
}
