import { expect, test } from "vitest";
import { belowDrivingStandard } from "./driving.ts";

const driver = { "history.driving": "with_glasses" };

test.each([
  ["both eyes below 6/12", { "subjective.va.b": "6/15" }, "6/15"],
  ["both eyes at 6/12", { "subjective.va.b": "6/12" }, null],
  ["the better eye counts", { "subjective.va.r": "6/24", "subjective.va.l": "6/18" }, "6/18"],
  ["one good eye", { "subjective.va.r": "6/60", "subjective.va.l": "6/9" }, null],
  ["one eye written, the other not yet", { "subjective.va.r": "6/60" }, null],
  ["own glasses before there is a correction", { "vision.own.b": "6/18" }, "6/18"],
  ["a correction that helps", { "vision.own.b": "6/18", "subjective.va.b": "6/9" }, null],
  ["counting fingers", { "subjective.va.b": "CF" }, "CF"],
  ["nothing written", {}, null],
])("%s", (_, entries, said) => {
  expect(belowDrivingStandard({ ...driver, ...entries })).toBe(said);
});

test("nobody who does not drive, or was not asked, is spoken of", () => {
  expect(belowDrivingStandard({ "history.driving": "does_not_drive", "subjective.va.b": "6/60" })).toBeNull();
  expect(belowDrivingStandard({ "subjective.va.b": "6/60" })).toBeNull();
});
