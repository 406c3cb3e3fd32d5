import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rxLimits } from "./limits.ts";
import { transpose } from "./transpose.ts";
import { type EyeRx, emptyEye } from "./types.ts";
import { checkEye, checkRx } from "./validate.ts";

const eye = (stated: Partial<EyeRx>): EyeRx => ({ ...emptyEye, ...stated });
const found = (stated: Partial<EyeRx>) =>
  checkEye(eye(stated)).map(({ severity, field, code }) => `${severity} ${field} ${code}`);

describe("one eye", () => {
  test.each<[Partial<EyeRx>]>([
    [{}],
    [{ sphere: 0 }],
    [{ sphere: -20000 }],
    [{ sphere: 20000 }],
    [{ sphere: 125 }],
    [{ sphere: 0, cylinder: 0 }],
    [{ sphere: 1250, cylinder: -6000, axis: 180 }],
    [{ sphere: 1250, add: 750 }],
    [{ sphere: 1250, add: 3500 }],
    [{ sphere: 0, prism_h: 1000, base_h: "in", prism_v: 400, base_v: "down" }],
    [{ sphere: 0, prism_h: 0 }],
  ])("%j is fine", (stated) => {
    expect(found(stated)).toEqual([]);
  });
  test.each<[Partial<EyeRx>, string]>([
    [{ sphere: 49125 }, "block sphere out_of_range"],
    [{ sphere: -39125 }, "block sphere out_of_range"],
    [{ sphere: 1300 }, "block sphere not_a_step"],
    [{ sphere: 0, cylinder: -20000, axis: 90 }, "block cylinder out_of_range"],
    [{ sphere: 0, cylinder: 20000, axis: 90 }, "block cylinder out_of_range"],
    [{ sphere: 0, cylinder: -500 }, "block axis axis_required"],
    [{ sphere: 0, axis: 90 }, "block axis axis_forbidden"],
    [{ sphere: 0, cylinder: 0, axis: 90 }, "block axis axis_forbidden"],
    [{ sphere: 0, cylinder: -500, axis: 0 }, "block axis out_of_range"],
    [{ sphere: 0, cylinder: -500, axis: 181 }, "block axis out_of_range"],
    [{ cylinder: -500, axis: 90 }, "block sphere sphere_required"],
    [{ sphere: 0, add: 125 }, "block add out_of_range"],
    [{ sphere: 0, add: 6250 }, "block add out_of_range"],
    [{ sphere: 0, prism_h: 4025, base_h: "in" }, "block prism_h out_of_range"],
    [{ sphere: 0, prism_v: -25, base_v: "up" }, "block prism_v out_of_range"],
    [{ sphere: 0, prism_h: 200 }, "block base_h base_required"],
    [{ sphere: 0, base_v: "up" }, "block prism_v base_forbidden"],
  ])("%j cannot be: %s", (stated, finding) => {
    expect(found(stated)).toEqual([finding]);
  });
  test.each<[Partial<EyeRx>, string]>([
    [{ sphere: -20250 }, "warn sphere unusual"],
    [{ sphere: 20250 }, "warn sphere unusual"],
    [{ sphere: 0, cylinder: -6250, axis: 90 }, "warn cylinder unusual"],
    [{ sphere: 0, cylinder: -375, axis: 90 }, "warn cylinder unusual_step"],
    [{ sphere: 0, add: 500 }, "warn add unusual"],
    [{ sphere: 0, add: 3750 }, "warn add unusual"],
    [{ sphere: 0, prism_h: 1025, base_h: "in" }, "warn prism_h unusual"],
    [{ sphere: 0, prism_v: 425, base_v: "up" }, "warn prism_v unusual"],
    [{ sphere: 0, prism_v: 110, base_v: "up" }, "warn prism_v unusual_step"],
  ])("%j is unusual: %s", (stated, finding) => {
    expect(found(stated)).toEqual([finding]);
  });
  test("says what it means in words", () => {
    expect(checkEye(eye({ sphere: -40000 }))[0]?.message).toBe("Sphere is outside \u221239.00 to +49.00.");
  });
  test("is judged by the practice's own limits where it has some", () => {
    const narrow = { ...rxLimits, sphere: { ...rxLimits.sphere, warn: [-6000, 6000] as const } };
    expect(checkEye(eye({ sphere: 8000 }), narrow)).toMatchObject([{ code: "unusual" }]);
  });
});

describe("two eyes", () => {
  const together = (r: Partial<EyeRx>, l: Partial<EyeRx>, age?: number) =>
    checkRx({ r: eye(r), l: eye(l) }, { age }).map((finding) => `${finding.eye} ${finding.severity} ${finding.code}`);
  const minusCylinder = { sphere: 1000, cylinder: -500, axis: 90 };

  test("each have their own findings", () => {
    expect(together({ sphere: 21000 }, { sphere: 0, axis: 5 })).toEqual(["r warn unusual", "l block axis_forbidden"]);
  });
  test("use one sign for both cylinders", () => {
    expect(together(minusCylinder, { sphere: 500, cylinder: 500, axis: 180 })).toEqual([
      "both block cylinder_signs_differ",
    ]);
    expect(together(minusCylinder, { sphere: 500 })).toEqual([]);
  });
  test("rarely differ in their add, or state it for one only", () => {
    expect(together({ sphere: 0, add: 2000 }, { sphere: 0, add: 2250 })).toEqual(["both warn adds_differ"]);
    expect(together({ sphere: 0, add: 2000 }, { sphere: 0 })).toEqual(["both warn adds_differ"]);
    expect(together({ sphere: 0, add: 2000 }, {})).toEqual([]);
  });
  test("rarely need an add before 38", () => {
    const both = { sphere: 0, add: 2000 };
    expect(together(both, both, 37)).toEqual(["both warn add_before_age"]);
    expect(together(both, both, 38)).toEqual([]);
    expect(together(both, both)).toEqual([]);
  });
  test("with both bases up cancel each other out", () => {
    const up = { sphere: 0, prism_v: 200, base_v: "up" } as const;
    expect(together(up, up)).toEqual(["both warn same_vertical_base"]);
    expect(together(up, { ...up, base_v: "down" })).toEqual([]);
  });
  test("usually share a large prism", () => {
    const large = { sphere: 0, prism_h: 625, base_h: "in" } as const;
    expect(together(large, { sphere: 0 })).toEqual(["both warn prism_unsplit"]);
    expect(together({ ...large, prism_h: 600 }, { sphere: 0 })).toEqual([]);
    expect(together(large, large)).toEqual([]);
  });
  test("that nobody has filled in have no findings", () => {
    expect(together({}, {})).toEqual([]);
  });
});

test("transposing one of two cylinders of different signs mends them", () => {
  const step = fc.integer({ min: -40, max: 40 }).map((steps) => steps * 250 + 0);
  const minus = fc.integer({ min: -24, max: -1 }).map((steps) => steps * 250);
  const axis = fc.integer({ min: 1, max: 180 });
  const lens = fc.record({ sphere: step, cylinder: minus, axis }).map(eye);
  fc.assert(
    fc.property(lens, lens, (r, l) => {
      expect(checkRx({ r, l })).toEqual([]);
      expect(checkRx({ r, l: transpose(l) })).toMatchObject([{ code: "cylinder_signs_differ" }]);
      expect(checkRx({ r: transpose(r), l: transpose(l) })).toEqual([]);
    }),
  );
});
