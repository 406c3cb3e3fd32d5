import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha1 } from "../../replica/crypto.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../sim/clinic.ts";
import { openTestCentre } from "../../sim/practice.ts";
import * as work from "../../sim/work.ts";
import { type Chance, chance } from "../../sim/world.ts";
import { derivedId } from "../../src-shared/sync/ids.ts";
import type { Database } from "../database/database.ts";
import { roleId } from "../identity/provision.ts";
import { cutLog, logFloor } from "./cut.ts";

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** Cuts the log at exactly this position, whoever may still need it. */
async function cutAt(floor: number): Promise<void> {
  let batches = 0;
  const everything = { keepFor: -1000, liveFor: -1000, rows: floor, pause: 0 };
  await cutLog(clinic.centre(), clinic.practice.practice, everything, () => batches++ > 0);
  expect(await logFloor(db, clinic.practice.practice)).toBe(floor);
}

/** Rows of which one device shows another form than the other, by entity. */
function differences(one: ClinicDevice, other: ClinicDevice): string[] {
  const rowsOf = (device: ClinicDevice) =>
    (JSON.parse(device.everything()) as [string, { id: string }[]][]).flatMap(([name, rows]) =>
      rows.map((row) => [`${name} ${row.id}`, JSON.stringify(row)] as const),
    );
  const [ours, theirs] = [new Map(rowsOf(one)), new Map(rowsOf(other))];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((key) => ours.get(key) !== theirs.get(key));
}

/** The dispenser's role is taken away, or given back, by the owner at this device. */
function withdraw(device: ClinicDevice, give: boolean): void {
  const { practice, people } = clinic.practice;
  const role = roleId(practice, "DO");
  const element = derivedId(sha1, practice, { subject: people.DO, reaction: `role:${role}`, index: 0 });
  device.as("OW", work.withdrawRole, { element, give, user: people.DO, role });
}

/** One thing that somebody does; a refusal is an answer like any other. */
function doSomething(dice: Chance, device: ClinicDevice): void {
  const patients = device.rows("patient");
  const patient = patients.length > 0 ? dice.pick(patients).id : null;
  const who = dice.pick(["DO", "OW"] as const);
  const { products, branches } = clinic.practice;
  try {
    const roll = dice.int(10);
    if (roll < 2 || !patient) device.as(who, work.registerPatient, { ...margaret, phone: `07700 900${100 + roll}` });
    else if (roll < 5)
      device.as(who, work.updatePatient, { id: patient, details: { notes: `note ${dice.int(1000)}` } });
    else if (roll < 7) {
      const prescription = device.as("OW", work.prescribe, { patient });
      const order = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york };
      device.as(who, work.sell, { ...order, paid: dice.pick([0, 22_350, 44_700]) });
    } else if (roll < 9) {
      const sales = device.rows("sale");
      if (sales.length > 0) device.as(who, work.pay, { sale: dice.pick(sales).id, amount: 11_175 });
    } else device.as(who, work.openCase, { patient, subject: "It swims" });
  } catch (error) {
    if ((error as { code?: string }).code !== "NO_PERMISSION") throw error;
  }
}

describe("a device at any earlier cursor ends as one that was never away", () => {
  test.each([1, 2])("whatever happened meanwhile: history %i", async (seed) => {
    const dice = chance(seed);
    const [till, office] = [await clinic.device("till", "till"), await clinic.device("single", "office")];
    const [reader, bench] = [await clinic.device("single", "reader"), await clinic.device("lab", "bench")];
    const copies: { of: ClinicDevice; cursor: number; file: Buffer }[] = [];
    const keepCopies = () => {
      for (const of of [reader, bench]) {
        const cursor = of.engine.state.cursor()?.seq ?? 0;
        if (!copies.some((copy) => copy.of === of && copy.cursor === cursor))
          copies.push({ of, cursor, file: of.sqlite.serialize() });
      }
    };
    keepCopies();
    for (let round = 0; round < 5; round++) {
      // Two who do not see each other: conflicts, sales twice, and work under a right that was taken away meanwhile.
      for (const { engine } of [till, office]) engine.sync.setPlugged(false);
      for (let i = 0; i < 3; i++) doSomething(dice, dice.pick([till, office]));
      if (dice.happens(0.5)) withdraw(office, dice.happens(0.5));
      await clinic.meet(office, reader, bench);
      keepCopies();
      await clinic.meet(till, office, reader, bench);
      keepCopies();
    }
    const head = reader.engine.state.cursor()?.seq ?? 0;
    const floor = 1 + dice.int(head - 1);
    await cutAt(floor);
    expect(copies.filter(({ cursor }) => cursor < floor)).not.toEqual([]);
    for (const { of, cursor, file } of copies) {
      const back = clinic.fromCopy(file);
      clinic.takeAsked();
      await clinic.meet(back);
      expect(differences(back, of)).toEqual([]);
      expect(clinic.takeAsked()).toEqual(cursor < floor ? ["fill"] : []);
      back.engine.close();
    }
  });
});

test("a cut of which nobody is told would be noticed: who was away lacks what it took", async () => {
  const [till, reader] = [await clinic.device("till", "till"), await clinic.device("single", "reader")];
  const before = reader.sqlite.serialize();
  till.as("DO", work.registerPatient, margaret);
  await clinic.meet(till, reader);
  const cut = till.engine.state.cursor()?.seq ?? 0;
  till.as("DO", work.registerPatient, { ...margaret, givenName: "Sophie" });
  await clinic.meet(till, reader);
  await db.query("delete from change_log where practice_id=$1 and seq <= $2", [clinic.practice.practice, cut]);
  // A server that has nothing of it in memory.
  const { epoch } = clinic.centre();
  await clinic.moveTo(() => openTestCentre({ db, epoch }));
  const back = clinic.fromCopy(before);
  await clinic.meet(back);
  expect(differences(back, reader)).toContainEqual(expect.stringMatching(/^patient /));
  back.engine.close();
});

test("what was removed does not come back with a device that was away, nor what it had not yet heard of", async () => {
  const [till, office] = [await clinic.device("till", "till"), await clinic.device("single", "office")];
  const away = till.clone();
  till.as("DO", work.registerPatient, margaret);
  await clinic.meet(till, office);
  withdraw(office, false);
  await clinic.meet(till, office);
  await cutAt(till.engine.state.cursor()?.seq ?? 0);
  await clinic.meet(away);
  expect(away.rows("user_role").filter(({ deleted }) => deleted)).toHaveLength(1);
  expect(differences(away, till)).toEqual([]);
  expect(() => away.as("DO", work.registerPatient, margaret)).toThrow(/role does not allow/);
});

test("a device that was away too long first sends what it did, then is filled", async () => {
  const [till, office] = [await clinic.device("till", "till"), await clinic.device("single", "office")];
  const { id } = till.as("DO", work.registerPatient, margaret) as { id: string };
  await clinic.meet(till, office);
  till.engine.sync.setPlugged(false);
  till.as("DO", work.updatePatient, { id, details: { notes: "typed while away" } });
  till.as("DO", work.openCase, { patient: id, subject: "It swims" });
  office.as("OW", work.updatePatient, { id, details: { phone: "07700 900999" } });
  await clinic.meet(office);
  await cutAt(office.engine.state.cursor()?.seq ?? 0);
  clinic.takeAsked();
  await clinic.meet(till, office);
  expect(clinic.takeAsked().slice(0, 2)).toEqual(["push", "fill"]);
  expect(till.rows("patient")[0]).toMatchObject({ notes: "typed while away", phone: "07700 900999" });
  expect(till.rows("case_file")).toHaveLength(1);
  for (const name of ["patient", "case_file", "review_task", "audit_entry"] as const)
    expect(till.rows(name)).toEqual(await clinic.rows(name));
  expect(till.sqlite.prepare("select count(*) from sync_base").pluck().get()).toBe(0);
  expect(till.sqlite.prepare("select count(*) from sync_overlay").pluck().get()).toBe(0);
});

test("what had settled before a device went away, without its hearing of it, is not sent twice nor left waiting", async () => {
  const [till, office] = [await clinic.device("till", "till"), await clinic.device("single", "office")];
  till.engine.sync.setPlugged(false);
  const { id } = till.as("DO", work.registerPatient, margaret) as { id: string };
  // The copy stands for the till as it was just before the answer came.
  const unheard = till.clone();
  await clinic.meet(till, office);
  till.engine.sync.setPlugged(false);
  office.as("OW", work.updatePatient, { id, details: { notes: "later" } });
  await clinic.meet(office);
  await cutAt(office.engine.state.cursor()?.seq ?? 0);
  await clinic.meet(unheard);
  expect(unheard.engine.replica.pending()).toEqual([]);
  await clinic.meet(till);
  expect(differences(unheard, till)).toEqual([]);
});

test("the log behind the floor is not read by anybody", async () => {
  const [till, office] = [await clinic.device("till", "till"), await clinic.device("single", "office")];
  till.as("DO", work.registerPatient, margaret);
  await clinic.meet(till, office);
  const cursor = office.engine.state.cursor() as NonNullable<ReturnType<typeof office.engine.state.cursor>>;
  await cutAt(cursor.seq);
  const refused = await new Promise((resolve) => {
    office.engine.sync
      .connection()
      ?.stream({ ...cursor, seq: 0, whole: true }, { onBatch: () => resolve("a batch"), onEnd: resolve });
  });
  expect(refused).toMatchObject({ code: "CURSOR_TOO_OLD" });
});
