import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { questionKey } from "./check.ts";
import { draftRow, entryRow, itemRow } from "./content.fixture.ts";
import { canonicalExam, changesFrom, contentChanges } from "./content.ts";
import { readExamContent } from "./record-content.ts";
import { examFieldsBySection, keysOf, sectionKeys } from "./sections.ts";

const keys = sectionKeys.flatMap((section) => examFieldsBySection[section]).flatMap(keysOf);
const hex = (number: number) => number.toString(16).padStart(32, "0");
/** Values with objects inside, whose keys come in any order. */
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.constant({ brand: "Dailies", sphere: -300, base_curve: 860 }),
  fc.constant(null),
);
const draft = fc.record({
  entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), value), { selector: ([key]) => key, maxLength: 12 }),
  items: fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom("pressure", "drops", "declined"), value, fc.boolean()),
    { selector: ([id]) => id, maxLength: 8 },
  ),
});
const reversedKeys = (inner: unknown): unknown =>
  inner && typeof inner === "object" && !Array.isArray(inner)
    ? Object.fromEntries(
        Object.entries(inner)
          .reverse()
          .map(([key, each]) => [key, reversedKeys(each)]),
      )
    : inner;

describe("the bytes that are signed", () => {
  test("are the same whatever order entries and items arrive in, and in whatever order their keys stand", () => {
    fc.assert(
      fc.property(draft, fc.infiniteStream(fc.integer()), ({ entries, items }, chance) => {
        const rows = entries.map(([key, stated]) => entryRow(key, stated));
        const lists = items.map(([id, list, data, deleted]) => itemRow(id, list, { data }, { deleted }));
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((each) => ({ each, at: chance.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => each);
        const exam = draftRow({ advice: "Rest" });
        const turned = {
          exam: reversedKeys(exam) as typeof exam,
          entries: shuffled(rows).map((row) => ({ ...row, value: reversedKeys(row.value) })),
          items: shuffled(lists).map((row) => ({ ...row, data: reversedKeys(row.data) })),
        };
        expect(canonicalExam(turned)).toBe(canonicalExam({ exam, entries: rows, items: lists }));
      }),
    );
  });

  test("hold what was stated and nothing that was taken back", () => {
    const content = readExamContent(
      canonicalExam({
        exam: draftRow(),
        entries: [
          entryRow("vision.own.r", "6/9"),
          entryRow("vision.own.l", null),
          entryRow("vision.note", "gone", { deleted: true }),
        ],
        items: [itemRow(2, "drops", { drug: "b" }), itemRow(1, "drops", { drug: "a" }, { deleted: true })],
      }),
    );
    expect(content.version).toBe(2);
    expect(content.entries).toEqual({ "vision.own.r": "6/9" });
    expect(content.items).toEqual({ drops: [{ id: hex(2), drug: "b" }] });
  });

  test("hold the wording of the practice's own questions that were answered, and of no other", () => {
    const question = (number: number, label: string) => ({
      ...itemRow(number, "", null),
      section: "history",
      label,
      unit: number === 1 ? "h" : null,
    });
    const { questions } = readExamContent(
      canonicalExam({
        exam: draftRow(),
        entries: [entryRow(questionKey("history", hex(1), "r"), 9)],
        items: [],
        questions: [question(2, "Not asked"), question(1, "Hours at a screen")],
      }),
    );
    expect(questions).toEqual({ [hex(1)]: { section: "history", label: "Hours at a screen", unit: "h" } });
  });
});

test("a record holds the wording of a question that was declined with a reason, until it is taken back", () => {
  const question = { ...itemRow(1, "", null), section: "history", label: "Hours at a screen", unit: null };
  const questionsOf = (over: object) =>
    readExamContent(
      canonicalExam({
        exam: draftRow(),
        entries: [],
        items: [
          itemRow(2, "declined", { test: questionKey("history", hex(1)), reason: "No time", advice: null }, over),
        ],
        questions: [question],
      }),
    ).questions;
  expect(questionsOf({})).toEqual({ [hex(1)]: { section: "history", label: "Hours at a screen", unit: null } });
  expect(questionsOf({ deleted: true })).toEqual({});
});

describe("what two contents say differently", () => {
  const of = (advice: string, disc: string | null) =>
    canonicalExam({ exam: draftRow({ advice }), entries: [entryRow("posterior.disc.r", disc)], items: [] });
  test("is named key by key; equal ones say nothing", () => {
    expect(contentChanges(of("Rest", "pale"), of("Rest", "pale"))).toEqual([]);
    expect(contentChanges(of("Rest", "pale"), of("Drops", null))).toEqual([
      { key: "advice", from: "Rest", to: "Drops" },
      { key: "posterior.disc.r", from: "pale", to: null },
    ]);
  });
  test("is the columns alone where one of them is of the first version", () => {
    const first = JSON.stringify({ ...JSON.parse(of("Rest", null)), version: 1, entries: undefined, items: undefined });
    expect(contentChanges(first, of("Drops", "pale")).map(({ key }) => key)).toEqual(["advice"]);
  });
  test("a later change that says the same as the record is no change", () => {
    const record = of("Rest", "pale");
    expect(changesFrom(record, { advice: "Rest", "posterior.disc.r": "cupped" })).toEqual([
      { key: "posterior.disc.r", from: "pale", to: "cupped" },
    ]);
  });
});
