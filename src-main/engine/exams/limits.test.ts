import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { registerPatient } from "../../../sim/work.ts";
import { addDays, localDate } from "../../../src-shared/calendar/index.ts";
import { isUnusual, valueProblem } from "../../../src-shared/exams/check.ts";
import { builtInTables, checkEye, emptyEye, limitsKey } from "../../../src-shared/optics/index.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { addOutsidePrescription } from "../patients/commands.ts";
import { attention } from "../sync/attention/index.ts";
import { defineCommand } from "../write/define.ts";
import { amendExam } from "./amending.ts";
import { addItem, patchExam, startExam } from "./draft.ts";
import { limitsOn, limitVersions, resetLimits, saveLimits, withdrawLimits } from "./limits.ts";
import { signExam } from "./signing.ts";

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

const { rx, measures, vertex } = builtInTables;
const narrow = {
  ...rx,
  source: "What our lab makes",
  sphere: { block: [-15_000, 15_000], warn: [-6_000, 6_000], step: 250 },
};
const today = () => localDate(Date.now(), "Europe/London");
const tables = ({ engine }: ClinicDevice, day = today()) => limitsOn(engine.read, clinic.practice.practice, day);
const versionsOf = ({ engine }: ClinicDevice) => limitVersions(engine.read, clinic.practice.practice);
function patientOf(room: ClinicDevice): string {
  const details = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  return (room.as("CL", registerPatient, details) as { id: string }).id;
}
function examOf(room: ClinicDevice): string {
  return (room.as("CL", startExam, { patientId: patientOf(room) }) as { id: string }).id;
}
function refusalOf(work: () => unknown): Refusal | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

describe("in the exam", () => {
  test("a limit that the practice narrowed refuses, in the prescription and in what is found", async () => {
    const room = await clinic.device("single", "room");
    const id = examOf(room);
    const write = () => room.as("CL", patchExam, { id, fields: { r_sphere: -16_000 } });
    expect(refusalOf(write)).toBeNull();
    room.as("CL", patchExam, { id, fields: { r_sphere: -14_000, outcome: "new_rx" } });
    room.as("OW", saveLimits, { table: "rx", value: narrow });
    expect(refusalOf(write)).toMatchObject({ code: "IMPOSSIBLE", args: { field: "r_sphere" } });
    expect(refusalOf(write)?.message).toContain("−15.00 to +15.00");
    const found = { id, entries: { "objective.sphere.r": -16_000 } };
    expect(refusalOf(() => room.as("CL", patchExam, found))).toMatchObject({ code: "IMPOSSIBLE" });
    expect(room.rows("exam")).toMatchObject([{ r_sphere: -14_000 }]);
  });

  test("what was written before the limit was narrowed cannot be signed as it is", async () => {
    const room = await clinic.device("single", "room");
    const id = examOf(room);
    room.as("CL", patchExam, { id, fields: { r_sphere: -16_000, outcome: "new_rx" } });
    room.as("OW", saveLimits, { table: "rx", value: narrow });
    expect(refusalOf(() => room.as("CL", signExam, { id }))).toMatchObject({ code: "RX_INCOMPLETE" });
    room.as("OW", resetLimits, { table: "rx" });
    expect(refusalOf(() => room.as("CL", signExam, { id }))).toBeNull();
  });

  test("a warning that the practice moved is found where it lies now, and refuses nothing", async () => {
    const room = await clinic.device("single", "room");
    room.as("OW", saveLimits, { table: "rx", value: narrow });
    const eye = { ...emptyEye, sphere: -7_000 };
    expect(checkEye(eye)).toEqual([]);
    expect(checkEye(eye, tables(room).rx)).toMatchObject([{ field: "sphere", severity: "warn", code: "unusual" }]);
    const shape = { kind: "power", quantity: "sphere" } as const;
    expect([isUnusual(shape, -7_000), isUnusual(shape, -7_000, tables(room).rx)]).toEqual([false, true]);
    expect(valueProblem(shape, -7_000, tables(room).rx)).toBeNull();
    const id = examOf(room);
    expect(refusalOf(() => room.as("CL", patchExam, { id, fields: { r_sphere: -7_000 } }))).toBeNull();
  });

  test("measurements heed the practice's table too: vertex distance, corneal radius, pressure, contact lenses", async () => {
    const room = await clinic.device("single", "room");
    const id = examOf(room);
    const { bvd, k_radius, iop, cl_base_curve, cl_diameter, cl_power } = measures.quantities;
    const quantities = {
      ...measures.quantities,
      bvd: { ...bvd, block: [80, 180] },
      k_radius: { ...k_radius, block: [600, 1000] },
      iop: { ...iop, block: [0, 700] },
      cl_base_curve: { ...cl_base_curve, block: [780, 920] },
      cl_diameter: { ...cl_diameter, block: [900, 2000] },
      cl_power: { ...cl_power, block: [-20_000, 20_000] },
    };
    const lens = { brand: "Biofinity", base_curve: 860, diameter: 1400, sphere: -3000, cylinder: null, axis: null };
    const fitted = (part: object) => () =>
      room.as("CL", patchExam, { id, entries: { "contact_lenses.lens.r": { ...lens, ...part } } });
    const tried = (part: object) => () => {
      const { brand, ...figures } = lens;
      const data = { ...figures, eye: "r", lens: brand, va: null, fit: null, ...part };
      room.as("CL", addItem, { examId: id, list: "lens_trial", data });
    };
    const parts = [{ base_curve: 760 }, { diameter: 850 }, { sphere: -25_000 }];
    const pressure = {
      examId: id,
      list: "pressure",
      data: { eye: "r", value: 720, method: "goldmann", at: 0, note: null },
    };
    const attempts = [
      () => room.as("CL", patchExam, { id, fields: { bvd: 60 } }),
      () => room.as("CL", patchExam, { id, entries: { "keratometry.k1.r": 550 } }),
      () => room.as("CL", addItem, pressure),
      ...parts.flatMap((part) => [fitted(part), tried(part)]),
    ];
    for (const attempt of attempts) expect(refusalOf(attempt)).toBeNull();
    room.as("OW", saveLimits, { table: "measures", value: { ...measures, quantities } });
    room.as("CL", patchExam, { id, fields: { bvd: 120 } });
    for (const attempt of attempts) expect(refusalOf(attempt)).toMatchObject({ code: "IMPOSSIBLE" });
  });
});

describe("how long papers are valid", () => {
  const shorter = {
    ...measures,
    quantities: {
      ...measures.quantities,
      rx_months: { ...measures.quantities.rx_months, block: [1, 18], warn: [null, 18] },
      cl_months: { ...measures.quantities.cl_months, warn: [null, 6] },
    },
  };
  const lens = { brand: "Biofinity", base_curve: 860, diameter: 1400, sphere: -3000, cylinder: null, axis: null };
  function signed(room: ClinicDevice, fields: object = {}): string {
    const id = examOf(room);
    const given = { r_sphere: -3_000, outcome: "new_rx", ...fields };
    room.as("CL", patchExam, { id, fields: given, entries: { "contact_lenses.lens.r": lens } });
    room.as("CL", signExam, { id });
    return id;
  }
  const monthsOf = (from: string, until: string) => {
    const [[y = 0, m = 0], [v = 0, n = 0]] = [from, until].map((day) => day.split("-").map(Number)) as [
      number[],
      number[],
    ];
    return (v - y) * 12 + n - m;
  };
  const issued = (room: ClinicDevice, exam: string) => {
    const of = (name: "prescription" | "contact_lens_spec") =>
      room.rows(name).filter(({ exam_id }) => exam_id === exam) as { expires_on: string }[];
    return [of("prescription"), of("contact_lens_spec")].map((rows) =>
      rows.map(({ expires_on }) => monthsOf(today(), expires_on)),
    );
  };

  test("is what the practice's limits of the day of signing say, unless the exam says otherwise", async () => {
    const room = await clinic.device("single", "room");
    expect(issued(room, signed(room))).toEqual([[24], [12]]);
    room.as("OW", saveLimits, { table: "measures", value: shorter });
    expect(issued(room, signed(room))).toEqual([[18], [6]]);
    expect(issued(room, signed(room, { recall_months: 12 }))).toEqual([[18], [6]]);
    expect(issued(room, signed(room, { rx_months: 3 }))).toEqual([[3], [6]]);
    expect(refusalOf(() => signed(room, { rx_months: 20 }))).toMatchObject({ code: "IMPOSSIBLE" });
  });

  test("stays so when it is issued again under other limits", async () => {
    const room = await clinic.device("single", "room");
    room.as("OW", saveLimits, { table: "measures", value: shorter });
    const id = signed(room);
    room.as("OW", resetLimits, { table: "measures" });
    const changes = [
      { key: "r_sphere", to: -3_250 },
      { key: "contact_lenses.solution", to: "Peroxide" },
    ];
    room.as("CL", amendExam, { id, reason: "misread", content: "", changes });
    expect(issued(room, id)).toEqual([
      [18, 18],
      [6, 6],
    ]);
  });
});

test("a prescription that the patient brought is held against the practice's limits", async () => {
  const till = await clinic.device("till", "till");
  const patientId = (
    till.as("DO", registerPatient, {
      givenName: "Derek",
      familyName: "Sutcliffe",
      dateOfBirth: "1961-02-11",
      phone: null,
    }) as { id: string }
  ).id;
  const dates = { issuedOn: "2026-11-01", expiresOn: "2028-11-01", prescriber: "Elsewhere" };
  const bring = () =>
    till.as("DO", addOutsidePrescription, { patientId, r: { sphere: -16_000 }, l: { sphere: -2_000 }, ...dates });
  expect(refusalOf(bring)).toBeNull();
  till.as("OW", saveLimits, { table: "rx", value: narrow });
  expect(refusalOf(bring)).toMatchObject({ code: "IMPOSSIBLE", args: { field: "r_sphere" } });
});

test("another PC heeds the limits as soon as it met the centre, and sees who changed them", async () => {
  const [office, room] = [await clinic.device("hq", "office"), await clinic.device("exam", "room")];
  const manager = await clinic.person("Person PM", "PM");
  await clinic.meet(office, room);
  const id = examOf(room);
  office.as("OW", saveLimits, { table: "rx", value: narrow });
  office.as(manager, saveLimits, { table: "vertex", value: { ...vertex, offerFrom: 5_000 } });
  await clinic.meet(office, room);
  expect(tables(room)).toEqual({ ...builtInTables, rx: narrow, vertex: { ...vertex, offerFrom: 5_000 } });
  const write = () => room.as("CL", patchExam, { id, fields: { r_sphere: -16_000 } });
  expect(refusalOf(write)).toMatchObject({ code: "IMPOSSIBLE" });
  expect(Object.fromEntries(versionsOf(room).map(({ table, who }) => [table, who]))).toEqual({
    rx: "Person OW",
    vertex: "Person PM",
  });
  office.as("OW", resetLimits, { table: "rx" });
  await clinic.meet(office, room);
  expect(tables(room).rx).toEqual(rx);
  expect(refusalOf(write)).toBeNull();
});

test("of two PCs that change one table, the later one stands on both, and neither is lost", async () => {
  const [one, two] = [await clinic.device("hq", "one"), await clinic.device("hq", "two")];
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  one.as("OW", saveLimits, { table: "rx", value: narrow });
  one.as("OW", resetLimits, { table: "rx" });
  // Two PCs' clocks agree to some milliseconds; of one moment either would do.
  await new Promise((later) => setTimeout(later, 250));
  two.as("OW", saveLimits, { table: "rx", value: { ...narrow, source: "the second" } });
  await clinic.meet(one, two);
  expect(tables(one).rx.source).toBe("the second");
  expect(tables(two)).toEqual(tables(one));
  expect(versionsOf(one)).toHaveLength(3);
});

describe("the day from which a table counts", () => {
  const tomorrow = () => addDays(today(), 1);
  test("a table of tomorrow waits, on the PC that saved it and on every other, and can be taken back", async () => {
    const [office, room] = [await clinic.device("hq", "office"), await clinic.device("exam", "room")];
    await clinic.meet(office, room);
    const id = examOf(room);
    office.as("OW", saveLimits, { table: "rx", value: narrow, from: tomorrow() });
    await clinic.meet(office, room);
    for (const each of [office, room]) {
      expect(tables(each).rx).toBe(rx);
      expect(tables(each, tomorrow()).rx).toEqual(narrow);
    }
    expect(refusalOf(() => room.as("CL", patchExam, { id, fields: { r_sphere: -16_000 } }))).toBeNull();
    const [waiting] = versionsOf(office);
    office.as("OW", withdrawLimits, { id: waiting?.id });
    expect(refusalOf(() => office.as("OW", withdrawLimits, { id: waiting?.id }))).toMatchObject({ code: "WITHDRAWN" });
    await clinic.meet(office, room);
    expect(tables(room, tomorrow()).rx).toBe(rx);
  });

  test("numbers that say they are of a later day wait for it, whoever forgot to say so", async () => {
    const office = await clinic.device("hq", "office");
    office.as("OW", saveLimits, { table: "rx", value: { ...narrow, date: tomorrow() } });
    expect([tables(office).rx.source, tables(office, tomorrow()).rx.source]).toEqual([rx.source, narrow.source]);
  });

  test("what is over stays as it was: no table begins before today, none that has begun is taken back", async () => {
    const office = await clinic.device("hq", "office");
    const yesterday = addDays(today(), -1);
    const late = { table: "rx", value: narrow, from: yesterday };
    expect(refusalOf(() => office.as("OW", saveLimits, late))).toMatchObject({ code: "OVER" });
    office.as("OW", saveLimits, { table: "rx", value: narrow });
    const [begun] = versionsOf(office);
    expect(refusalOf(() => office.as("OW", withdrawLimits, { id: begun?.id }))).toMatchObject({ code: "BEGUN" });
    expect(tables(office, yesterday).rx).toBe(rx);
  });

  test("every version stays visible, as delivered among them, and what changes nothing is none", async () => {
    const office = await clinic.device("hq", "office");
    expect(office.as("OW", resetLimits, { table: "rx" })).toMatchObject({ changed: false });
    office.as("OW", saveLimits, { table: "rx", value: narrow });
    expect(office.as("OW", saveLimits, { table: "rx", value: narrow })).toMatchObject({ changed: false });
    office.as("OW", resetLimits, { table: "rx" });
    expect(versionsOf(office).map(({ value, who }) => [typeof value, who])).toEqual([
      ["object", "Person OW"],
      ["string", "Person OW"],
    ]);
    expect(tables(office).rx).toBe(rx);
  });

  test("an amendment of one eye does not judge the other one anew", async () => {
    const room = await clinic.device("single", "room");
    const id = examOf(room);
    room.as("CL", patchExam, { id, fields: { r_sphere: -16_000, l_sphere: -2_000, outcome: "new_rx" } });
    room.as("CL", signExam, { id });
    room.as("OW", saveLimits, { table: "rx", value: narrow });
    const amend = (key: string, to: number) => () =>
      room.as("CL", amendExam, { id, reason: "misread", content: "", changes: [{ key, to }] });
    expect(refusalOf(amend("l_sphere", -2_250))).toBeNull();
    expect(refusalOf(amend("r_sphere", -17_000))).not.toBeNull();
    expect(refusalOf(amend("r_sphere", -14_000))).toBeNull();
  });
});

describe("at the centre", () => {
  const days = 86_400_000;
  /** Saved so many days ago, as a setting that every PC has heard of by now. */
  const saveAgo = defineCommand({
    name: "exams.save-limits",
    permission: null,
    input: z.object({ ago: z.number() }),
    run(tx, { ago }) {
      const savedAt = tx.now - ago * days;
      const key = limitsKey({ table: "rx", from: localDate(savedAt, "Europe/London"), savedAt });
      const id = tx.derive({ subject: tx.practice, reaction: `setting:${key}`, index: 0 });
      tx.insertOnce("setting", id, { key, value: { ...narrow, date: "2020-01-01" } }, null);
    },
  });
  /** What a client that skips its own checks would send. */
  const forgePower = defineCommand({
    name: "exams.patch",
    permission: null,
    input: z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()), entry: z.number().optional() }),
    run(tx, { id, fields, entry }) {
      if (Object.keys(fields).length > 0) tx.patch("exam", id as never, fields as never);
      if (entry === undefined) return;
      const key = "objective.sphere.r";
      const row = tx.derive({ subject: id as never, reaction: `entry:${key}`, index: 0 });
      tx.insertOnce("exam_entry", row, { exam_id: id as never, key, value: entry });
    },
  });
  const troubles = ({ engine }: ClinicDevice) => attention(engine, null).length;

  test("what the practice has ruled out for long is refused from a client that tries, column and entry", async () => {
    const room = await clinic.device("single", "room");
    room.as("OW", saveAgo, { ago: 90 });
    const id = examOf(room);
    await clinic.meet(room);
    room.as("CL", forgePower, { id, fields: { r_sphere: -16_000 } });
    await clinic.meet(room);
    expect(troubles(room)).toBe(1);
    expect(await clinic.rows("exam")).toMatchObject([{ r_sphere: null }]);
    room.as("CL", forgePower, { id, fields: {}, entry: -16_000 });
    await clinic.meet(room);
    expect(await clinic.rows("exam_entry")).toEqual([]);
    room.as("CL", forgePower, { id, fields: { r_sphere: -14_000 }, entry: -14_000 });
    await clinic.meet(room);
    expect(await clinic.rows("exam")).toMatchObject([{ r_sphere: -14_000 }]);
  });

  test("a PC that was away goes by the table it knows, and loses nothing of it, the signed exam included", async () => {
    const [office, room] = [await clinic.device("hq", "office"), await clinic.device("exam", "room")];
    await clinic.meet(office, room);
    room.engine.sync.setPlugged(false);
    office.as("OW", saveLimits, { table: "rx", value: narrow });
    await clinic.meet(office);
    const id = examOf(room);
    room.as("CL", patchExam, { id, fields: { r_sphere: -16_000, outcome: "new_rx" } });
    room.as("CL", signExam, { id });
    await clinic.meet(room);
    expect(troubles(room)).toBe(0);
    expect(await clinic.rows("exam_record")).toHaveLength(1);
    expect(tables(room).rx).toEqual(narrow);
  });

  test("a wider table and what was typed by it arrive together", async () => {
    const room = await clinic.device("single", "room");
    room.as("OW", saveAgo, { ago: 90 });
    const id = examOf(room);
    await clinic.meet(room);
    room.engine.sync.setPlugged(false);
    room.as("OW", resetLimits, { table: "rx" });
    room.as("CL", patchExam, { id, fields: { r_sphere: -16_000 }, entries: { "objective.sphere.r": -16_000 } });
    await clinic.meet(room);
    expect(troubles(room)).toBe(0);
    expect(await clinic.rows("exam")).toMatchObject([{ r_sphere: -16_000 }]);
  });
});

describe("who may", () => {
  test("nobody without the right to manage fields; the manager may, who manages no roles", async () => {
    const office = await clinic.device("hq", "office");
    const manager = await clinic.person("Person PM", "PM");
    await clinic.meet(office);
    for (const person of ["CL", "DO", "RC"])
      expect(refusalOf(() => office.as(person, saveLimits, { table: "rx", value: narrow }))).toMatchObject({
        code: "NO_PERMISSION",
        args: { permission: "fields:manage" },
      });
    expect(office.rows("setting")).toEqual([]);
    expect(refusalOf(() => office.as(manager, saveLimits, { table: "rx", value: narrow }))).toBeNull();
    expect(refusalOf(() => office.as("DO", resetLimits, { table: "rx" }))).toMatchObject({ code: "NO_PERMISSION" });
    expect(refusalOf(() => office.as(manager, resetLimits, { table: "rx" }))).toBeNull();
  });

  const versionKey = (table: "rx") => limitsKey({ table, from: today(), savedAt: 1 });
  /** What a client that skips its own checks would send. */
  const forge = defineCommand({
    name: "exams.save-limits",
    permission: null,
    input: z.object({ key: z.string(), as: z.string().optional(), value: z.unknown() }),
    run(tx, { key, as = key, value }) {
      const id = tx.derive({ subject: tx.practice, reaction: `setting:${as}`, index: 0 });
      tx.insertOnce("setting", id, { key, value }, null);
      tx.patch("setting", id, { key, value }, null);
    },
  });

  test("other settings stay with whoever manages roles, also by a detour over their row", async () => {
    const office = await clinic.device("hq", "office");
    const manager = await clinic.person("Person PM", "PM");
    await clinic.meet(office);
    const policy = { kind: "deposit", percent: 1 };
    expect(refusalOf(() => office.as(manager, forge, { key: "release_policy", value: policy }))).toMatchObject({
      args: { permission: "roles:manage" },
    });
    office.as(manager, forge, { key: versionKey("rx"), as: "release_policy", value: narrow });
    expect(refusalOf(() => office.as(manager, forge, { key: "release_policy", value: policy }))).not.toBeNull();
    expect(tables(office).rx).toEqual(rx);
    office.as("OW", forge, { key: "lab_branch", value: "york" });
    expect(
      refusalOf(() => office.as(manager, forge, { key: versionKey("rx"), as: "lab_branch", value: narrow })),
    ).not.toBeNull();
  });

  test("the centre refuses limits from a PC that lets them through, and there they are as delivered again", async () => {
    const office = await clinic.device("hq", "office");
    office.sqlite.exec("update role_permission set permission='fields:manage' where permission='pos:access'");
    office.as("DO", saveLimits, { table: "rx", value: narrow });
    expect(tables(office).rx).toEqual(narrow);
    await clinic.meet(office);
    expect(await clinic.rows("setting")).toEqual([]);
    expect(tables(office).rx).toEqual(rx);
    expect(attention(office.engine, null)).toHaveLength(1);
  });

  test("no table is kept that is wider than as delivered or makes no sense", async () => {
    const office = await clinic.device("hq", "office");
    const wide = { ...rx, sphere: { ...rx.sphere, block: [-50_000, 50_000] } };
    const refusal = refusalOf(() => office.as("OW", saveLimits, { table: "rx", value: wide }));
    expect(refusal).toMatchObject({ code: "LIMITS", args: { table: "rx", field: "sphere.block.0" } });
    expect(refusalOf(() => office.as("OW", forge, { key: versionKey("rx"), value: wide }))).toMatchObject({
      code: "INVALID",
    });
    expect(refusalOf(() => office.as("OW", forge, { key: "limits.shoes.2026-12-01.1", value: rx }))).toMatchObject({
      code: "INVALID",
    });
    expect(tables(office)).toEqual(builtInTables);
  });
});
