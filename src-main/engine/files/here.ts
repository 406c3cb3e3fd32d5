/** The table of blobs that lie on this device: which the centre has, which wait to be sent, which were looked at when. */
import type { Sqlite } from "../../../replica/open.ts";

export interface HereBlob {
  readonly blob: string;
  /** Encrypted bytes. */
  readonly size: number;
  readonly sent: number;
  /** `waiting` until the centre has all of it. */
  readonly state: "waiting" | "whole";
  readonly tries: number;
  readonly nextAt: number;
  /** Why the centre would not have it, in words; null while nothing but a line or a turn is missing. */
  readonly error: string | null;
}

export type HereBlobs = ReturnType<typeof createHere>;

const columns = "blob, size, sent, state, tries, next_at as nextAt, error";
/** For whoever writes the row of a new file: in the same transaction. Parameters: blob, size, instant. */
export const insertOwn =
  "insert into file_blob (blob, size, sent, state, tries, next_at, error, used_at) values (?,?,0,'waiting',0,0,null,?) " +
  "on conflict (blob) do nothing returning blob";

export function createHere(db: Sqlite) {
  const one = db.prepare(`select ${columns} from file_blob where blob=?`);
  // What the centre does not know a row of yet it would not take; its group goes first.
  const next = db.prepare(
    `select ${columns} from file_blob f where state='waiting' and next_at <= ?
       and exists (select 1 from attachment a where a.blob=f.blob and a.deleted=0
         and not exists (select 1 from sync_outbox o where o.state in ('pending','review') and o.hlc=a.hlc))
     order by tries, used_at limit 1`,
  );
  const soonest = db.prepare("select min(next_at) from file_blob where state='waiting' and next_at > ?").pluck();
  const putOwn = db.prepare(insertOwn);
  const putSeen = db.prepare(
    `insert into file_blob (blob, size, sent, state, tries, next_at, error, used_at) values (?,?,?,'whole',0,0,null,?)
     on conflict (blob) do update set state='whole', sent=size, error=null`,
  );
  const sent = db.prepare("update file_blob set sent=?, error=null where blob=?");
  const whole = db.prepare("update file_blob set state='whole', sent=size, tries=0, error=null where blob=?");
  const later = db.prepare("update file_blob set tries=tries+1, next_at=?, error=? where blob=?");
  const used = db.prepare("update file_blob set used_at=? where blob=?");
  const gone = db.prepare("delete from file_blob where blob=?");
  const offered = db.prepare("update file_blob set state='waiting', sent=0, tries=0, next_at=0, error=null");
  const soon = db.prepare("update file_blob set next_at=0 where state='waiting'");
  // The longest unseen first; what the centre does not have is not among them.
  const spare = db.prepare("select blob, size from file_blob where state='whole' order by used_at, blob");
  const total = db.prepare("select coalesce(sum(size), 0) from file_blob where state='whole'").pluck();
  const kept = db.prepare("select coalesce(sum(size), 0) from file_blob").pluck();
  const unsent = db.prepare("select blob from file_blob where state='waiting'").pluck();
  // What settled of late too: a centre that was restored may have lost it. What somebody removed stays behind.
  const handed = db
    .prepare(
      `select blob from file_blob f
       where (state='waiting' or exists (select 1 from attachment a join sync_outbox o on o.hlc=a.hlc
           where a.blob=f.blob and o.state='settled'))
         and not exists (select 1 from attachment a where a.blob=f.blob and a.deleted=1) order by used_at, blob`,
    )
    .pluck();
  const leftBehind = db.prepare("update file_blob set state='whole' where blob=? and state='waiting'");
  const all = db.prepare("select blob from file_blob").pluck();

  return {
    get: (blob: string) => (one.get(blob) as HereBlob | undefined) ?? null,
    unsent: () => unsent.all() as string[],
    kept: () => kept.get() as number,
    /** What a device that was taken out has to hand over. */
    toHandOver: () => handed.all() as string[],
    /** A person knows that the centre never gets it. */
    leaveBehind: (blob: string) => void leftBehind.run(blob),
    all: () => all.all() as string[],
    /** The next that is to be sent at `now`, if any. */
    nextToSend: (now: number) => (next.get(now) as HereBlob | undefined) ?? null,
    /** When the soonest of those that were put off is due; null for none. */
    nextDue: (now: number) => (soonest.get(now) as number | null) ?? null,
    putOwn: (blob: string, size: number, now: number) => void putOwn.run(blob, size, now),
    putSeen: (blob: string, size: number, now: number) => void putSeen.run(blob, size, size, now),
    markSent: (blob: string, bytes: number) => void sent.run(bytes, blob),
    markWhole: (blob: string) => void whole.run(blob),
    putOff: (blob: string, until: number, error: string | null) => void later.run(until, error, blob),
    markUsed: (blob: string, now: number) => void used.run(now, blob),
    forget: (blob: string) => void gone.run(blob),
    /** The centre may have lost any of them: all are offered again. */
    offerAll: () => void offered.run(),
    /** There is a line again: nothing waits for its turn any more. */
    tryAll: () => void soon.run(),
    /** What can go so that no more than `limit` bytes are kept of what the centre has too. */
    toSpare(limit: number): string[] {
      let over = (total.get() as number) - limit;
      const blobs: string[] = [];
      if (over <= 0) return blobs;
      for (const { blob, size } of spare.iterate() as IterableIterator<{ blob: string; size: number }>) {
        blobs.push(blob);
        over -= size;
        if (over <= 0) break;
      }
      return blobs;
    },
  };
}
