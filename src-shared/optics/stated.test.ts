import { expect, test } from "vitest";
import { eye } from "../../sim/lenses.ts";
import { wholeLens } from "./stated.ts";
import { emptyEye, type StatedPower } from "./types.ts";

test.each<[StatedPower, StatedPower]>([
  [
    { ...emptyEye, sphere: 0 },
    { sphere: 0, cylinder: null, axis: null },
  ],
  [
    { sphere: 1250, cylinder: 0, axis: null },
    { sphere: 1250, cylinder: null, axis: null },
  ],
  [eye({ sphere: -1000, cylinder: -500, axis: 180, add: 2000 }), { sphere: -1000, cylinder: -500, axis: 180 }],
])("%j is the lens %j", (stated, lens) => {
  expect(wholeLens(stated)).toEqual({ ok: true, value: lens });
});
test.each<[StatedPower, string]>([
  [emptyEye, "not_stated"],
  [{ sphere: 0, cylinder: -500, axis: null }, "axis_missing"],
  [{ sphere: 0, cylinder: -500, axis: 0 }, "out_of_range"],
  [{ sphere: 0, cylinder: -500, axis: 90.5 }, "out_of_range"],
  [{ sphere: 100_001, cylinder: null, axis: null }, "out_of_range"],
  [{ sphere: 0, cylinder: -100_001, axis: 90 }, "out_of_range"],
  [{ sphere: Number.NaN, cylinder: null, axis: null }, "out_of_range"],
])("%j is none: %s", (stated, code) => {
  expect(wholeLens(stated)).toMatchObject({ ok: false, code });
});
