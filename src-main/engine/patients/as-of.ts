/** How new what this device shows can be: what it last heard of every other device, and from the centre. */
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Engine } from "../engine.ts";

/** Audit entries that are looked through: the newest, when the device was asked first, and later. */
const lookedThrough = { first: 5000, later: 400 } as const;
/** Newest work known, by device; once seen it cannot become older. */
const known = new WeakMap<Engine, Map<Id, number>>();

export interface BranchAsOf {
  readonly id: Id;
  readonly name: string;
  readonly own: boolean;
  /** When somebody at the branch did the latest thing that is known here; null when nothing recent is. */
  readonly at: number | null;
  readonly devices: readonly { readonly name: string; readonly at: number | null }[];
}

/**
 * For each branch the newest work of each of its other devices that has reached this one. What a device has done since
 * and not sent yet nobody here can know, hence "as of".
 */
export function asOf(engine: Engine) {
  const heard = newestByDevice(engine);
  const own = engine.identity();
  const devices = engine.read
    .sql<{ id: Id; name: string; branch_id: Id; branch: string }>(
      `select d.id, d.name, d.branch_id, b.name as branch from device d join branch b on b.id = d.branch_id
       where d.deleted = 0 and b.deleted = 0 and d.status = 'active' order by b.name, d.name`,
    )
    .filter(({ id }) => id !== own.device);
  const status = engine.sync.status();
  const [outbox] = engine.read.sql<{ n: number }>("select count(*) as n from sync_outbox where state = 'pending'");
  return {
    live: status.phase === "live",
    /** When the centre was last heard of. */
    contact: status.lastSeen,
    /** Changes made here that the centre does not have yet. */
    waiting: outbox?.n ?? 0,
    branches: [...Map.groupBy(devices, ({ branch_id }) => branch_id)].map(([id, list]): BranchAsOf => {
      const seen = list.map((device) => ({ name: device.name, at: heard.get(device.id) ?? null }));
      const newest = Math.max(...seen.map(({ at }) => at ?? 0));
      return {
        id,
        name: list[0]?.branch ?? "",
        own: id === own.branch,
        at: newest === 0 ? null : newest,
        devices: seen,
      };
    }),
  };
}

/** Ids of audit entries begin with their time, so the newest are the last of the table. */
function newestByDevice(engine: Engine): ReadonlyMap<Id, number> {
  const before = known.get(engine);
  const heard = before ?? new Map<Id, number>();
  known.set(engine, heard);
  const entries = engine.read.sql<{ device_id: Id | null; at: number }>(
    "select device_id, at from audit_entry order by id desc limit ?",
    before ? lookedThrough.later : lookedThrough.first,
  );
  for (const { device_id, at } of entries) {
    if (device_id !== null && at > (heard.get(device_id) ?? 0)) heard.set(device_id, at);
  }
  return heard;
}
