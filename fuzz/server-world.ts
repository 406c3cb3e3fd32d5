/** A centre with two practices, for calls that should never learn of one another's rows. */
import { sha1, systemRandom } from "../replica/crypto.ts";
import { signedHello } from "../sim/greeted.ts";
import { enrolTestDevice, openTestCentre, type SmallPractice, smallPractice } from "../sim/practice.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import type { Body } from "../src-shared/sync/group.ts";
import { derivedId } from "../src-shared/sync/ids.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import { storePassword } from "../sync-server/identity/people.ts";
import { roleId } from "../sync-server/identity/provision.ts";
import { createServerCaller } from "../sync-server/router.ts";
import { writeAsCentre } from "../sync-server/settle/write-as-centre.ts";
import { newConnection, type ServerConnection } from "../sync-server/sync/connection.ts";
import { fuzzPassword } from "./procedures.ts";

/** Stands in every name of the other practice; nobody of this one may ever read it. */
export const secretOfOthers = "Nachbarpraxis";

export interface FuzzedPractice extends SmallPractice {
  readonly till: Identity;
  readonly bench: Identity;
}

export type ServerWorld = Awaited<ReturnType<typeof openServerWorld>>;

export async function openServerWorld(db: Database, log: Log) {
  const centre = await openTestCentre({ db, log });
  const practice = await peopled(centre);
  const others = await peopled(centre);
  await centre.db.transaction((tx) =>
    writeAsCentre(centre.settle, tx, others.practice, "fuzz.names", [
      { entity: "practice", id: others.practice, op: "patch", fields: { name: secretOfOthers } },
      ...Object.values(others.people).map((id) => ({
        entity: "app_user",
        id,
        op: "patch" as const,
        fields: { display_name: secretOfOthers },
      })),
      ...Object.values(others.branches).map((id) => ({
        entity: "branch",
        id,
        op: "patch" as const,
        fields: { name: secretOfOthers },
      })),
    ]),
  );
  const ids = createIds(centre);
  const whole = createWholeness(centre, [practice.practice, others.practice]);
  await whole();
  return {
    centre,
    practice,
    others,
    ids,
    /** A connection that has gone as far as `how`: `nobody`, `asked` for a challenge, or greeted as a device. */
    async connection(how: ServerConnectionKind): Promise<ServerConnection> {
      const connection = newConnection("fuzz");
      if (how === "nobody") return connection;
      const caller = createServerCaller({ centre, connection, limit: () => {} });
      const { nonce } = await caller.sync.challenge();
      const identity = { asked: null, till: practice.till, bench: practice.bench, other: others.till }[how];
      if (identity) await caller.sync.hello(signedHello(identity, nonce));
      return connection;
    },
    whole,
    /** A device that was taken out is of the practice again. */
    async takeIn(device: string): Promise<void> {
      await centre.db.transaction((tx) =>
        writeAsCentre(centre.settle, tx, practice.practice, "fuzz.device", [
          { entity: "device", id: device, op: "patch", fields: { status: "active", deleted: false } },
        ]),
      );
      await whole();
    },
  };
}

export type ServerConnectionKind = "nobody" | "asked" | "till" | "bench" | "other";

async function peopled(centre: Centre): Promise<FuzzedPractice> {
  const practice = await smallPractice(centre);
  const device = (profile: DeviceProfile, branch: string) =>
    enrolTestDevice(centre, practice.practice, { branch, profile, name: `Fuzz ${profile}` }, systemRandom());
  const till = await device("till", practice.branches.leeds);
  const bench = await device("lab", practice.branches.york);
  await storePassword(centre, practice.practice, practice.people.DO, fuzzPassword);
  // The owner may do everything, or most of what is drawn would only be refused for want of a right.
  await centre.db.transaction((tx) =>
    writeAsCentre(
      centre.settle,
      tx,
      practice.practice,
      "fuzz.roles",
      ["DO", "CL", "LT", "RC"].map((code) => {
        const role = roleId(practice.practice, code);
        const { OW } = practice.people;
        const id = derivedId(sha1, practice.practice, { subject: OW, reaction: `role:${role}`, index: 0 });
        return { entity: "user_role", id, fields: { user_id: OW, role_id: role, branch_id: null } };
      }),
    ),
  );
  await storeCode(centre, {
    practice: practice.practice,
    by: null,
    branch: practice.branches.leeds,
    deviceName: "Fuzz",
    profile: "till",
  });
  return { ...practice, till, bench };
}

/** Ids of rows by table, read anew now and then; `others_<table>` are those of the other practice. */
function createIds(centre: Centre) {
  const known = new Map<string, string[]>();
  let uses = 0;
  const ids = {
    /** What every reference in a value means, in this practice; now and then in the other one. */
    async lookAll(practice: string, value: unknown, other: string = practice) {
      const found = new Map<string, string>();
      for (const [, table, n] of (JSON.stringify(value) ?? "").matchAll(/"@(\w+):(\d+)"/g)) {
        const number = Number(n);
        const rows = await ids.look(number % 7 === 6 ? other : practice, table as string);
        found.set(`${table}:${n}`, rows[number % Math.max(1, rows.length)] ?? "f".repeat(32));
      }
      return (table: string, n: number) => found.get(`${table}:${n}`) ?? "f".repeat(32);
    },
    async look(practice: string, table: string): Promise<readonly string[]> {
      if (uses++ % 4000 === 0) known.clear();
      const key = `${practice} ${table}`;
      let found = known.get(key);
      if (!found) {
        const rows = await centre.db.query<{ id: string }>(
          `select id from "${table}" where practice_id=$1 order by id desc limit 60`,
          [practice],
        );
        found = rows.map(({ id }) => id);
        known.set(key, found);
      }
      return found;
    },
  };
  return ids;
}

/**
 * Whether all that stands at the centre stands there by whole groups: each table has as many rows of a practice as the
 * log has inserts of it, and the log has no gap. Cheap while nothing was written: PostgreSQL's next transaction number
 * tells.
 */
function createWholeness(centre: Centre, practices: readonly string[]) {
  const inserted = new Map(practices.map((id) => [id, { seq: 0, rows: new Map<string, Set<string>>() }]));
  let last = "";
  const count = allEntities
    .map(({ name }) => `select '${name}' as name, practice_id as id, count(*)::int8 as n from "${name}" group by 2`)
    .join(" union all ");

  return async function whole(): Promise<{ wrote: boolean }> {
    const [now] = await centre.db.query<{ next: string }>(
      "select pg_snapshot_xmax(pg_current_snapshot())::text as next",
    );
    if (now?.next === last) return { wrote: false };
    let wrote = false;
    for (const [practice, seen] of inserted) {
      const rows = await centre.db.query<{ seq: number; bodies: string }>(
        "select seq, bodies from change_log where practice_id=$1 and seq > $2 order by seq",
        [practice, seen.seq],
      );
      for (const row of rows) {
        wrote = true;
        seen.seq += 1;
        if (row.seq !== seen.seq) throw new Error(`the log has ${row.seq} where ${seen.seq} is due`);
        for (const { body } of JSON.parse(row.bodies) as { body: string }[]) {
          const { entity, row: id, op } = JSON.parse(body) as Body;
          if (op !== "insert") continue;
          const ids = seen.rows.get(entity) ?? new Set();
          seen.rows.set(entity, ids.add(id));
        }
      }
      const [head] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
        practice,
      ]);
      if (head?.seq !== seen.seq) throw new Error(`the head says ${head?.seq}, the log ends at ${seen.seq}`);
    }
    const counts = await centre.db.query<{ name: string; id: string; n: number }>(count);
    for (const [practice, { rows }] of inserted) {
      for (const { name } of allEntities) {
        const there = counts.find((row) => row.name === name && row.id === practice)?.n ?? 0;
        const due = rows.get(name)?.size ?? 0;
        if (there !== due) throw new Error(`${there} rows of ${name}, the log has inserted ${due}`);
      }
    }
    const [after] = await centre.db.query<{ next: string }>(
      "select pg_snapshot_xmax(pg_current_snapshot())::text as next",
    );
    last = after?.next ?? "";
    return { wrote };
  };
}
