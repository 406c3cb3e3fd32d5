import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eye, lens, someLens } from "../../sim/lenses.ts";
import { axisDifference, changeLimits, checkChange } from "./change.ts";
import { transpose } from "./transpose.ts";
import type { EyeRx } from "./types.ts";

test.each([
  [178, 2, 4],
  [2, 178, 4],
  [90, 180, 90],
  [180, 90, 90],
  [45, 45, 0],
  [1, 180, 1],
  [10, 120, 70],
  [10, 105, 85],
])("axes %i and %i are %i apart", (one, other, apart) => {
  expect(axisDifference(one, other)).toBe(apart);
});

describe("a change", () => {
  const fields = (before: Partial<EyeRx>, now: Partial<EyeRx>, limits = changeLimits) =>
    checkChange(eye(before), eye(now), limits).map(({ field }) => field);

  test.each<[Partial<EyeRx>, Partial<EyeRx>, string[]]>([
    [{}, {}, []],
    [lens(1000), lens(1750), []],
    [lens(1000), lens(1875), ["sphere"]],
    [lens(1000), lens(125), ["sphere"]],
    [lens(0, -500, 90), lens(0, -500, 110), []],
    [lens(0, -500, 90), lens(0, -500, 111), ["axis"]],
    [lens(0, -500, 175), lens(0, -500, 5), []],
    [lens(0, -750, 90), lens(0, -750, 110), []],
    [lens(0, -1000, 90), lens(0, -1000, 100), []],
    [lens(0, -1000, 90), lens(0, -1000, 101), ["axis"]],
    [lens(0, -500, 90), lens(0, -1000, 101), ["axis"]],
    [lens(0, -1000, 90), lens(0, -500, 101), ["axis"]],
    [{ ...lens(0), add: 1000 }, { ...lens(0), add: 1750 }, []],
    [{ ...lens(0), add: 1000 }, { ...lens(0), add: 2000 }, ["add"]],
    [{ ...lens(0), add: 1000 }, lens(0), []],
    [lens(1000), {}, []],
    [lens(0), lens(0, -1000, 90), []],
    [lens(0, -1000, 90), lens(-1000, 1000, 180), []],
  ])("from %j to %j is of %j", (before, now, findings) => {
    expect(fields(before, now)).toEqual(findings);
  });
  test("is the same however the cylinders are written", () => {
    fc.assert(
      fc.property(someLens, someLens, (before, now) => {
        expect(fields(transpose(eye(before)), now)).toEqual(fields(before, now));
        expect(fields(before, transpose(eye(now)))).toEqual(fields(before, now));
      }),
    );
  });
  test("is judged by the practice's own limits where it has some", () => {
    expect(fields(lens(1000), lens(1500), { ...changeLimits, sphereAbove: 250 })).toEqual(["sphere"]);
    expect(fields(lens(0, -500, 90), lens(0, -500, 180), { ...changeLimits, axisAbove: [] })).toEqual([]);
  });
  test("is told in words", () => {
    expect(checkChange(eye(lens(0)), eye(lens(1000)))[0]?.message).toBe("The sphere has changed by more than 0.75.");
  });
});
