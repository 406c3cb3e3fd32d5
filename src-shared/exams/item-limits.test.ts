import { describe, expect, test } from "vitest";
import { builtInTables } from "../optics/index.ts";
import { itemProblem } from "./check.ts";
import type { Ranges } from "./item-limits.ts";

const none = { sphere: null, cylinder: null, axis: null, add: null };
const pair = (r: object) => ({ list: "specs", data: { use: "Reading", r: { ...none, ...r }, l: none, note: null } });
const trial = (powers: object) => ({
  list: "lens_trial",
  data: {
    eye: "r",
    lens: "Biofinity",
    base_curve: 860,
    diameter: 1400,
    sphere: null,
    cylinder: null,
    axis: null,
    va: null,
    fit: null,
    ...powers,
  },
});
const { rx, measures } = builtInTables;
const ours: Ranges = {
  rx: { ...rx, sphere: { block: [-15_000, 15_000], warn: [-6_000, 6_000], step: 250 } },
  measures: {
    ...measures,
    quantities: {
      ...measures.quantities,
      cl_power: { ...measures.quantities.cl_power, block: [-20_000, 20_000] },
      iop: { ...measures.quantities.iop, block: [0, 700] },
    },
  },
};

describe("a further pair", () => {
  test.each([
    [{ sphere: 50_000 }, "specs.r.sphere", "Sphere is outside −39.00 to +49.00."],
    [{ sphere: 1_100 }, "specs.r.sphere", "Sphere is not in steps of 0.25 or 0.125."],
    [{ sphere: 1_000, cylinder: -20_000, axis: 90 }, "specs.r.cylinder", "Cylinder is outside −19.75 to +19.75."],
    [{ sphere: 1_000, cylinder: -500 }, "specs.r.axis", "The cylinder needs its axis."],
    [{ sphere: 1_000, axis: 90 }, "specs.r.axis", "There is an axis but no cylinder."],
    [{ sphere: 1_000, add: 6_250 }, "specs.r.add", "Add is outside +0.25 to +6.00."],
  ])("cannot have %o", (powers, field, message) => {
    expect(itemProblem(pair(powers))).toEqual({ field, message });
  });

  test("is held against the limits of the practice", () => {
    expect(itemProblem(pair({ sphere: -16_000 }))).toBeNull();
    expect(itemProblem(pair({ sphere: -16_000 }), ours)?.message).toBe("Sphere is outside −15.00 to +15.00.");
  });
});

test("a trial lens has the powers of contact lenses, by the practice's own limits too", () => {
  expect(itemProblem(trial({ sphere: -40_000, cylinder: -750, axis: 180 }))).toBeNull();
  expect(itemProblem(trial({ sphere: -40_250 }))).toEqual({
    field: "lens_trial.sphere",
    message: "Sphere is outside −40.00 to +40.00.",
  });
  expect(itemProblem(trial({ sphere: -3_000, cylinder: -750 }))?.message).toBe("The cylinder needs its axis.");
  expect(itemProblem(trial({ sphere: -21_000 }))).toBeNull();
  expect(itemProblem(trial({ sphere: -21_000 }), ours)?.message).toBe("Sphere is outside −20.00 to +20.00.");
});

test("a pressure is held against the limits of the practice", () => {
  const reading = { list: "pressure", data: { eye: "r", value: 720, method: "goldmann", at: 0, note: null } };
  expect(itemProblem(reading)).toBeNull();
  expect(itemProblem(reading, ours)).toEqual({
    field: "pressure.value",
    message: "Eye pressure is outside 0 to 70 mmHg.",
  });
});

describe("the sizes of a trial lens", () => {
  const sized = (sizes: object) => itemProblem(trial(sizes));
  test("are those of contact lenses, as a specification's are", () => {
    expect(sized({ base_curve: 600, diameter: 800 })).toBeNull();
    expect(sized({ base_curve: 1_000, diameter: 2_500 })).toBeNull();
    expect(sized({ base_curve: 599 })).toEqual({
      field: "lens_trial.base_curve",
      message: "Base curve is outside 6 to 10 mm.",
    });
    expect(sized({ diameter: 2_501 })?.message).toBe("Diameter is outside 8 to 25 mm.");
  });

  test("are held against the limits of the practice", () => {
    const { cl_base_curve } = measures.quantities;
    const quantities = { ...measures.quantities, cl_base_curve: { ...cl_base_curve, block: [780, 920] as const } };
    const own = { rx, measures: { ...measures, quantities } };
    expect(itemProblem(trial({ base_curve: 760 }))).toBeNull();
    expect(itemProblem(trial({ base_curve: 760 }), own)?.message).toBe("Base curve is outside 7.8 to 9.2 mm.");
  });
});
