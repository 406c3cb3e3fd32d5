/** Throws away, at night, the bytes that no record has named for a while. */
import type { Id } from "../../src-shared/sync/fields.ts";
import { packHlc } from "../../src-shared/sync/hlc.ts";
import type { Centre } from "../centre.ts";

/** A removal can be taken back for so long, milliseconds. */
export const keepRemoved = 30 * 86_400_000;

/** Returns how many blobs went. The bytes go first: a row without them is noticed and made good, bytes without a row are not. */
export async function sweepBlobs(centre: Centre, practice: Id): Promise<number> {
  if (!centre.blobs) return 0;
  const before = centre.now() - keepRemoved;
  const stamp = packHlc({ ms: Math.max(0, before), counter: 0, node: "0".repeat(16) });
  const rows = await centre.db.query<{ blob: string; upload: string | null }>(
    `select f.blob, f.upload from file_blob f where f.practice_id=$1 and f.state<>'gone' and f.begun_at < $2
       and not exists (select 1 from attachment a where a.practice_id=f.practice_id and a.blob=f.blob
         and (not a.deleted or coalesce(a.clocks::json ->> 'deleted', encode(a.hlc, 'hex')) >= $3::text))
       and not exists (select 1 from verdict v where v.practice_id=f.practice_id and v.code='review'
         and strpos(v.bodies, f.blob) > 0)`,
    [practice, before, stamp],
  );
  for (const { blob, upload } of rows) {
    await centre.blobs.remove({ practice, blob }, upload);
    await centre.db.query(
      "update file_blob set state='gone', received=0, upload=null where practice_id=$1 and blob=$2",
      [practice, blob],
    );
  }
  return rows.length;
}
