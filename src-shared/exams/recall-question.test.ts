import { expect, test } from "vitest";
import { recallInterval } from "./recall.ts";
import { type RecallSource, recallQuestion } from "./recall-question.ts";

const proposed = (source: Partial<RecallSource>) =>
  recallInterval(recallQuestion({ age: 50, warning: null, entries: {}, diagnoses: [], ...source }));

test.each<[string, Partial<RecallSource>, number, string]>([
  ["nothing known", {}, 24, "adult"],
  ["diabetes in the history", { entries: { "history.general": "Type 2 diabetes since 2019" } }, 12, "diabetes"],
  ["a warning on the patient", { warning: "Diabetes, type 2" }, 12, "diabetes"],
  ["insulin", { entries: { "history.medication": "Insulin, ramipril" } }, 12, "diabetes"],
  ["no diabetes", { entries: { "history.general": "Hypertension, no diabetes" } }, 24, "adult"],
  ["a mother with diabetes", { entries: { "history.general": "mother diabetic" } }, 24, "adult"],
  ["glaucoma in the family", { entries: { "history.family": ["glaucoma"] } }, 12, "family_glaucoma"],
  ["glaucoma in the family at 30", { age: 30, entries: { "history.family": ["glaucoma"] } }, 24, "adult"],
  ["a diagnosis", { diagnoses: ["Ocular hypertension"] }, 12, "hypertension"],
  ["a child with a squint", { age: 9, entries: { "history.ocular": "Right esotropia" } }, 6, "child_binocular"],
  ["71 years", { age: 71 }, 12, "over_70"],
])("%s", (_, source, months, because) => {
  expect(proposed(source)).toEqual({ months, because });
});
