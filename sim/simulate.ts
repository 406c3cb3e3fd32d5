/** One seed: a practice, several devices, some 150 steps of work and misfortune, quiescence, and everything checked. */

import { sha1 } from "../replica/crypto.ts";
import { revokeDevice } from "../src-main/engine/access/commands.ts";
import { addItem, patchExam, startExam } from "../src-main/engine/exams/draft.ts";
import { signExam } from "../src-main/engine/exams/signing.ts";
import { decide } from "../src-main/engine/sync/attention/decide.ts";
import { attention } from "../src-main/engine/sync/attention/index.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import { derivedId } from "../src-shared/sync/ids.ts";
import { type Log, Refusal, silentLog } from "../src-shared/sync/ports.ts";
import { productRules, type SyncRules } from "../src-shared/sync/rules.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";
import { roleId } from "../sync-server/identity/provision.ts";
import { cutLog } from "../sync-server/retain/cut.ts";
import { prune } from "../sync-server/retain/prune.ts";
import { backupPractice, restorePractice } from "./backup.ts";
import { attend, decideHeld } from "./decisions.ts";
import { createSimDevice, newReplica, type SimDevice } from "./devices.ts";
import { checkAll, monotoneCursors, type Told, Violation } from "./invariants.ts";
import { enrolTestDevice, openTestCentre, type SmallPractice, smallPractice } from "./practice.ts";
import type { Versions } from "./versions.ts";
import * as work from "./work.ts";
import { type Chance, chance, createScheduler, type Scheduler, seededRandom, watched } from "./world.ts";

export interface SimOptions {
  readonly seed: number;
  readonly steps?: number;
  /** The centre's database; one serves all seeds of a worker, one practice a seed. */
  readonly db: Database;
  readonly rules?: SyncRules;
  /** False breaks the simulator's centre on purpose: restored, it says nothing of it. */
  readonly newEpochAfterRestore?: boolean;
  /** Runs the product's next version beside today's, and upgrades to it. */
  readonly versions?: Versions;
  readonly log?: Log;
  readonly trace?: (line: string) => void;
}

export interface SimResult {
  readonly seed: number;
  readonly violation: string | null;
  readonly groups: number;
}

export async function simulate(options: SimOptions): Promise<SimResult> {
  const world = await createWorld(options);
  try {
    const steps = options.steps ?? 150;
    for (let step = 0; step < steps; step++) {
      await world.step(step);
      monotoneCursors(world.devices, world.told);
      if (step === Math.floor(steps / 2)) await world.quiesce();
    }
    await world.quiesce();
    await options.versions?.finish(world.devices);
    return { seed: options.seed, violation: null, groups: world.told.saved.length };
  } catch (error) {
    const text = error instanceof Violation ? error.message : `${(error as Error).name}: ${(error as Error).stack}`;
    return { seed: options.seed, violation: text, groups: world.told.saved.length };
  } finally {
    await world.close();
  }
}

async function createWorld({
  seed,
  db,
  rules = productRules,
  newEpochAfterRestore = true,
  versions,
  log = silentLog,
  trace = () => {},
}: SimOptions) {
  const dice = chance(seed);
  // Of their own, so that a seed without anything to decide goes the way it always went.
  const decisions = chance(seed ^ 0xdec1de);
  // Small enough that every run has pushes and batches of several parts.
  const travels = { groups: 3 + (seed % 5), bytes: 40_000 };
  const random = seededRandom(seed ^ 0x5eed);
  const observed = watched(db);
  const scheduler: Scheduler = createScheduler(observed.rest);
  const now = () => scheduler.now();
  let epoch = 1;
  let since: number | null = null;
  const open = () =>
    (versions?.openCentre ?? openTestCentre)({
      db: observed.db,
      now,
      after: scheduler.after,
      random,
      rules,
      batches: travels,
      epoch: `epoch-${epoch}`,
      since,
      log,
    });
  let centre: Centre | null = await open();
  let lastCentre: Centre = centre;
  const practice = await smallPractice(centre);
  const told: Told = { saved: [], receipts: [], cursors: new Map(), ownError: new Map(), cutBodies: new Map() };
  const devices: SimDevice[] = [];
  let backup: Awaited<ReturnType<typeof backupPractice>> | null = null;
  let renewals = 0;
  let copies = 0;

  function noteClocks(): void {
    for (const device of devices) {
      const error = device.engine.time.now() - scheduler.now();
      told.ownError.set(device.name, Math.max(error, told.ownError.get(device.name) ?? 0));
    }
  }

  async function add(name: string, branch: string, profile: "till" | "lab" | "single" | "hq"): Promise<void> {
    const identity = await enrolTestDevice(lastCentre, practice.practice, { branch, profile, name }, random);
    devices.push(
      createSimDevice({
        name,
        sqlite: newReplica(identity),
        scheduler,
        dice,
        compares: seed % 4 === 0,
        rules,
        centreOf: () => centre,
        pushes: travels,
        log,
        ...versions?.device,
      }),
    );
  }
  await add("till-1", practice.branches.leeds, "till");
  await add("till-2", practice.branches.leeds, "till");
  await add("bench", practice.branches.york, "lab");
  await add("room", practice.branches.leeds, "single");

  const world = {
    devices,
    told,
    async step(index: number): Promise<void> {
      bury();
      if (versions?.centreUpgradesAt(index)) await restart(index);
      versions?.step(
        index,
        devices,
        (device, who, command, input) => run(device, practice, who, command, input, told),
        told,
        trace,
      );
      noteClocks();
      const roll = dice.int(100);
      if (roll < 78) doWork(dice, practice, dice.pick(devices), told, trace);
      else await misfortune(index);
      // A device that starts with a wrong clock writes by it until it meets the centre.
      noteClocks();
      if (decisions.happens(0.1)) somebodyAttends(decisions.pick(devices));
      await scheduler.runUntil(scheduler.now() + dice.int(700));
    },

    /** Everything is mended and meets; then everything is checked. */
    async quiesce(): Promise<void> {
      centre ??= await reopen(false);
      for (const device of devices) device.reconnect();
      for (let round = 0; round < 60; round++) {
        await scheduler.runUntil(scheduler.now() + 10_000);
        bury();
        if (atRest(devices)) break;
      }
      if (!atRest(devices)) throw new Violation("liveness", devices.map(describe).join("; "));
      // Nobody reconnects for it: the log tells every device what was decided.
      for (let round = 0; round < 4; round++) {
        for (const device of devices) decideHeld({ dice: decisions, practice, told, trace, desk }, device, round);
        for (let wait = 0; wait < 30; wait++) {
          await scheduler.runUntil(scheduler.now() + 10_000);
          bury();
          if (atRest(devices)) break;
        }
      }
      const held = devices.find(hasHeld);
      if (held) {
        const groups = held.engine.read.sql(
          `select o.group_id, o.device_seq, t.decided_at, t.decision, t.deleted,
             (select count(*) from sync_overlay v where v.entity_id = t.id) as unsettled
           from sync_outbox o left join review_task t on t.subject_id = o.group_id where o.state='review'`,
        );
        throw new Violation("liveness", `${held.name} still waits for head office: ${JSON.stringify(groups)}`);
      }
      if (versions) await versions.check(lastCentre, practice.practice, devices, told);
      else await checkAll(lastCentre, practice.practice, devices, told);
    },

    async close(): Promise<void> {
      for (const device of devices) device.close();
      await scheduler.runUntil(scheduler.now() + 1000);
    },
  };

  function desk(device: SimDevice) {
    return versions?.desk(device) ?? { attention, decide };
  }

  function somebodyAttends(device: SimDevice): void {
    if (!device.engine.ready()) return;
    const who = decisions.pick(peopleAt[device.engine.identity().profile] ?? (["OW"] as const));
    attend({ dice: decisions, practice, told, trace, desk }, device, who);
  }

  /** Devices that were taken out and have handed over what they had left are erased, files and all. */
  function bury(): void {
    for (const device of devices.filter(({ gone }) => gone)) {
      trace(`${device.name} is gone`);
      device.close();
      devices.splice(devices.indexOf(device), 1);
      // Older than what it handed over, and nobody has that any more.
      backup = null;
    }
  }

  async function reopen(fresh: boolean): Promise<Centre> {
    if (fresh) {
      epoch += 1;
      since = now();
    }
    const opened = await open();
    lastCentre = opened;
    return opened;
  }

  async function restart(index: number): Promise<void> {
    trace(`${index} the centre stops`);
    centre = null;
    for (const each of devices) each.cutOff();
    await scheduler.runUntil(scheduler.now() + dice.int(5000));
    centre = await reopen(false);
    for (const each of devices) if (dice.happens(0.7)) each.reconnect();
  }

  async function misfortune(index: number): Promise<void> {
    const device = dice.pick(devices);
    const roll = dice.int(100);
    if (roll < 26) {
      trace(`${index} ${device.name} cut off`);
      device.cutOff();
    } else if (roll < 60) {
      trace(`${index} ${device.name} reconnects`);
      device.reconnect();
    } else if (roll < 74) {
      trace(`${index} ${device.name} crashes`);
      device.crash();
    } else if (roll < 82) {
      const skew = dice.pick([0, 3_600_000, 3 * 86_400_000, -5 * 365 * 86_400_000, 86_400_000 * 200, -90_000]);
      trace(`${index} ${device.name} clock off by ${skew}`);
      device.clock.skew = skew;
    } else if (roll < 89) {
      await restart(index);
    } else if (roll < 93) {
      if (!backup) {
        trace(`${index} the centre is backed up`);
        backup = await backupPractice(observed.db, practice.practice);
        renewals = countKeys(devices);
      } else if (renewals === countKeys(devices)) {
        trace(`${index} the centre is restored`);
        for (const each of devices) each.cutOff();
        centre = null;
        await scheduler.runUntil(scheduler.now() + 300);
        await restorePractice(observed.db, practice.practice, backup);
        backup = null;
        centre = await reopen(newEpochAfterRestore);
        for (const each of devices) each.reconnect();
      }
    } else if (roll < 96) {
      withdraw(dice, practice, devices, told, trace);
    } else if (roll < 97) {
      takeOut(dice, practice, devices, told, trace);
    } else if (roll < 98) {
      // Everything before some moment of this run goes, unless a device that was seen lately still needs it.
      const whole = await observed.db.query<{ group_id: string; bodies: string }>(
        "select group_id, bodies from change_log where practice_id=$1 and bodies <> ''",
        [practice.practice],
      );
      for (const { group_id, bodies } of whole) told.cutBodies.set(group_id, bodies);
      const retention = { keepFor: dice.int(20_000), liveFor: dice.int(30_000), rows: 1 + dice.int(40), pause: 0 };
      const cut = await cutLog(lastCentre, practice.practice, retention);
      trace(`${index} the log is cut by ${cut}`);
      await prune(lastCentre, practice.practice);
    } else if (devices.length < 6 && device.engine.ready()) {
      trace(`${index} ${device.name} is cloned`);
      // The copy wakes up later, while the original goes on.
      const copy = device.clone(`${device.name}-copy${++copies}`);
      told.ownError.set(copy.name, told.ownError.get(device.name) ?? 0);
      copy.cutOff();
      devices.push(copy);
      backup = null;
    }
  }
  return world;
}

function countKeys(devices: readonly SimDevice[]): number {
  return devices.reduce((sum, device) => sum + device.engine.identity().epoch, 0);
}

function hasHeld(device: SimDevice): boolean {
  return (
    (device.engine.read.sql<{ n: number }>("select count(*) as n from sync_outbox where state='review'")[0]?.n ?? 0) > 0
  );
}

function atRest(devices: readonly SimDevice[]): boolean {
  const heads = devices.map((device) => device.engine.state.cursor()?.seq ?? -1);
  return devices.every((device, index) => {
    const [row] = device.engine.read.sql<{ n: number }>(
      "select count(*) as n from sync_outbox where state in ('pending','reoffer')",
    );
    return (
      device.engine.ready() && device.engine.sync.status().phase === "live" && row?.n === 0 && heads[index] === heads[0]
    );
  });
}
function describe(device: SimDevice): string {
  const [row] = device.engine.read.sql<{ n: number }>(
    "select count(*) as n from sync_outbox where state in ('pending','reoffer')",
  );
  return `${device.name} ${JSON.stringify(device.engine.sync.status())} pending ${row?.n} cursor ${device.engine.state.cursor()?.seq}`;
}

export type Person = keyof SmallPractice["people"];
const peopleAt: Record<string, readonly Person[]> = {
  till: ["DO", "RC", "DO"],
  lab: ["LT"],
  single: ["CL", "DO", "OW"],
  hq: ["OW"],
};

/** Runs a command as somebody who sits there; a refusal is an answer, anything else is a bug. */
function run<I, O>(
  device: SimDevice,
  practice: SmallPractice,
  who: Person,
  command: Command<I, O>,
  input: unknown,
  told: Told,
): O | null {
  const before = device.engine.state.writeState().deviceSeq;
  try {
    const output = device.engine.execute(command, input, { user: practice.people[who], role: null });
    const after = device.engine.state.writeState().deviceSeq;
    if (after > before) {
      const [row] = device.engine.read.sql<{ group_id: string }>(
        "select group_id from sync_outbox where device_seq=?",
        after,
      );
      if (row) told.saved.push({ group: row.group_id, device: device.name });
    }
    return output;
  } catch (error) {
    // By name: a device of another version has a class of its own.
    if ((error as Error).name === Refusal.name) return null;
    throw error;
  }
}

function anyId(device: SimDevice, dice: Chance, sql: string): string | null {
  const rows = device.engine.read.sql<{ id: string }>(sql);
  return rows.length > 0 ? dice.pick(rows).id : null;
}

function doWork(
  dice: Chance,
  practice: SmallPractice,
  device: SimDevice,
  told: Told,
  trace: (line: string) => void,
): void {
  if (!device.engine.ready()) return;
  const profile = device.engine.identity().profile;
  const who: Person = dice.pick(peopleAt[profile] ?? (["DO"] as const));
  const act = <I, O>(command: Command<I, O>, input: unknown): O | null => {
    trace(`  ${device.name} ${who} ${command.name} ${JSON.stringify(input)}`);
    return run(device, practice, who, command, input, told);
  };
  const receipt = (amount: number) => {
    const last = told.saved[told.saved.length - 1];
    if (last) told.receipts.push({ group: last.group, amount });
  };
  const patient = anyId(device, dice, "select id from patient order by id limit 12");
  const job = anyId(device, dice, "select id from job order by id limit 20");
  if (profile === "lab") {
    if (job)
      act(work.moveJob, {
        job,
        kind: dice.pick([
          "received_lab",
          "lens_ordered",
          "lens_ready",
          "edging",
          "inspection",
          "dispatched",
          "hold",
          "resume",
          "tray",
        ]),
        text: dice.pick(["12", "27", null]),
      });
    return;
  }
  const roll = dice.int(100);
  if (roll < 12 || !patient) {
    act(work.registerPatient, {
      givenName: dice.pick(["Margaret", "Graham", "Aisha"]),
      familyName: dice.pick(["Ellison", "Khan", "Voss"]),
      dateOfBirth: "1958-12-03",
      phone: `07700 900${100 + dice.int(800)}`,
    });
  } else if (roll < 26)
    act(work.updatePatient, {
      id: patient,
      details: dice.pick([
        { phone: `07700 900${100 + dice.int(800)}` },
        { familyName: dice.pick(["Ellison", "Ellis", "Voss"]) },
        { notes: `note ${dice.int(1000)}` },
      ]),
    });
  else if (roll < 31) {
    const second = `second ${dice.int(1000)}`;
    const shown = act(work.correctTwice, { id: patient, first: `first ${dice.int(1000)}`, second });
    if (shown !== null && shown !== second)
      throw new Violation("P8", `${device.name} shows ${shown} after ${second} was typed`);
  } else if (roll < 35) act(work.setAllergy, { id: patient, allergies: dice.pick([null, "chloramphenicol", "latex"]) });
  else if (roll < 58) {
    const prescription =
      anyId(device, dice, `select id from prescription where hex(patient_id)=upper('${patient}') limit 3`) ??
      act(work.prescribe, { patient });
    const paid = dice.pick([0, 10_000, 11_175, 22_350, 44_700]);
    if (
      prescription &&
      act(work.sell, {
        patient,
        prescription,
        frame: practice.products.frame,
        lens: practice.products.lens,
        lab: practice.branches.york,
        paid,
      }) &&
      paid > 0
    )
      receipt(paid);
  } else if (roll < 70) {
    const sale = anyId(device, dice, "select id from sale order by id desc limit 6");
    const amount = dice.pick([5_000, 11_175, 22_350]);
    if (sale && act(work.pay, { sale, amount }) !== null) receipt(amount);
  } else if (roll < 76) act(work.openCase, { patient, subject: "It swims" });
  else if (roll < 90) {
    const file = anyId(device, dice, "select id from case_file order by id desc limit 6");
    if (!file) return;
    const which = dice.int(3);
    if (which === 0)
      act(work.setCaseStatus, {
        case: file,
        value: dice.pick(["in_progress", "resolved", "closed", "awaiting_patient"]),
      });
    else if (which === 1) act(work.writeToCase, { case: file, from: dice.pick(["staff", "patient"]), body: "words" });
    else act(work.ownCase, { case: file, owner: dice.pick([null, practice.people.RC, practice.people.OW]) });
  } else if (profile === "single") {
    const exam = anyId(device, dice, "select id from exam order by id desc limit 4");
    const which = dice.int(4);
    if (which === 0 || !exam) act(startExam, { patientId: patient });
    else if (which < 3) writeInExam(act, exam, dice.int(100), dice.int(20));
    else act(signExam, { id: exam });
  }
}

/** A field that another device may be filling in as well, or one of several readings. */
function writeInExam(
  act: <I, O>(command: Command<I, O>, input: unknown) => O | null,
  exam: string,
  words: number,
  power: number,
): void {
  const eye = words % 2 === 0 ? "r" : "l";
  if (power % 5 === 4) {
    const reading = { eye, value: 100 + words, method: "goldmann", at: 1_790_000_000_000 + words };
    act(addItem, { examId: exam, list: "pressure", data: reading });
  } else {
    act(patchExam, {
      id: exam,
      fields: { history: `history ${words}`, outcome: "new_rx" },
      entries: { [`subjective.sphere.${eye}`]: 250 * power, "posterior.disc.r": `disc ${words}` },
    });
  }
}

/** Head office takes a till out of the practice; it learns of it at its next hello, and so does every copy of it. */
function takeOut(
  dice: Chance,
  practice: SmallPractice,
  devices: readonly SimDevice[],
  told: Told,
  trace: (line: string) => void,
): void {
  const office = devices.find((device) => device.engine.identity().profile === "single" && device.engine.ready());
  const tills = devices.filter((device) => device.engine.identity().profile === "till");
  // One till is left to work at.
  if (!office || new Set(tills.map((till) => till.engine.identity().device)).size < 2) return;
  const till = dice.pick(tills);
  const { device: id } = till.engine.identity();
  if (!anyId(office, dice, `select id from device where id=x'${id}'`)) return;
  trace(`  ${office.name} OW takes ${till.name} out`);
  run(office, practice, "OW", revokeDevice, { id }, told);
}

/** Head office takes a right away, or gives it back, while others work on what they know. */
function withdraw(
  dice: Chance,
  practice: SmallPractice,
  devices: readonly SimDevice[],
  told: Told,
  trace: (line: string) => void,
): void {
  const office = devices.find((device) => device.engine.identity().profile === "single" && device.engine.ready());
  if (!office) return;
  const who = dice.pick(["DO", "RC"] as const);
  const role = roleId(practice.practice, who);
  const element = derivedId(sha1, practice.practice, {
    subject: practice.people[who],
    reaction: `role:${role}`,
    index: 0,
  });
  const give = dice.happens(0.5);
  trace(`  ${office.name} OW ${give ? "gives" : "withdraws"} ${who}`);
  run(office, practice, "OW", work.withdrawRole, { element, give, user: practice.people[who], role }, told);
}
