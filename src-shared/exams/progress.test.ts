import { expect, test } from "vitest";
import type { Written } from "./completeness.ts";
import { progressOf, type SectionParts } from "./progress.ts";
import { type BuiltInSection, examFieldsBySection } from "./sections.ts";

const parts = (section: BuiltInSection, more: Partial<SectionParts> = {}): SectionParts => ({
  section,
  fields: examFieldsBySection[section],
  keys: [],
  columns: [],
  lists: [],
  ...more,
});
const form = [
  parts("history", { columns: ["reason", "history"] }),
  parts("subjective"),
  parts("pressure", { lists: ["pressure"] }),
  parts("posterior"),
];
const empty: Written = { kind: "sight_test", columns: {}, entries: {}, items: [] };
const stateOf = (written: Partial<Written>, section: string) =>
  progressOf({ ...empty, ...written }, form).sections.find((each) => each.section === section);

test("an exam that was just begun shows no gap yet, though it knows them", () => {
  const progress = progressOf(empty, form);
  expect(progress.sections.every(({ state }) => state === "empty")).toBe(true);
  expect(progress.gaps.length).toBeGreaterThan(10);
});

test("a section that the exam has passed shows what is missing in it", () => {
  const entries = { "posterior.disc.r": "healthy_rim", "posterior.disc.l": "healthy_rim" };
  expect(stateOf({ entries }, "history")?.state).toBe("gap");
  expect(stateOf({ entries }, "posterior")?.state).toBe("done");
  expect(stateOf({ entries }, "pressure")?.state).toBe("empty");
});

test("a refraction counts the cells of its two rows", () => {
  const entries = { "subjective.sphere.r": 1750, "subjective.va.r": "6/6", "subjective.note": "fluctuates" };
  expect(stateOf({ entries }, "subjective")).toMatchObject({ filled: 2, asked: 10, state: "gap" });
});

test("a list alone makes a section written", () => {
  const items = [{ list: "pressure", data: {} }];
  expect(stateOf({ items }, "pressure")?.state).toBe("done");
});
