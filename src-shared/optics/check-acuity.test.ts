import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { parseAcuity } from "./acuity-parse.ts";
import { acuityLimits, checkAcuity } from "./check-acuity.ts";

const found = (now: string, before?: string, limits = acuityLimits) =>
  checkAcuity(must(parseAcuity(now)), before === undefined ? null : must(parseAcuity(before)), limits).map(
    ({ code }) => code,
  );

describe("a corrected acuity", () => {
  test.each<[string, string | undefined, string[]]>([
    ["6/6", undefined, []],
    ["6/9", undefined, []],
    ["6/9-1", undefined, ["below_usual"]],
    ["6/12", undefined, ["below_usual"]],
    ["6/9", "6/6", []],
    ["6/9", "6/5", ["dropped"]],
    ["6/12", "6/6", ["below_usual", "dropped"]],
    ["6/6", "6/12", []],
    ["6/60", undefined, ["below_usual"]],
    ["3/60", undefined, ["below_usual", "early_recall"]],
    ["CF", "6/60", ["below_usual", "dropped", "early_recall"]],
    ["HM", "HM", ["below_usual", "early_recall"]],
  ])("of %s after %j: %j", (now, before, codes) => {
    expect(found(now, before)).toEqual(codes);
  });
  test("is judged by the practice's own limits where it has some", () => {
    expect(found("6/12", "6/6", { ...acuityLimits, usualTo: 301, dropLines: 3 })).toEqual([]);
    expect(found("6/60", undefined, { ...acuityLimits, earlyRecallBelow: 900 })).toContain("early_recall");
  });
});
