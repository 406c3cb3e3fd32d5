import { expect, test } from "vitest";
import { changeLimits, type EyeRx, emptyEye } from "../optics/index.ts";
import { adaptationHints } from "./adaptation.ts";

const rx = (r: Partial<EyeRx>, l: Partial<EyeRx> = {}) => ({ r: { ...emptyEye, ...r }, l: { ...emptyEye, ...l } });
const hints = (now: Partial<EyeRx>, before: Partial<EyeRx>) =>
  adaptationHints(rx(now), rx(before)).map(({ code, by }) => [code, by]);

test("more than 0.75 of sphere or add is said, 0.75 is not", () => {
  expect(hints({ sphere: 2000 }, { sphere: 1000 })).toEqual([["sphere", 1000]]);
  expect(hints({ sphere: 1750 }, { sphere: 1000 })).toEqual([]);
  expect(hints({ add: 2500 }, { add: 1500 })).toEqual([["add", 1000]]);
});

test("an axis counts by its cylinder, from a dioptre on sooner, the short way round", () => {
  expect(hints({ cylinder: -1000, axis: 175 }, { cylinder: -1000, axis: 5 })).toEqual([]);
  expect(hints({ cylinder: -1000, axis: 170 }, { cylinder: -1000, axis: 5 })).toEqual([["axis", 15]]);
  expect(hints({ cylinder: -750, axis: 25 }, { cylinder: -750, axis: 5 })).toEqual([]);
  expect(hints({ cylinder: -750, axis: 26 }, { cylinder: -750, axis: 5 })).toEqual([["axis", 21]]);
});

test("an add that both eyes share is said once, and what was not stated is no change", () => {
  const both = adaptationHints(rx({ add: 2500 }, { add: 2500 }), rx({ add: 1500 }, { add: 1500 }));
  expect(both).toEqual([{ code: "add", eye: null, by: 1000 }]);
  expect(hints({ sphere: 4000 }, {})).toEqual([]);
});

test("the same lens written the other way is no change", () => {
  expect(hints({ sphere: 500, cylinder: 1500, axis: 90 }, { sphere: 2000, cylinder: -1500, axis: 180 })).toEqual([]);
});

test("a practice's own table says what is enough", () => {
  const own = { ...changeLimits, sphereAbove: 500, axisAbove: [{ cylinderFrom: 0, degrees: 5 }] };
  const found = adaptationHints(
    rx({ sphere: 1750, cylinder: -500, axis: 10 }),
    rx({ sphere: 1000, cylinder: -500, axis: 4 }),
    own,
  );
  expect(found.map(({ code, by }) => [code, by])).toEqual([
    ["sphere", 750],
    ["axis", 6],
  ]);
});
