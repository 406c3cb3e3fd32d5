import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amendedRecord,
  changeProblem,
  readAmendment,
  type StoredAmendment,
  saidIn,
  writeAmendment,
} from "./amended.ts";
import { draftRow, entryRow, itemRow } from "./content.fixture.ts";
import { canonicalExam } from "./content.ts";

const reading = { eye: "r", value: 180, method: "goldmann", at: 1, note: null };
const record = canonicalExam({
  exam: draftRow({ advice: "Sunglasses" }),
  entries: [entryRow("posterior.disc.r", "healthy_rim"), entryRow("vision.own.r", "6/9")],
  items: [itemRow(1, "pressure", reading)],
});
const firstVersion = JSON.stringify({
  version: 1,
  patient_id: "p",
  optometrist_id: "o",
  started_at: 1,
  exam: { outcome: "no_change", findings: "Clear", r_sphere: 0, l_sphere: 0 },
});

const hex = (number: number) => number.toString(16).padStart(32, "0");
const item = `pressure:${hex(1)}`;
const values = {
  advice: fc.option(fc.constantFrom("Rest", "Drops", "Sunglasses"), { nil: null }),
  "posterior.disc.r": fc.option(fc.constantFrom("pale", "tilted", "cupped"), { nil: null }),
  "posterior.cd_ratio.l": fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
  [item]: fc.option(
    fc.integer({ min: 0, max: 800 }).map((value) => ({ ...reading, value })),
    { nil: null },
  ),
  [`pressure:${hex(7)}`]: fc.option(fc.constant({ ...reading, eye: "l" }), { nil: null }),
  // What a newer version, or somebody who means no good, might say.
  "nothing.known": fc.constant("x"),
  [`constructor:${hex(3)}`]: fc.constant(null),
  outcome: fc.constantFrom(null, "refer", "nonsense"),
};
const change = fc.oneof(
  ...Object.entries(values).map(([key, to]) =>
    (to as fc.Arbitrary<unknown>).map((value) => ({ key, from: null, to: value })),
  ),
);
/** Amendments, proposals and decisions on any of them, each at a time of its own. */
const amendments = fc
  .array(
    fc.record({
      changes: fc.array(change, { maxLength: 4 }),
      state: fc.constantFrom("amendment", "amendment", "proposed"),
      answers: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
      decision: fc.constantFrom("accepted" as const, "set_aside" as const),
      stamp: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(
      ({ changes, state, answers, decision, stamp }, index): StoredAmendment => ({
        id: hex(100 + index),
        hlc: hex(stamp),
        state,
        content: writeAmendment({
          text: `word ${index}`,
          changes,
          answers: answers === null ? null : hex(100 + answers),
          decision: answers === null ? null : decision,
        }),
      }),
    ),
  );

describe("the record as amended", () => {
  test("is the same whatever order the amendments arrive in", () => {
    fc.assert(
      fc.property(
        amendments.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(amendedRecord(record, shuffled)).toEqual(amendedRecord(record, all));
        },
      ),
    );
  });

  test("is always a record that reads, whatever is said of it, and leaves the signed one as it was", () => {
    const untouched = amendedRecord(record, []).signed;
    fc.assert(
      fc.property(amendments, (all) => {
        const { signed, amended, amendments: read } = amendedRecord(record, all);
        expect(signed).toEqual(untouched);
        expect(amended.exam.outcome).toMatch(/new_rx|refer/);
        expect(read).toHaveLength(all.length);
      }),
    );
  });

  test("a proposal changes nothing until somebody accepts it, and acceptance outweighs setting aside", () => {
    const changes = [{ key: "advice", from: "Sunglasses", to: "Rest" }];
    const proposal = { id: hex(1), hlc: hex(1), state: "proposed", content: JSON.stringify({ changes }) };
    const answer = (number: number, decision: "accepted" | "set_aside") => ({
      id: hex(number),
      hlc: hex(number),
      state: "amendment",
      content: writeAmendment({ text: "", changes: decision === "accepted" ? changes : [], answers: hex(1), decision }),
    });
    const advice = (...rows: StoredAmendment[]) => {
      const { amended, amendments: read } = amendedRecord(record, [proposal, ...rows]);
      return [amended.exam.advice, read[0]?.status];
    };
    expect(advice()).toEqual(["Sunglasses", "open"]);
    expect(advice(answer(2, "set_aside"))).toEqual(["Sunglasses", "set_aside"]);
    expect(advice(answer(2, "accepted"))).toEqual(["Rest", "accepted"]);
    expect(advice(answer(2, "accepted"), answer(3, "set_aside"))).toEqual(["Rest", "accepted"]);
    expect(advice(answer(3, "accepted"), answer(2, "set_aside"))).toEqual(["Rest", "accepted"]);
  });

  test("reads a record of the first version, and adds to it", () => {
    const said = { id: hex(1), hlc: hex(1), state: "amendment" };
    const changes = [
      { key: "findings", from: "Clear", to: "Clear, a floater right" },
      { key: "posterior.disc.r", from: null, to: "pale" },
    ];
    const content = writeAmendment({ text: "", changes, answers: null, decision: null });
    const { amended } = amendedRecord(firstVersion, [{ ...said, content }]);
    expect(amended.exam.findings).toBe("Clear, a floater right");
    expect(amended.entries).toEqual({ "posterior.disc.r": "pale" });
  });
});

describe("what an amendment says", () => {
  test("words alone are stored as words, and are read whatever they look like", () => {
    const words = { text: 'The left axis was 175. {"odd"', changes: [], answers: null, decision: null };
    const content = writeAmendment(words);
    expect(content).toBe(words.text);
    expect(readAmendment(record, { id: "", hlc: "", state: "amendment", content })).toEqual(words);
    for (const odd of ["[1]", "7", "null", '{"changes":"none"}'])
      expect(readAmendment(record, { id: "", hlc: "", state: "amendment", content: odd }).changes).toEqual([]);
  });

  test("a second signature says what it has otherwise than the record", () => {
    const second = canonicalExam({
      exam: draftRow({ advice: "Rest" }),
      entries: [entryRow("vision.own.r", "6/9")],
      items: [itemRow(1, "pressure", { ...reading, value: 200 })],
    });
    expect(readAmendment(record, { id: "", hlc: "", state: "concurrent", content: second }).changes).toEqual([
      { key: "advice", from: "Sunglasses", to: "Rest" },
      { key: "posterior.disc.r", from: "healthy_rim", to: null },
      { key: item, from: reading, to: { ...reading, value: 200 } },
    ]);
  });

  test("only what a record can hold is possible", () => {
    expect(changeProblem("advice", "Rest")).toBeNull();
    expect(changeProblem("advice", 7)).not.toBeNull();
    expect(changeProblem("patient_id", hex(1))).not.toBeNull();
    expect(changeProblem("r_sphere", 130)).not.toBeNull();
    expect(changeProblem("posterior.cd_ratio.r", 55)).toBeNull();
    expect(changeProblem("posterior.cd_ratio.r", 155)).not.toBeNull();
    expect(changeProblem(item, { ...reading, method: "thumb" })).not.toBeNull();
    expect(changeProblem(item, null)).toBeNull();
    expect(changeProblem(`constructor:${hex(1)}`, null)).not.toBeNull();
  });

  test("what stands under a key is found wherever it stands", () => {
    const { signed } = amendedRecord(record, []);
    expect(saidIn(signed, "advice")).toBe("Sunglasses");
    expect(saidIn(signed, "vision.own.r")).toBe("6/9");
    expect(saidIn(signed, item)).toEqual(reading);
    expect(saidIn(signed, `pressure:${hex(9)}`)).toBeNull();
    expect(saidIn(signed, `constructor:${hex(9)}`)).toBeNull();
  });
});
