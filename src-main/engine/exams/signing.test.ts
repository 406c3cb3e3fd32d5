import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { sha256Hex } from "../../../replica/crypto.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { registerPatient } from "../../../sim/work.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { attention } from "../sync/attention/index.ts";
import { defineCommand } from "../write/define.ts";
import { amendExam } from "./amending.ts";
import { discardExam, patchExam, startExam } from "./draft.ts";
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

const rx = {
  r_sphere: -4250,
  r_cylinder: -1250,
  r_axis: 15,
  l_sphere: -3750,
  l_cylinder: null,
  l_axis: null,
  outcome: "new_rx",
};
function draft(room: ClinicDevice): string {
  const { id: patientId } = room.as("CL", registerPatient, {
    givenName: "Margaret",
    familyName: "Ellison",
    dateOfBirth: "1958-12-03",
    phone: null,
  }) as { id: string };
  const { id } = room.as("CL", startExam, { patientId }) as { id: string };
  room.as("CL", patchExam, { id, fields: { ...rx, history: "Blurred at distance" } });
  return id;
}
function codeOf(work: () => unknown): string {
  try {
    work();
    return "taken";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}
const content = (device: ClinicDevice) =>
  device.rows("exam_record").map(({ content: bytes }) => JSON.parse(bytes) as { exam: Record<string, unknown> });

test("a signed exam is on the tills' hand-off list, with its prescription", async () => {
  const [room, till] = [await clinic.device("single", "room"), await clinic.device("till", "till")];
  room.as("CL", signExam, { id: draft(room) });
  await clinic.meet(room, till);
  expect(till.rows("handoff")).toMatchObject([
    { outcome: "new_rx", handled_at: null, prescription_id: till.rows("prescription")[0]?.id },
  ]);
  expect(till.rows("prescription")[0]).toMatchObject({
    r_sphere: -4250,
    l_sphere: -3750,
    source: "exam",
    prescriber: "Person CL",
  });
  // What is clinical is not on a till's disk at all.
  expect([till.rows("exam"), till.rows("exam_record")]).toEqual([[], []]);
});

test("scenario 12: two optometrists sign one draft: one record stands, the other is a concurrent amendment", async () => {
  const [one, two] = [await clinic.device("single", "one"), await clinic.device("single", "two")];
  const colleague = await clinic.person("Person CL 2", "CL");
  const id = draft(one);
  await clinic.meet(one, two);
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  one.as("CL", patchExam, { id, fields: { findings: "as one saw it" } });
  one.as("CL", signExam, { id });
  two.as(colleague, patchExam, { id, fields: { findings: "as two saw it" } });
  two.as(colleague, signExam, { id });
  await clinic.meet(one);
  await clinic.meet(one, two);
  const records = await clinic.rows("exam_record");
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ exam_id: id, signed_by_id: clinic.practice.people.CL });
  expect(one.rows("exam_record")).toEqual(records);
  expect(two.rows("exam_record")).toEqual(records);
  expect(content(two)[0]?.exam).toMatchObject({ findings: "as one saw it" });
  const concurrent = two.rows("exam_amendment").filter(({ state }) => state === "concurrent");
  expect(concurrent).toHaveLength(1);
  expect(JSON.parse(concurrent[0]?.content ?? "{}").exam).toMatchObject({ findings: "as two saw it" });
  expect(one.rows("exam_amendment")).toEqual(two.rows("exam_amendment"));
  for (const device of [one, two]) {
    expect(device.rows("prescription")).toHaveLength(1);
    expect(device.rows("handoff")).toHaveLength(1);
    expect(device.rows("exam")[0]).toMatchObject({ record_id: records[0]?.id });
  }
});

/** What a client that skips its own checks would send. */
const forge = defineCommand({
  name: "exams.patch",
  permission: null,
  input: z.object({ id: z.string(), findings: z.string() }),
  run(tx, { id, findings }) {
    tx.patch("exam", id, { findings });
  },
});
const forgeRecord = defineCommand({
  name: "exams.sign",
  permission: null,
  input: z.object({ record: z.any(), id: z.string(), content: z.string(), sha256: z.string() }),
  run(tx, { record, id, content: bytes, sha256 }) {
    const { id: _, hlc: __, ...fields } = record;
    tx.insert("exam_record", { ...fields, signed_by_id: tx.user, content: bytes, sha256 }, { id });
  },
});

describe("a signed exam cannot be altered", () => {
  let room: ClinicDevice;
  let id: string;
  let before: string;
  beforeEach(async () => {
    room = await clinic.device("single", "room");
    id = draft(room);
    room.as("CL", signExam, { id });
    await clinic.meet(room);
    before = JSON.stringify(await clinic.rows("exam_record"));
  });

  test("by a command", () => {
    expect(codeOf(() => room.as("CL", patchExam, { id, fields: { findings: "later" } }))).toBe("EXAM_SIGNED");
    expect(codeOf(() => room.as("CL", signExam, { id }))).toBe("EXAM_SIGNED");
    room.as("CL", amendExam, { id, reason: "Typing error", content: "The left axis was 175." });
    expect(room.rows("exam_amendment")).toMatchObject([{ state: "amendment", reason: "Typing error" }]);
  });

  test("by a client that pushes a patch all the same: it becomes a proposed amendment", async () => {
    room.as("CL", forge, { id, findings: "something else" });
    await clinic.meet(room);
    expect(JSON.stringify(await clinic.rows("exam_record"))).toBe(before);
    expect(JSON.stringify(room.rows("exam_record"))).toBe(before);
    expect(room.rows("exam_amendment")).toMatchObject([{ state: "proposed", author_id: clinic.practice.people.CL }]);
    expect(room.rows("exam_amendment")[0]?.content).toContain("something else");
  });

  test("by a second record beside the first, or one whose hash does not fit", async () => {
    const [record] = room.rows("exam_record");
    const other = (record?.content ?? "").replace("Blurred", "Clear");
    room.as("CL", forgeRecord, { record, id: "01".repeat(16), content: other, sha256: sha256Hex(other) });
    await clinic.meet(room);
    expect(JSON.stringify(await clinic.rows("exam_record"))).toBe(before);
    expect(attention(room.engine, null)).toMatchObject([{ kind: "rejected", code: "MALFORMED" }]);
    expect(JSON.stringify(room.rows("exam_record"))).toBe(before);

    const second = draft(room);
    const derived = room.engine.writer.execute(
      defineCommand({
        name: "test.id",
        permission: null,
        input: z.null(),
        run: (tx) => tx.derive({ subject: second, reaction: "exam-record", index: 0 }),
      }),
      null,
      { user: clinic.practice.people.CL, role: null, branch: clinic.practice.branches.leeds },
    );
    room.as("CL", forgeRecord, {
      record: { ...record, exam_id: second },
      id: derived,
      content: other,
      sha256: sha256Hex("another text"),
    });
    await clinic.meet(room);
    expect(JSON.stringify(await clinic.rows("exam_record"))).toBe(before);
    expect(attention(room.engine, null).map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED"]);
  });

  test("by a statement to the replica or to the centre", async () => {
    const alter = (sql: string) => () => room.sqlite.prepare(sql).run();
    expect(alter("update exam_record set content='x'")).toThrow(/cannot be changed/);
    expect(alter("delete from exam_record")).toThrow(/cannot be deleted/);
    await expect(
      db.query("update exam_record set content='x' where practice_id=$1", [clinic.practice.practice]),
    ).rejects.toThrow(/cannot be changed/);
    await expect(db.query("delete from exam_record where practice_id=$1", [clinic.practice.practice])).rejects.toThrow(
      /cannot be changed/,
    );
    expect(JSON.stringify(await clinic.rows("exam_record"))).toBe(before);
  });
});

test("a draft that is not signed is still open for both who write in it, field by field", async () => {
  const [one, two] = [await clinic.device("single", "one"), await clinic.device("single", "two")];
  const colleague = await clinic.person("Person CL 2", "CL");
  const id = draft(one);
  await clinic.meet(one, two);
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  one.as("CL", patchExam, { id, fields: { findings: "lens clear" } });
  two.as(colleague, patchExam, { id, fields: { advice: "sunglasses" } });
  await clinic.meet(one, two);
  for (const device of [one, two])
    expect(device.rows("exam")[0]).toMatchObject({ findings: "lens clear", advice: "sunglasses" });
});

test("nobody without the right signs, not even at a device that would let them", () => {
  return clinic.device("single", "room").then((room) => {
    const id = draft(room);
    expect(codeOf(() => room.as("RC", signExam, { id }))).toBe("NO_PERMISSION");
    expect(codeOf(() => room.as("CL", patchExam, { id, fields: { r_sphere: 90_000 } }))).toBe("IMPOSSIBLE");
    room.as("CL", patchExam, { id, fields: { outcome: null } });
    expect(codeOf(() => room.as("CL", signExam, { id }))).toBe("NO_OUTCOME");
    expect(room.rows("exam_record")).toEqual([]);
  });
});

test("discarded at one and signed at the other: the exam is signed, and nobody is asked to decide on the discarding", async () => {
  const [one, two] = [await clinic.device("single", "one"), await clinic.device("single", "two")];
  const id = draft(one);
  await clinic.meet(one, two);
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  two.as("CL", signExam, { id });
  one.as("CL", discardExam, { id });
  await clinic.meet(two);
  await clinic.meet(one, two);
  for (const device of [one, two]) {
    expect(device.rows("exam")[0]?.record_id).not.toBeNull();
    expect(device.rows("exam_amendment")).toEqual([]);
  }
});
