/** A device with a right key, whose program writes what it likes: what the centre takes of it in the exam room. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../replica/crypto.ts";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { type ForgedRoom, freshId as id, openForgedRoom } from "../../sim/forged-room.ts";
import { openTestCentre, type SmallPractice } from "../../sim/practice.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { Centre } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { rowFromCentre } from "../database/rows.ts";
import { roleId } from "../identity/provision.ts";
import { type CentreChange, writeAsCentre } from "./write-as-centre.ts";

let db: Database;
let centre: Centre;
let practice: SmallPractice;
let room: ForgedRoom;

beforeAll(async () => {
  db = await openCentreDatabase();
  centre = await openTestCentre({ db });
}, 60_000);
beforeEach(async () => {
  room = await openForgedRoom(centre);
  practice = room.practice;
});
afterAll(() => db.close());

const body: ForgedRoom["body"] = (...of) => room.body(...of);
const push: ForgedRoom["push"] = (...of) => room.push(...of);
const settled = { verdict: "settled" };
const refused = (code: string) => ({ verdict: "rejected", code });

const patientFields = () => ({
  number: id(),
  given_name: "Margaret",
  family_name: "Ellison",
  date_of_birth: "1958-12-03",
  contact_by_text: true,
  contact_by_email: false,
  branch_id: practice.branches.leeds,
});
async function patient(): Promise<string> {
  const made = body("patient", patientFields());
  expect(await push("OW", made)).toMatchObject(settled);
  return made.row;
}
const examFields = (patientId: string, more: Record<string, unknown> = {}) => ({
  patient_id: patientId,
  branch_id: practice.branches.leeds,
  optometrist_id: practice.people.CL,
  started_at: Date.now(),
  ...more,
});
async function draft(more: Record<string, unknown> = {}): Promise<{ exam: string; patientId: string }> {
  const patientId = await patient();
  const made = body("exam", examFields(patientId, more));
  expect(await push("CL", made)).toMatchObject(settled);
  return { exam: made.row, patientId };
}
const derive: ForgedRoom["derive"] = (...of) => room.derive(...of);

function content(patientId: string, exam: Record<string, unknown> = {}, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    version: 2,
    patient_id: patientId,
    optometrist_id: practice.people.CL,
    started_at: 1,
    exam: { outcome: "no_rx", ...exam },
    entries: {},
    items: {},
    questions: {},
    ...more,
  });
}
function record(exam: string, patientId: string, bytes: string, more: Record<string, unknown> = {}): Body {
  const fields = {
    exam_id: exam,
    patient_id: patientId,
    branch_id: practice.branches.leeds,
    signed_by_id: practice.people.CL,
    signed_at: Date.now(),
    content: bytes,
    sha256: sha256Hex(bytes),
    folded: [],
    ...more,
  };
  return body("exam_record", fields, { row: derive(exam, "exam-record") });
}
async function stored(entity: string, row: string): Promise<Record<string, unknown> | null> {
  const [raw] = await db.query<Record<string, unknown>>(`select * from "${entity}" where practice_id=$1 and id=$2`, [
    practice.practice,
    row,
  ]);
  return raw ? rowFromCentre(entityOf(entity), raw) : null;
}
/** Somebody with the rights of an optometrist at York alone. */
async function yorkOptometrist(): Promise<string> {
  const user = id();
  const role = roleId(practice.practice, "CL");
  const changes: CentreChange[] = [
    {
      entity: "app_user",
      id: user,
      fields: {
        display_name: "York CL",
        email: `${user}@example.org`,
        job_title: null,
        registration_number: "01-9",
        active: true,
        primary_role_id: role,
        home_branch_id: practice.branches.york,
      },
    },
    {
      entity: "user_role",
      id: derive(user, `role:${role}`),
      fields: { user_id: user, role_id: role, branch_id: practice.branches.york },
    },
  ];
  await db.transaction((tx) => writeAsCentre(centre.settle, tx, practice.practice, "test", changes));
  return user;
}

describe("a draft", () => {
  test("is nobody else's: not another patient's, branch's or optometrist's, and not begun in another's name", async () => {
    const { exam } = await draft();
    const other = await patient();
    const changes = { patient_id: other, branch_id: practice.branches.york, optometrist_id: practice.people.OW };
    for (const [field, value] of Object.entries(changes))
      expect(await push("CL", body("exam", { [field]: value }, { row: exam, op: "patch" }))).toMatchObject(
        refused("NOT_ALLOWED"),
      );
    const theirs = examFields(other, { optometrist_id: practice.people.OW });
    expect(await push("CL", body("exam", theirs))).toMatchObject(refused("NOT_ALLOWED"));
  });

  test("entries and items stay in the exam and under the key that they were made for", async () => {
    const [{ exam }, { exam: other }] = [await draft(), await draft()];
    const entry = body(
      "exam_entry",
      { exam_id: exam, key: "pressure.note", value: null },
      { row: derive(exam, "entry:pressure.note") },
    );
    const items = { text: "Cataract", eye: "r", certain: true };
    const item = body("exam_item", { exam_id: exam, list: "diagnosis", data: items });
    const verdict = await push("CL", entry, item);
    if (verdict.verdict !== "settled") throw new Error(JSON.stringify(verdict));
    const lies: [Body, Record<string, unknown>][] = [
      [entry, { exam_id: other }],
      [entry, { key: "history.notes" }],
      [item, { exam_id: other }],
      [item, { list: "declined", data: { test: "iop", reason: "said no" } }],
    ];
    for (const [{ entity, row }, fields] of lies)
      expect(await push("CL", body(entity, fields, { row, op: "patch" }))).toMatchObject(refused("NOT_ALLOWED"));
  });

  test("of another branch is out of reach of who examines at York alone, its entries and signature too", async () => {
    const york = await yorkOptometrist();
    const { exam, patientId } = await draft();
    const bytes = content(patientId);
    const changes = [
      body("exam", { findings: "x" }, { row: exam, op: "patch" }),
      body(
        "exam_entry",
        { exam_id: exam, key: "pressure.note", value: "x" },
        { row: derive(exam, "entry:pressure.note") },
      ),
      body("exam_item", { exam_id: exam, list: "diagnosis", data: { text: "x", eye: null, certain: true } }),
      record(exam, patientId, bytes, { signed_by_id: york, branch_id: practice.branches.york }),
    ].map((each) => ({ ...each, branch: practice.branches.york }));
    for (const each of changes) expect(await push(york, each), each.entity).toMatchObject(refused("NO_PERMISSION"));
  });
});

describe("a signature", () => {
  test("is taken from who may sign, of the exam's own patient, and of values that an eye can have", async () => {
    const { exam, patientId } = await draft();
    const other = await patient();
    const right = content(patientId);
    expect(await push("DO", record(exam, patientId, right, { signed_by_id: practice.people.DO }))).toMatchObject(
      refused("NO_PERMISSION"),
    );
    const lies = [
      record(exam, other, right),
      record(exam, patientId, right, { signed_at: Date.now() + 10 * 86_400_000 }),
      record(exam, patientId, content(other)),
      record(exam, patientId, content(patientId, {}, { optometrist_id: practice.people.DO })),
      record(exam, patientId, content(patientId, { r_sphere: 99_000 })),
      record(exam, patientId, content(patientId, { r_sphere: 1000, r_cylinder: 1e9 })),
      record(exam, patientId, content(patientId, {}, { entries: { "pressure.nobody": 1 } })),
      record(exam, patientId, content(patientId, {}, { items: { pressure: [{ id: id(), value: 9000 }] } })),
    ];
    for (const lie of lies) expect(await push("CL", lie)).toMatchObject(refused("MALFORMED"));
    expect(await push("CL", record(exam, patientId, right))).toMatchObject(settled);
  });

  test("names as its preparer only who signed these very bytes, and never the signer", async () => {
    const { exam, patientId } = await draft();
    const bytes = content(patientId);
    const submission = body("exam_submission", {
      exam_id: exam,
      patient_id: patientId,
      branch_id: practice.branches.leeds,
      content: bytes,
      sha256: sha256Hex(bytes),
      folded: [],
      author_id: practice.people.CL,
      at: Date.now(),
    });
    const by = (who: string, submission_id: string | null) => ({ prepared_by_id: who, submission_id });
    expect(await push("CL", record(exam, patientId, bytes, by(practice.people.DO, null)))).toMatchObject(
      refused("MALFORMED"),
    );
    expect(await push("CL", submission)).toMatchObject(settled);
    const own = record(exam, patientId, bytes, by(practice.people.CL, submission.row));
    expect(await push("CL", own)).toMatchObject(refused("NOT_ALLOWED"));
    const changed = content(patientId, { findings: "another" });
    const signed = { ...by(practice.people.CL, submission.row), signed_by_id: practice.people.CL };
    expect(await push("CL", record(exam, patientId, changed, signed))).toMatchObject(refused("MALFORMED"));
  });

  test("stays: neither the signed exam nor its record is taken away", async () => {
    const { exam, patientId } = await draft();
    const signed = record(exam, patientId, content(patientId));
    expect(await push("CL", signed)).toMatchObject(settled);
    for (const way of [
      { op: "remove", fields: {} },
      { op: "patch", fields: { deleted: true } },
    ] as const)
      expect(await push("CL", body("exam", {}, { row: exam, ...way }))).toMatchObject(refused("NOT_ALLOWED"));
    expect(await push("CL", body("exam_record", {}, { row: signed.row, op: "remove" }))).toMatchObject(
      refused("NOT_ALLOWED"),
    );
    expect((await stored("exam", exam))?.deleted).toBe(false);
  });

  test("what is written into a signed exam becomes a proposal, and the record keeps its bytes", async () => {
    const { exam, patientId } = await draft({ outcome: "no_rx" });
    const bytes = content(patientId);
    const signed = record(exam, patientId, bytes);
    expect(await push("CL", signed)).toMatchObject(settled);
    const late = body(
      "exam_entry",
      { exam_id: exam, key: "pressure.note", value: null },
      { row: derive(exam, "entry:pressure.note") },
    );
    const words = body("exam_entry", { value: "too late" }, { row: late.row, op: "patch" });
    expect(await push("CL", late, words)).toMatchObject(settled);
    expect((await stored("exam_record", signed.row))?.content).toBe(bytes);
    const proposals = await db.query<{ state: string }>(
      "select state from exam_amendment where practice_id=$1 and exam_id=$2",
      [practice.practice, exam],
    );
    expect(proposals).toEqual([{ state: "proposed" }]);
  });
});

describe("what was issued", () => {
  const outside = (patientId: string, more: Record<string, unknown> = {}) => ({
    patient_id: patientId,
    branch_id: practice.branches.leeds,
    r_sphere: -1000,
    l_sphere: -1000,
    issued_on: "2026-01-01",
    expires_on: "2028-01-01",
    prescriber: "Elsewhere",
    source: "outside",
    at: Date.now(),
    ...more,
  });
  test("a till puts no prescription on file as of an exam, in an optometrist's name or beyond what lenses have", async () => {
    const { exam, patientId } = await draft();
    expect(await push("DO", body("prescription", outside(patientId)))).toMatchObject(settled);
    expect(await push("DO", body("prescription", outside(patientId, { exam_id: exam })))).toMatchObject(
      refused("MALFORMED"),
    );
    for (const prescriber_id of [practice.people.CL, practice.people.DO])
      expect((await push("DO", body("prescription", outside(patientId, { prescriber_id })))).verdict).toBe("rejected");
    expect(await push("DO", body("prescription", outside(patientId, { r_sphere: 99_875 })))).toMatchObject(
      refused("MALFORMED"),
    );
    const own = outside(patientId, { source: "exam", exam_id: exam });
    expect(await push("DO", body("prescription", own))).toMatchObject(refused("NOT_ALLOWED"));
    const inOwnName = { ...own, prescriber_id: practice.people.DO };
    expect(await push("DO", body("prescription", inOwnName))).toMatchObject(refused("NO_PERMISSION"));
    const inAnothersName = { ...own, prescriber_id: practice.people.OW };
    expect(await push("CL", body("prescription", inAnothersName))).toMatchObject(refused("NOT_ALLOWED"));
  });

  test("nobody issues it as the reaction to a signature that there is not", async () => {
    const { exam, patientId } = await draft();
    const forged = body("prescription", outside(patientId, { source: "exam", exam_id: exam }), {
      row: derive(exam, "exam-signed"),
      by: "exam-signed",
    });
    const harmless = body("patient", { occupation: "Baker" }, { row: patientId, op: "patch" });
    expect(await push("OW", harmless, forged)).toMatchObject(refused("NOT_ALLOWED"));
  });

  test("a till handles a hand-off card and does not rewrite it", async () => {
    const { exam, patientId } = await draft();
    const handoff = derive(exam, "exam-signed", 2);
    expect(await push("CL", record(exam, patientId, content(patientId)))).toMatchObject(settled);
    const till = (fields: Record<string, unknown>) =>
      push("DO", body("handoff", fields, { row: handoff, op: "patch" }));
    for (const fields of [
      { recommendation: "our dearest" },
      { outcome: "new_rx" },
      { from_user_id: practice.people.OW },
    ])
      expect(await till(fields)).toMatchObject(refused("NOT_ALLOWED"));
    expect(await till({ handled_at: 1, handled_by_id: practice.people.DO })).toMatchObject(settled);
  });
});

test("a booking stays its patient's and its branch's, and is cancelled by who may change that branch's", async () => {
  const patientId = await patient();
  const fields = {
    patient_id: patientId,
    branch_id: practice.branches.york,
    room: "1",
    optometrist_id: null,
    starts_at: Date.now(),
    minutes: 30,
    kind: "sight_test",
    walk_in: false,
    booked_by_id: practice.people.OW,
    booked_at: Date.now(),
  };
  const made = body("appointment", fields, { branch: practice.branches.york });
  expect(await push("OW", made)).toMatchObject(settled);
  const other = await patient();
  for (const change of [{ patient_id: other }, { branch_id: practice.branches.leeds }])
    expect(await push("OW", body("appointment", change, { row: made.row, op: "patch" }))).toMatchObject(
      refused("NOT_ALLOWED"),
    );
  const event = (kind: string) =>
    body("appointment_event", {
      appointment_id: made.row,
      kind,
      text: null,
      user_id: practice.people.DO,
      branch_id: practice.branches.leeds,
      at: Date.now(),
    });
  // A dispenser changes bookings of their own branch.
  expect(await push("DO", event("cancelled"))).toMatchObject(refused("NO_PERMISSION"));
  expect(await push("DO", event("arrived"))).toMatchObject(settled);
});

test("a file's row keeps its patient, its bytes and its key", async () => {
  const { exam, patientId } = await draft();
  const other = await patient();
  const made = body("attachment", {
    subject_entity: "exam",
    subject_id: exam,
    patient_id: patientId,
    branch_id: practice.branches.leeds,
    name: "scan",
    kind: "oct",
    mime: "image/png",
    size: 100,
    blob: "a".repeat(64),
    blob_size: 116,
    blob_key: "k",
    user_id: practice.people.CL,
    at: Date.now(),
    stream: "clinical",
  });
  expect(await push("CL", made)).toMatchObject(settled);
  for (const change of [{ patient_id: other }, { blob: "b".repeat(64) }, { blob_key: "x" }, { subject_id: id() }])
    expect(await push("CL", body("attachment", change, { row: made.row, op: "patch" }))).toMatchObject(
      refused("NOT_ALLOWED"),
    );
  for (const op of ["remove", "restore"] as const)
    expect(await push("RC", body("attachment", {}, { row: made.row, op }))).toMatchObject(refused("NO_PERMISSION"));
  expect(await push("CL", body("attachment", { note: "left eye" }, { row: made.row, op: "patch" }))).toMatchObject(
    settled,
  );
});
