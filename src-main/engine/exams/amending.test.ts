import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn, unchecked } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { attention } from "../sync/attention/index.ts";
import { defineCommand } from "../write/define.ts";
import { amendExam, answerAmendment } from "./amending.ts";
import { addItem, patchExam } from "./draft.ts";
import { examList } from "./queries.ts";
import { recordOf } from "./record-queries.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let one: ClinicDevice;
let two: ClinicDevice;
let colleague: string;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  [one, two] = [await clinic.device("single", "one"), await clinic.device("single", "two")];
  colleague = await clinic.person("Person CL 2", "CL");
  await clinic.meet(one, two);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const unplug = () => {
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
};
const recordAt = (device: ClinicDevice, id: string) => {
  const record = recordOf(device.engine, id);
  if (!record) throw new Error("not signed here");
  return record;
};
const signedEverywhere = async (dateOfBirth?: string) => {
  const { id } = draftIn(one, dateOfBirth);
  one.as("CL", signExam, { id });
  await clinic.meet(one, two);
  return id;
};
const amend = (device: ClinicDevice, who: string, id: string, changes: { key: string; to: unknown }[], content = "") =>
  device.as(who, amendExam, { id, reason: "Typing error", content, changes });

describe("one signs offline while the other goes on writing", () => {
  async function writtenMeanwhile() {
    const { id } = draftIn(one);
    await clinic.meet(one, two);
    unplug();
    one.as("CL", signExam, { id });
    two.as(colleague, patchExam, {
      id,
      fields: { advice: "Sunglasses" },
      entries: { "posterior.disc.r": "pale", "anterior.cornea.r": "old scar" },
    });
    return id;
  }
  test.each([
    ["the signature comes first", (): ClinicDevice[] => [one, two]],
    ["the draft comes first", (): ClinicDevice[] => [two, one]],
  ])("nothing is lost when %s", async (_, order) => {
    const id = await writtenMeanwhile();
    const [first, second] = order() as [ClinicDevice, ClinicDevice];
    await clinic.meet(first);
    await clinic.meet(first, second);
    for (const device of [one, two]) {
      const { amended, amendments } = recordAt(device, id);
      // Not in the record, and said beside it.
      expect(amended.entries["posterior.disc.r"]).toBeUndefined();
      const said = new Map(amendments.flatMap(({ changes }) => changes.map(({ key, to }) => [key, to] as const)));
      expect(said.get("posterior.disc.r")).toBe("pale");
      expect(said.get("anterior.cornea.r")).toBe("old scar");
      expect(said.get("advice")).toBe("Sunglasses");
      expect(amendments.every(({ status, state }) => status === "open" && state === "proposed")).toBe(true);
    }
    expect(recordAt(one, id).amended).toEqual(recordAt(two, id).amended);
  });

  test("accepted, it reads in the record as amended; set aside, it stays readable; both on every device", async () => {
    const id = await writtenMeanwhile();
    await clinic.meet(one);
    await clinic.meet(one, two);
    const open = recordAt(one, id).amendments;
    for (const [index, { id: amendmentId }] of open.entries())
      one.as("CL", answerAmendment, {
        amendmentId,
        decision: index === 0 ? "accepted" : "set_aside",
        reason: index === 0 ? "Seen by both" : "Written for another eye",
      });
    expect(
      codeOf(() =>
        one.as("CL", answerAmendment, { amendmentId: open[0]?.id, decision: "set_aside", reason: "Not so" }),
      ),
    ).toBe("ANSWERED");
    await clinic.meet(one, two);
    for (const device of [one, two]) {
      const record = recordAt(device, id);
      expect(record.amendments.filter(({ status }) => status !== null).map(({ status }) => status)).toEqual(
        open.map((_, index) => (index === 0 ? "accepted" : "set_aside")),
      );
      for (const { key, to } of open[0]?.changes ?? [])
        expect([record.amended.entries[key] ?? record.amended.exam[key as "outcome"]]).toEqual([to]);
      expect(record.signed.entries["posterior.disc.r"]).toBeUndefined();
    }
  });
});

test("a second signature is shown with what it says differently, and can be accepted", async () => {
  const { id } = draftIn(one);
  await clinic.meet(one, two);
  unplug();
  one.as("CL", signExam, { id });
  two.as(colleague, patchExam, { id, fields: { advice: "Sunglasses" } });
  two.as(colleague, signExam, { id });
  await clinic.meet(one);
  await clinic.meet(one, two);
  const concurrent = recordAt(one, id).amendments.find(({ state }) => state === "concurrent");
  expect(concurrent).toMatchObject({ author: "Person CL 2", status: "open" });
  expect(concurrent?.changes).toEqual([{ key: "advice", from: null, to: "Sunglasses" }]);
  one.as("CL", answerAmendment, { amendmentId: concurrent?.id, decision: "accepted", reason: "Both are right" });
  await clinic.meet(one, two);
  expect(recordAt(two, id).amended.exam.advice).toBe("Sunglasses");
});

test("amendments of two devices both arrive everywhere, and the later one of a field is what it reads", async () => {
  const id = await signedEverywhere();
  unplug();
  amend(one, "CL", id, [
    { key: "posterior.disc.r", to: "pale" },
    { key: "advice", to: "One" },
  ]);
  amend(
    two,
    colleague,
    id,
    [
      { key: "posterior.disc.l", to: "tilted" },
      { key: "advice", to: "Two" },
    ],
    "On the phone.",
  );
  await clinic.meet(one, two);
  for (const device of [one, two]) {
    const { amended, amendments, signed } = recordAt(device, id);
    expect(amended.entries).toMatchObject({ "posterior.disc.r": "pale", "posterior.disc.l": "tilted" });
    // Neither saw the other: the later stamp is what it reads, the other stays readable beside it.
    const said = amendments.flatMap(({ changes }) => changes.flatMap(({ key, to }) => (key === "advice" ? [to] : [])));
    expect([...said].sort()).toEqual(["One", "Two"]);
    expect(amended.exam.advice).toBe(said.at(-1));
    expect(signed.exam.advice).toBeNull();
    expect(amendments.map(({ text }) => text).sort()).toEqual(["", "On the phone."]);
  }
  expect(recordAt(one, id)).toEqual(recordAt(two, id));
});

test("an amendment of what no record can say is refused, and nothing of it is kept", async () => {
  const id = await signedEverywhere();
  const before = one.everything();
  const tried = (changes: { key: string; to: unknown }[]) => codeOf(() => amend(one, "CL", id, changes));
  expect(tried([{ key: "posterior.cd_ratio.r", to: 140 }])).toBe("INVALID");
  expect(tried([{ key: "patient_id", to: "someone else" }])).toBe("INVALID");
  expect(tried([{ key: "outcome", to: null }])).toBe("INVALID");
  expect(tried([{ key: "l_cylinder", to: -500 }])).toBe("RX_INCOMPLETE");
  expect(tried([{ key: "advice", to: null }])).toBe("EMPTY_AMENDMENT");
  expect(one.everything()).toBe(before);
});

describe("what stands in lists", () => {
  const reading = { eye: "r", value: 180, method: "goldmann", at: 1_764_000_000_000, note: null };
  const stroke = { diagram: "posterior", eye: "r", tool: "haemorrhage", points: "500,300 20,10", note: null };

  test("is corrected, struck and added to, and says so on every device, with what it was", async () => {
    const { id } = draftIn(one);
    const add = (list: string, data: object) => one.as("CL", addItem, { examId: id, list, data }) as { id: string };
    const [first, second, drawn] = [
      add("pressure", reading),
      add("pressure", { ...reading, eye: "l" }),
      add("stroke", stroke),
    ];
    one.as("CL", signExam, { id });
    await clinic.meet(one, two);
    amend(two, colleague, id, [
      { key: `pressure:${first.id}`, to: { ...reading, value: 260 } },
      { key: `pressure:${second.id}`, to: null },
      { key: "pressure:new1", to: { ...reading, value: 200, method: "perkins" } },
      { key: "diagnosis:new1", to: { text: "Ocular hypertension", eye: "b", certain: false } },
      { key: `stroke:${drawn.id}`, to: { ...stroke, note: "fresh" } },
      { key: "stroke:new7", to: { ...stroke, eye: "l" } },
    ]);
    await clinic.meet(two, one);
    for (const device of [one, two]) {
      const { signed, amended, amendments } = recordAt(device, id);
      expect(amended.items.pressure).toMatchObject([{ value: 260 }, { value: 200, method: "perkins" }]);
      expect(amended.items.diagnosis).toMatchObject([{ text: "Ocular hypertension" }]);
      expect(amended.items.stroke).toMatchObject([{ note: "fresh" }, { eye: "l" }]);
      expect(signed.items.pressure).toHaveLength(2);
      expect(amendments[0]?.changes).toContainEqual({
        key: `pressure:${second.id}`,
        from: { ...reading, eye: "l" },
        to: null,
      });
      expect(amendments[0]).toMatchObject({ author: "Person CL 2", reason: "Typing error" });
    }
    expect(recordAt(one, id)).toEqual(recordAt(two, id));
  });

  test("an entry that no exam has is refused here, and by the centre from a client that does not ask", async () => {
    const id = await signedEverywhere();
    const wrong = { ...reading, value: 8000 };
    expect(codeOf(() => amend(one, "CL", id, [{ key: "pressure:new1", to: wrong }]))).toBe("INVALID");
    expect(codeOf(() => amend(one, "CL", id, [{ key: "nothing:new1", to: reading }]))).toBe("INVALID");
    const content = JSON.stringify({ changes: [{ key: `pressure:${"0a".repeat(16)}`, from: null, to: wrong }] });
    expect(codeOf(() => one.as("CL", forgeAmendment, { id, content }))).toBe("INVALID");
    unchecked("exam_amendment", () => one.as("CL", forgeAmendment, { id, content }));
    await clinic.meet(one);
    expect(await clinic.rows("exam_amendment")).toEqual([]);
    expect(attention(one.engine, null)).toMatchObject([{ kind: "rejected", code: "MALFORMED" }]);
  });
});

describe("two optometrists sign one draft on two devices", () => {
  test("one exam is signed, the other signature is an amendment; words, readings and drawings of both are there", async () => {
    const { id } = draftIn(one);
    await clinic.meet(one, two);
    unplug();
    const mark = (eye: string, note: string) => ({
      diagram: "anterior",
      eye,
      tool: "label",
      points: "400,400 10,10",
      note,
    });
    const reading = (eye: string, value: number) => ({ eye, value, method: "goldmann", at: 1, note: null });
    const write = (device: ClinicDevice, who: string, eye: string, value: number) => {
      device.as(who, patchExam, {
        id,
        fields: { advice: `Advice of ${who}` },
        entries: { "history.general": `Told ${who}`, [`posterior.disc.${eye}`]: `seen by ${who}` },
      });
      device.as(who, addItem, { examId: id, list: "pressure", data: reading(eye, value) });
      device.as(who, addItem, { examId: id, list: "stroke", data: mark(eye, `drawn by ${who}`) });
      device.as(who, signExam, { id });
    };
    write(one, "CL", "r", 160);
    write(two, colleague, "l", 210);
    await clinic.meet(one);
    await clinic.meet(two, one);
    await clinic.meet(one, two);
    expect(await clinic.rows("exam_record")).toHaveLength(1);
    const wrote = ["CL", colleague].flatMap((who) => [
      `Advice of ${who}`,
      `Told ${who}`,
      `seen by ${who}`,
      `drawn by ${who}`,
    ]);
    for (const device of [one, two]) {
      const { signed, amendments, signedBy, final } = recordAt(device, id);
      expect([signedBy, final]).toEqual(["Person CL", true]);
      const text = JSON.stringify([signed, amendments]);
      for (const words of wrote) expect(text).toContain(words);
      for (const value of [160, 210]) expect(text).toContain(`"value":${value}`);
      const [second, ...others] = amendments.filter(({ state }) => state === "concurrent");
      expect(others).toEqual([]);
      expect(second).toMatchObject({ author: "Person CL 2", status: "open" });
    }
    const amendmentId = recordAt(two, id).amendments.find(({ state }) => state === "concurrent")?.id ?? "";
    two.as(colleague, answerAmendment, { amendmentId, decision: "accepted", reason: "Both of us were there" });
    await clinic.meet(two, one);
    const { amended } = recordAt(one, id);
    expect(amended.exam.advice).toBe(`Advice of ${colleague}`);
    expect(amended.entries["posterior.disc.l"]).toBe(`seen by ${colleague}`);
    expect(JSON.stringify(amended.items.stroke)).toContain(`drawn by ${colleague}`);
    expect(amended.items.pressure).toContainEqual(expect.objectContaining({ eye: "l", value: 210 }));
    expect(recordAt(two, id)).toEqual(recordAt(one, id));
  });

  test("a reading that settles after the signature is proposed, and stands once it is accepted", async () => {
    const { id } = draftIn(one);
    await clinic.meet(one, two);
    unplug();
    one.as("CL", signExam, { id });
    two.as(colleague, addItem, { examId: id, list: "drops", data: { ...drops } });
    await clinic.meet(one);
    await clinic.meet(one, two);
    const [proposal] = recordAt(one, id).amendments;
    expect(proposal).toMatchObject({ state: "proposed", status: "open", author: "Person CL 2" });
    one.as("CL", answerAmendment, {
      amendmentId: proposal?.id,
      decision: "accepted",
      reason: "Put in before I signed",
    });
    await clinic.meet(one, two);
    expect(recordAt(two, id).amended.items.drops).toMatchObject([drops]);
    expect(examList(two.engine, colleague).recent).toMatchObject([{ final: true, proposals: 0 }]);
  });
});

const drops = { drug: "Tropicamide", strength: "1 %", eye: "b", drops: 1, at: 1, batch: "B12", expires_on: null };
const forgeAmendment = defineCommand({
  name: "exams.amend",
  permission: null,
  input: z.object({ id: z.string(), content: z.string() }),
  run(tx, { id, content }) {
    const exam = tx.need("exam", id);
    tx.insert("exam_amendment", {
      exam_id: id,
      patient_id: exam.patient_id,
      state: "amendment",
      reason: "No reason",
      content,
      author_id: tx.user as string,
      at: tx.now,
    });
  },
});

test("until the centre has it a record is signed here; afterwards it is final, on the record and in the list", async () => {
  const { id } = draftIn(one);
  unplug();
  one.as("CL", signExam, { id });
  expect([recordAt(one, id).final, examList(one.engine, "").recent[0]?.final]).toEqual([false, false]);
  await clinic.meet(one);
  expect([recordAt(one, id).final, examList(one.engine, "").recent[0]?.final]).toEqual([true, true]);
});

test("where two people wrote in a draft the record says who wrote what; where one did it says nothing", async () => {
  const { id } = draftIn(one);
  await clinic.meet(one, two);
  two.as(colleague, patchExam, { id, fields: { advice: "Sunglasses" }, entries: { "vision.own.r": "6/9" } });
  await clinic.meet(two, one);
  one.as("CL", patchExam, { id, entries: { "vision.own.l": "6/6" } });
  one.as("CL", signExam, { id });
  await clinic.meet(one, two);
  for (const device of [one, two]) {
    const { writers } = recordAt(device, id);
    const who = (key: string) => writers[key]?.who;
    expect([who("advice"), who("vision.own.r"), who("vision.own.l"), who("r_sphere")]).toEqual([
      "Person CL 2",
      "Person CL 2",
      "Person CL",
      "Person CL",
    ]);
  }
  expect(recordAt(one, await signedEverywhere()).writers).toEqual({});
});

test("a corrected addition for between is part of the prescription that is issued again", async () => {
  const id = await signedEverywhere();
  amend(one, "CL", id, [{ key: "near.inter_add.r", to: 1250 }]);
  const issued = one.rows("prescription").sort((a, b) => b.at - a.at);
  expect(issued.map(({ r_inter_add }) => r_inter_add)).toEqual([1250, null]);
});

test("who does not sign exams does not amend them either", async () => {
  const id = await signedEverywhere();
  expect(codeOf(() => amend(one, "RC", id, [{ key: "advice", to: "x" }]))).toBe("NO_PERMISSION");
});

test("a corrected prescription is issued again, dated as the test was, and reaches the till", async () => {
  const till = await clinic.device("till", "till");
  const id = await signedEverywhere("2015-01-01");
  amend(one, "CL", id, [{ key: "l_sphere", to: -3500 }]);
  await clinic.meet(one, till);
  const issued = till.rows("prescription").sort((a, b) => b.at - a.at);
  expect(issued).toHaveLength(2);
  expect(issued[0]).toMatchObject({
    l_sphere: -3500,
    r_sphere: -4250,
    issued_on: issued[1]?.issued_on,
    expires_on: issued[1]?.expires_on,
    restricted: "under_16",
    note: "Corrected: Typing error",
  });
  expect(issued[1]).toMatchObject({ l_sphere: -3750, note: null });
  amend(one, "CL", id, [{ key: "advice", to: "Sunglasses" }]);
  expect(one.rows("prescription")).toHaveLength(2);
});
