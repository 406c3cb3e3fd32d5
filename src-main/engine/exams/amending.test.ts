import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { amendExam, answerAmendment } from "./amending.ts";
import { patchExam } from "./draft.ts";
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
