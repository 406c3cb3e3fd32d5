/** A small practice at work in one process: a centre that can be exchanged, and devices that can be unplugged. */

import { rowFromSql } from "../replica/columns.ts";
import { sha1, systemRandom } from "../replica/crypto.ts";
import { openMemoryReplica, type Sqlite } from "../replica/open.ts";
import { createEngine, type Engine } from "../src-main/engine/engine.ts";
import type { SyncPeriods } from "../src-main/engine/sync/client.ts";
import type { Connection, Upstream } from "../src-main/engine/sync/upstream.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import type { Reaction } from "../src-shared/events/reaction.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { derivedId, newId } from "../src-shared/sync/ids.ts";
import { type Log, silentLog } from "../src-shared/sync/ports.ts";
import { allEntities, type EntityName, entityOf, type Row } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { rowFromCentre } from "../sync-server/database/rows.ts";
import { wakePractice } from "../sync-server/identity/enrol.ts";
import { roleId } from "../sync-server/identity/provision.ts";
import { writeAsCentre } from "../sync-server/settle/write-as-centre.ts";
import { directUpstream } from "./direct.ts";
import {
  enrolTestDevice,
  memoryReplicaFor,
  openTestCentre,
  type SmallPractice,
  smallPractice,
  systemTimers,
} from "./practice.ts";

type Person = keyof SmallPractice["people"];

export interface ClinicDevice {
  readonly engine: Engine;
  readonly sqlite: Sqlite;
  readonly clock: { skew: number };
  /** Runs a command as one of the practice's people, named by role or by id. */
  as<I, O>(person: string, command: Command<I, O>, input: unknown): O;
  rows<N extends EntityName>(entity: N): Row<N>[];
  /** Every row of every entity, as text: what this device shows. */
  everything(): string;
  /** A second device from a copy of this one's files; unplugged, as it lies. */
  clone(): ClinicDevice;
  /** The same device after its program was ended without a word and started again; by then its clock may be wrong. */
  restarted(options?: { skew?: number; plugged?: boolean }): ClinicDevice;
}

/** A centre's database in memory; starting one takes some seconds on a busy machine. */
export async function openCentreDatabase(): Promise<Database> {
  const db = await openPglite(null);
  await migrateCentre(db);
  return db;
}

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

/** What a device shows has to be the same here and there within this time, milliseconds. */
const patience = 15_000;

/** Each clinic is a practice of its own in the database, so that the tests of a file share one; or at a given centre. */
export async function openClinic(at: Database | Centre, options: { periods?: SyncPeriods; log?: Log } = {}) {
  let centre: Centre = "hub" in at ? at : await openTestCentre({ db: at });
  const practice = await smallPractice(centre);
  const random = systemRandom();
  const devices: ClinicDevice[] = [];
  let epochs = 1;
  let older = false;
  let rowsHeld: Promise<void> | null = null;
  /** What the devices asked of the centre, in order; the pages of a fill count as one. */
  const asked: ("push" | "fill" | "digest" | "bucket" | "rows")[] = [];
  /** The way to the centre, at which a device can be made to look newer than the centre is. */
  const line = directUpstream(() => centre);
  const upstream: Upstream = {
    async open(onClose) {
      const connection = await line.open(onClose);
      const schema = (own: number) => (older ? own + 10 : own);
      const noted: Connection = {
        ...connection,
        hello: (input) => connection.hello({ ...input, schema: schema(input.schema) }),
        push(groups) {
          asked.push("push");
          return connection.push(groups);
        },
        digest(input) {
          asked.push("digest");
          return connection.digest(input);
        },
        bucket(input) {
          asked.push("bucket");
          return connection.bucket(input);
        },
        async fetchRows(input) {
          asked.push("rows");
          const held = rowsHeld;
          rowsHeld = null;
          const answer = await connection.fetchRows(input);
          await held;
          return answer;
        },
        snapshotPage(input) {
          if (asked.at(-1) !== "fill") asked.push("fill");
          return connection.snapshotPage(input);
        },
      };
      return noted;
    },
  };

  function start(sqlite: Sqlite, plugged: boolean, extraReactions: readonly Reaction[], skew = 0): ClinicDevice {
    const clock = { skew, wall: () => Date.now() + clock.skew, monotonic: () => performance.now() };
    const engine = createEngine({
      sqlite,
      upstream,
      clock,
      timers: systemTimers,
      random,
      log: options.log ?? silentLog,
      app: "test",
      extraReactions,
      ...(options.periods ? { periods: options.periods } : {}),
    });
    if (!plugged) engine.sync.setPlugged(false);
    else engine.start();
    const device: ClinicDevice = {
      engine,
      sqlite,
      clock,
      as: (person, command, input) =>
        engine.execute(command, input, { user: practice.people[person as Person] ?? person, role: null }),
      rows: <N extends EntityName>(entity: N) => rowsIn(sqlite, entity),
      everything: () => JSON.stringify(allEntities.map(({ name }) => [name, rowsIn(sqlite, name as EntityName)])),
      clone: () => start(openMemoryReplica(sqlite.serialize()), false, extraReactions),
      restarted({ skew: wrong = 0, plugged: joined = true } = {}) {
        engine.close();
        const again = start(openMemoryReplica(sqlite.serialize()), joined, extraReactions, wrong);
        devices.splice(devices.indexOf(device), 1);
        sqlite.close();
        return again;
      },
    };
    devices.push(device);
    return device;
  }

  const clinic = {
    practice,
    centre: () => centre,
    /** What was asked of the centre since the last time somebody wanted to know. */
    takeAsked: () => asked.splice(0),
    /** The centre's next answer to who asks for rows is on its way until what this returns is called. */
    delayRows(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      rowsHeld = promise;
      return resolve;
    },
    /** A device that comes back from a copy of its file, unplugged as it lies; its wall clock is wrong by `skew` ms. */
    fromCopy: (copy: Buffer, skew = 0) => start(openMemoryReplica(copy), false, [], skew),
    /** From now on the centre is of an older schema than its devices; false: it was upgraded. */
    makeOlder(yes: boolean): void {
      older = yes;
    },
    async device(
      profile: DeviceProfile,
      name: string,
      extraReactions: readonly Reaction[] = [],
    ): Promise<ClinicDevice> {
      const branch = profile === "lab" ? practice.branches.york : practice.branches.leeds;
      const identity = await enrolTestDevice(centre, practice.practice, { branch, profile, name }, random);
      await wakePractice(centre, practice.practice);
      const device = start(memoryReplicaFor(identity), true, extraReactions);
      await until(
        () => device.engine.ready() && device.engine.sync.status().phase === "live",
        () => `${name} never filled`,
      );
      return device;
    },
    /** One more person with a default role; devices know of them once they met. */
    async person(name: string, code: string): Promise<string> {
      const user = newId(centre.now(), random);
      const role = roleId(practice.practice, code);
      const element = derivedId(sha1, practice.practice, { subject: user, reaction: `role:${role}`, index: 0 });
      await centre.db.transaction((tx) =>
        writeAsCentre(centre.settle, tx, practice.practice, "test.person", [
          {
            entity: "app_user",
            id: user,
            fields: {
              display_name: name,
              email: `${user}@example.org`,
              job_title: null,
              registration_number: "01-2",
              active: true,
              primary_role_id: role,
              home_branch_id: practice.branches.leeds,
            },
          },
          { entity: "user_role", id: element, fields: { user_id: user, role_id: role, branch_id: null } },
        ]),
      );
      await wakePractice(centre, practice.practice);
      return user;
    },
    async rows<N extends EntityName>(name: N): Promise<Row<N>[]> {
      const raws = await centre.db.query(`select * from "${name}" where practice_id=$1 order by id`, [
        practice.practice,
      ]);
      return raws.map((raw) => rowFromCentre(entityOf(name), raw)) as unknown as Row<N>[];
    },
    /** Head office gives a role to somebody of the practice, or takes it away; devices know once they met. */
    async role(user: string, code: string, give: boolean): Promise<void> {
      const role = roleId(practice.practice, code);
      const element = derivedId(sha1, practice.practice, { subject: user, reaction: `role:${role}`, index: 0 });
      await centre.db.transaction((tx) =>
        writeAsCentre(centre.settle, tx, practice.practice, "test.role", [
          { entity: "user_role", id: element, op: "patch", fields: { deleted: !give } },
        ]),
      );
      await wakePractice(centre, practice.practice);
    },
    /** Waits until these devices have sent all they have and seen all there is. */
    async meet(...which: ClinicDevice[]): Promise<void> {
      for (const { engine } of which) engine.sync.setPlugged(true);
      for (const { engine } of which) engine.sync.tryNow();
      let head = -1;
      const atRest = ({ engine }: ClinicDevice) =>
        engine.sync.status().phase === "live" &&
        engine.replica.pending().every(({ state }) => state === "review") &&
        engine.state.cursor()?.seq === head;
      const deadline = performance.now() + patience;
      for (let quiet = 0; quiet < 3; ) {
        const [row] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
          practice.practice,
        ]);
        quiet = row?.seq === head && which.every(atRest) ? quiet + 1 : 0;
        head = row?.seq ?? 0;
        if (performance.now() > deadline)
          throw new Error(
            `They never met: ${JSON.stringify(which.map(({ engine }) => [engine.sync.status(), engine.state.cursor(), head]))}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    /** Another state of the centre's database took its place: as after a restore, under an epoch that began then. */
    async restarted(since = Date.now()): Promise<void> {
      for (const { engine } of devices) engine.sync.setPlugged(false);
      epochs += 1;
      centre = await openTestCentre({ db: centre.db, epoch: `epoch-${epochs}`, since });
    },
    /** Another server took the centre's place, on whatever data. Devices are unplugged until they meet again. */
    async moveTo(open: () => Promise<Centre>): Promise<void> {
      for (const { engine } of devices) engine.sync.setPlugged(false);
      centre = await open();
    },
    async close(): Promise<void> {
      for (const { engine, sqlite } of devices) {
        engine.close();
        sqlite.close();
      }
      // What a closed connection had under way at the centre comes to its end.
      await centre.db.query("select 1").catch(() => {});
    },
  };
  return clinic;
}

function rowsIn<N extends EntityName>(sqlite: Sqlite, name: N): Row<N>[] {
  const raws = sqlite.prepare(`select * from "${name}" order by id`).all() as Record<string, unknown>[];
  return raws.map((raw) => rowFromSql(entityOf(name), raw)) as unknown as Row<N>[];
}

export async function until(met: () => boolean, problem: () => string): Promise<void> {
  const deadline = performance.now() + patience;
  while (!met()) {
    if (performance.now() > deadline) throw new Error(problem());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
