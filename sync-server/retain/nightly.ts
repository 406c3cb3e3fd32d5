/** Once a night, and a while after a start: the old ends of the practices' logs are cut and what nobody needs goes. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Centre } from "../centre.ts";
import { sweepBlobs } from "../files/sweep.ts";
import { cutLog } from "./cut.ts";
import { prune } from "./prune.ts";

const soon = 15 * 60_000;
const hour = 3_600_000;
/** By the centre's clock, UTC: when hardly anybody sells glasses in Europe. */
const nightHour = 2;

/** Begins; the returned function ends it, between two batches if one is being cut. */
export function retainNightly(centre: Centre): () => void {
  let stopped = false;
  let cancel = centre.after(soon, run);

  function run(): void {
    void retain(centre, () => stopped)
      .catch((error) => centre.log.error("retention failed", { error: (error as Error).message }))
      .finally(() => {
        if (!stopped) cancel = centre.after(untilNight(centre.now()), run);
      });
  }
  return () => {
    stopped = true;
    cancel();
  };
}

function untilNight(now: number): number {
  const night = new Date(now).setUTCHours(nightHour, 0, 0, 0);
  // Rather a day later than twice in one night.
  return night - hour > now ? night - now : night + 24 * hour - now;
}

async function retain(centre: Centre, stopped: () => boolean): Promise<void> {
  const practices = await centre.db.query<{ practice_id: Id }>("select practice_id from practice_head");
  let rows = 0;
  let blobs = 0;
  for (const { practice_id: practice } of practices) {
    if (stopped()) return;
    rows += await cutLog(centre, practice, undefined, stopped);
    await prune(centre, practice);
    blobs += await sweepBlobs(centre, practice);
  }
  // PGlite has nobody that clears up behind an update.
  if (rows > 0 && centre.db.kind === "pglite") await centre.db.exec("vacuum change_log");
  if (blobs > 0) centre.log.info("files swept", { blobs });
  if (rows > 0) centre.log.info("log cut", { practices: practices.length, rows });
}
