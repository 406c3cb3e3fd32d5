/** One workstation on real encrypted files, with people of every role signed in, and a second one to meet at the end. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReplica } from "../replica/open.ts";
import { directUpstream } from "../sim/direct.ts";
import { sameAsCentre } from "../sim/invariants.ts";
import { enrolTestDevice, openTestCentre, type SmallPractice, smallPractice } from "../sim/practice.ts";
import { openCase, prescribe, registerPatient, sell } from "../sim/work.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import { addItem, patchExam, startExam } from "../src-main/engine/exams/draft.ts";
import { createWorkstation, replicaFile } from "../src-main/engine/workstation.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import type { Body } from "../src-shared/sync/group.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import type { Database } from "../sync-server/database/database.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import { storePassword } from "../sync-server/identity/people.ts";
import { fuzzPassword } from "./procedures.ts";

export type StaffWorld = Awaited<ReturnType<typeof openStaffWorld>>;
export const staffRoles = ["OW", "DO", "CL", "LT", "RC"] as const;

const within = 15_000;
async function until(isTrue: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = performance.now() + within;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function openStaffWorld(db: Database, log: Log) {
  const folder = mkdtempSync(join(tmpdir(), "horopter-fuzz-"));
  const centre = await openTestCentre({ db, log });
  const practice = await smallPractice(centre);
  for (const user of Object.values(practice.people)) await storePassword(centre, practice.practice, user, fuzzPassword);
  const upstream = directUpstream(() => centre);
  /** Holds every stream, so that every procedure finds its rows. */
  async function joined(name: string) {
    const key = randomBytes(32);
    const { code } = await storeCode(centre, {
      practice: practice.practice,
      by: null,
      branch: practice.branches.leeds,
      deviceName: name,
      profile: "single",
    });
    const workstation = await createWorkstation({
      folder: join(folder, name),
      dataKey: async () => key,
      destroyKey: async () => {},
      connect: () => upstream,
      clock,
      timers,
      random,
      log,
      version: "fuzz",
      pcName: name,
    });
    await workstation.join("http://centre", (connection, keys) =>
      connection.enrol({ code, deviceName: name, ...keys }),
    );
    const engine = workstation.engine();
    await until(
      () => engine.ready() && engine.sync.status().phase === "live",
      () => `${name} to be filled`,
    );
    return { workstation, engine, path: join(folder, name, replicaFile), key };
  }
  const { workstation, engine, path, key } = await joined("fuzzed");
  await enrolTestDevice(
    centre,
    practice.practice,
    { branch: practice.branches.york, profile: "lab", name: "spare" },
    random,
  );
  const reader = await joined("reader");
  /** Another connection's eyes: its `data_version` moves only when somebody else has committed. */
  const eyes = openReplica({ path, key, readonly: true });
  const version = () => eyes.pragma("data_version", { simple: true }) as number;
  const empty = await createWorkstation({
    folder: join(folder, "empty"),
    dataKey: async () => randomBytes(32),
    destroyKey: async () => {},
    connect: () => ({ open: () => Promise.reject(new Error("nobody there")) }),
    clock,
    timers,
    random,
    log,
    version: "fuzz",
    pcName: "empty",
  });
  engine.sync.setPlugged(false);
  beginWork(engine, practice);
  let seen = engine.state.writeState().deviceSeq;
  const ids = new Map<string, string[]>();
  let uses = 0;

  return {
    practice,
    centre,
    workstation,
    engine,
    /** Not set up yet: what the first run can ask. */
    empty,
    version,
    /** Signs the person in again whom a call before has signed out; not whom one has switched off. */
    signedIn(who: string): void {
      const role = staffRoles.find((code) => code === who);
      if (!role || workstation.sessions.of(role)) return;
      const user = practice.people[role];
      if (engine.replica.store.get(entityOf("app_user"), user)?.active) workstation.sessions.open(role, user);
    },
    id(table: string, n: number): string {
      if (uses++ % 300 === 0) ids.clear();
      let found = ids.get(table);
      if (!found) {
        // The oldest and the newest: what belongs together stands at the same place.
        const some = (order: string) =>
          engine.db
            .prepare(`select lower(hex(id)) from "${table}" order by id ${order} limit 12`)
            .pluck()
            .all() as string[];
        // The reader stays in the practice, whatever is revoked.
        const { device } = reader.engine.identity();
        found = [...new Set([...some("asc"), ...some("desc")])].filter((one) => one !== device);
        ids.set(table, found);
      }
      return found[n % Math.max(1, found.length)] ?? "f".repeat(32);
    },
    /** Every group since the last look is whole: its number follows, and all its rows are there. @throws otherwise. */
    whole(): number {
      const rows = engine.db
        .prepare("select device_seq, bodies from sync_outbox where device_seq > ? order by device_seq")
        .all(seen) as { device_seq: number; bodies: string }[];
      for (const { device_seq, bodies } of rows) {
        if (device_seq !== seen + 1) throw new Error(`group ${device_seq} follows ${seen}`);
        seen = device_seq;
        for (const { body } of JSON.parse(bodies) as { body: string }[]) {
          const { entity, row, op } = JSON.parse(body) as Body;
          if (op === "insert" && !engine.replica.store.get(entityOf(entity), row))
            throw new Error(`group ${device_seq} lacks its ${entity}`);
        }
      }
      if (engine.state.writeState().deviceSeq !== seen) throw new Error("a number was used and no group is there");
      return rows.length;
    },
    /**
     * Meets the centre: all that was written settles, nothing of it is refused for its form, and another device that
     * hears of it shows the same.
     */
    async meet(): Promise<void> {
      engine.sync.setPlugged(true);
      let head = -1;
      await until(
        async () => {
          const before = head;
          const [row] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
            practice.practice,
          ]);
          head = row?.seq ?? 0;
          const rests = [engine, reader.engine].every(
            (each) =>
              each.sync.status().phase === "live" &&
              each.state.cursor()?.seq === head &&
              each.replica.pending().every(({ state }) => state === "review"),
          );
          return rests && head === before;
        },
        () => `the devices to meet: ${JSON.stringify([engine, reader.engine].map((each) => each.sync.status()))}`,
      );
      engine.sync.setPlugged(false);
      const refused = await centre.db.query<{ code: string; args: string }>(
        "select code, args from verdict where practice_id=$1 and code in ('MALFORMED','FORGED','UNSTORABLE','NOT_ALLOWED','CENTRE_ONLY','MISSING_REFERENCE')",
        [practice.practice],
      );
      if (refused.length > 0) throw new Error(`what a command wrote was refused: ${JSON.stringify(refused)}`);
      await sameAsCentre(centre, practice.practice, { name: "fuzzed", engine });
      await sameAsCentre(centre, practice.practice, { name: "reader", engine: reader.engine });
    },
    async close(): Promise<void> {
      eyes.close();
      await workstation.close();
      await reader.workstation.close();
      await empty.close();
      // What a closed connection had under way at the centre comes to its end.
      await centre.db.query("select 1");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Something of everything, so that the first calls find what they ask for. */
function beginWork(engine: Engine, practice: SmallPractice): void {
  const { DO, CL, RC } = practice.people;
  const as = <I, O>(user: string, command: Command<I, O>, input: unknown) =>
    engine.execute(command, input, { user, role: null });
  for (const familyName of ["Ellison", "Okafor", "Lind", "Marsh"]) {
    const person = { givenName: "Margaret", familyName, dateOfBirth: "1958-12-03" };
    const { id: patient } = as(DO, registerPatient, person);
    const prescription = as(DO, prescribe, { patient });
    const { frame, lens } = practice.products;
    const sold = { patient, prescription, frame, lens, lab: practice.branches.york, paid: 44_700 };
    as(DO, sell, sold);
    as(DO, sell, { ...sold, paid: 0 });
    const { id: exam } = as(CL, startExam, { patientId: patient }) as { id: string };
    as(CL, patchExam, { id: exam, fields: { history: "none" }, entries: { "subjective.sphere.r": -1250 } });
    as(CL, addItem, {
      examId: exam,
      list: "pressure",
      data: { eye: "r", value: 165, method: "goldmann", at: 1_790_000_000_000 },
    });
    as(RC, openCase, { patient, subject: "Glasses are loose" });
  }
}
