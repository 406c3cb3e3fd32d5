import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAxis, formatEye, formatEyeShort } from "./format.ts";
import { rxLimits } from "./limits.ts";
import { parseAxis, parseRxLine } from "./parse.ts";
import { type EyeRx, emptyEye, noPrism } from "./types.ts";
import { checkEye } from "./validate.ts";

describe("an axis is read", () => {
  test.each([
    ["15", 15],
    ["015", 15],
    ["180", 180],
    ["15°", 15],
    ["x 90", 90],
    ["×5", 5],
    ["@45", 45],
  ])("%j as %i", (text, axis) => {
    expect(parseAxis(text)).toEqual({ ok: true, value: axis });
  });
  test.each([
    ["", "empty"],
    ["0", "out_of_range"],
    ["181", "out_of_range"],
    ["-5", "unreadable"],
    ["12.5", "unreadable"],
    ["1800", "unreadable"],
    ["up", "unreadable"],
  ])("%j not at all: %s", (text, code) => {
    expect(parseAxis(text)).toMatchObject({ ok: false, code });
  });
  test("with the way horizontal is written when it is 0", () => {
    expect(parseAxis("0")).toMatchObject({ nearest: [180] });
  });
});

describe("a line is read", () => {
  test.each<[string, Partial<EyeRx>]>([
    ["+1.25/-0.50x180 add 2.00", { sphere: 1250, cylinder: -500, axis: 180, add: 2000 }],
    ["+125/-050x180 add 200", { sphere: 1250, cylinder: -500, axis: 180, add: 2000 }],
    ["\u22124.25/\u22121.25×015", { sphere: -4250, cylinder: -1250, axis: 15 }],
    ["-2.00 -0.75 x 90", { sphere: -2000, cylinder: -750, axis: 90 }],
    ["-2.00-0.75x90", { sphere: -2000, cylinder: -750, axis: 90 }],
    ["-2.00 / -0.75 @ 90°", { sphere: -2000, cylinder: -750, axis: 90 }],
    ["-2.00DS/-0.75DC axis 90", { sphere: -2000, cylinder: -750, axis: 90 }],
    ["+1.25 DS", { sphere: 1250 }],
    ["+1.25", { sphere: 1250 }],
    ["+1.25/0.00", { sphere: 1250 }],
    ["+1.25/-0.00", { sphere: 1250 }],
    ["+1.25/0.00 add 2.00", { sphere: 1250, add: 2000 }],
    ["+1.25 0 in", { sphere: 1250 }],
    ["Plano", { sphere: 0 }],
    ["pl/-0.50x90", { sphere: 0, cylinder: -500, axis: 90 }],
    ["∞/-0.50x90", { sphere: 0, cylinder: -500, axis: 90 }],
    ["+1.25 add +2.00", { sphere: 1250, add: 2000 }],
    ["+1.25 2 in", { sphere: 1250, prism_h: 200, base_h: "in" }],
    ["-1,25/-0,50x180, add 2,00", { sphere: -1250, cylinder: -500, axis: 180, add: 2000 }],
    [
      "-1.00/-0.50x5 2Δ in 1.5Δ base up add 1.75",
      { sphere: -1000, cylinder: -500, axis: 5, prism_h: 200, base_h: "in", prism_v: 150, base_v: "up", add: 1750 },
    ],
    ["+1.25/DS", { sphere: 1250 }],
    ["-2.00 sph", { sphere: -2000 }],
    ["-2.00/SPH add 2.00", { sphere: -2000, add: 2000 }],
    ["pl DS", { sphere: 0 }],
    ["+1.25/-0.50x180 +2.00 add", { sphere: 1250, cylinder: -500, axis: 180, add: 2000 }],
    ["+1.25 +2.00 add", { sphere: 1250, add: 2000 }],
    ["+1,25 +2,00 ADD", { sphere: 1250, add: 2000 }],
    ["-1,25/-0,50x180, 2,00 add", { sphere: -1250, cylinder: -500, axis: 180, add: 2000 }],
    ["+1.25/2.00 add", { sphere: 1250, add: 2000 }],
    ["+1.25 2 in +2.00 add", { sphere: 1250, prism_h: 200, base_h: "in", add: 2000 }],
    ["-1.25/-0.50x80º 3^ out", { sphere: -1250, cylinder: -500, axis: 80, prism_h: 300, base_h: "out" }],
    ["-1.00 add 1.75, 2 BO", { sphere: -1000, prism_h: 200, base_h: "out", add: 1750 }],
  ])("%j", (text, stated) => {
    expect(parseRxLine(text)).toEqual({ ok: true, value: { ...emptyEye, ...stated } });
  });
  test.each([
    ["", "empty"],
    ["hello", "unreadable"],
    ["+1.2.5", "unreadable"],
    ["+1.25/-0.50x180 and more", "unreadable"],
    ["+1.25 2.00", "unreadable"],
    ["+1.25/-0.50", "axis_missing"],
    ["+1.25/-0.50x", "axis_missing"],
    ["+1.25/-0.50 add 2.00", "axis_missing"],
    ["+1.25 -0.50 add +2.00", "axis_missing"],
    ["+1.25/-0.50 2.00 add", "axis_missing"],
    ["+1.25 2.00 add 2.25", "unreadable"],
    ["+1.25 add", "unreadable"],
    ["+1.25/", "unreadable"],
    ["+1.25 2.00 add +2.25", "unreadable"],
    ["+1.25 2.00 add 1.75 add", "unreadable"],
    ["+1.25 dsx", "unreadable"],
    ["+1.25 2.5@37", "sign_required"],
    ["+1.25 2.5Δ@37", "eye_required"],
    ["+1.25/-0.50 2 in", "axis_missing"],
    ["+1.25/0.50x90", "sign_required"],
    ["+1.25/0.00x90", "axis_without_cylinder"],
    ["+1.25/-0.50x0", "out_of_range"],
    ["+1.25/-0.50x1800", "unreadable"],
    ["+1.30/-0.50x90", "not_a_step"],
    ["+60.00/-0.50x90", "out_of_range"],
    ["-25/-0.50x90", "ambiguous"],
    ["+1.25 add 9.00", "out_of_range"],
    ["+1.25 add 2.00 add 2.25", "unreadable"],
    ["+1.25 2 in 1 out", "stated_twice"],
  ])("%j not at all: %s", (text, code) => {
    expect(parseRxLine(text)).toMatchObject({ ok: false, code });
  });
});

describe("an axis without its x is not guessed", () => {
  test.each([
    ["+1.25/-0.50 180", 180],
    ["+1.25/-0.50/5", 5],
    ["-2.00 -0.75 90 add 2.00", 90],
    ["-2.00 -0.75 090", 90],
  ])("%j may mean %i", (text, axis) => {
    expect(parseRxLine(text)).toMatchObject({ ok: false, code: "axis_missing", nearest: [axis] });
  });
  test.each(["-2.00 -0.75 200", "-2.00 -0.75 2 in", "-2.00 -0.75 1.75", "-2.00 -0.75 0", "-2.00 -0.75"])(
    "%j means none",
    (text) => {
      expect(parseRxLine(text)).toMatchObject({ ok: false, code: "axis_missing", nearest: [] });
    },
  );
});
test.each(["+1.25/-0.50@180 2.50Δ@37 add 2.00", "+1.25/-0.50x180 add 2.00 2.5@ 37°"])(
  "an oblique prism is read for its eye: %s",
  (text) => {
    const rest = { sphere: 1250, cylinder: -500, axis: 180, prism_h: 200, prism_v: 150, base_v: "up", add: 2000 };
    expect(parseRxLine(text, rxLimits, "r")).toEqual({ ok: true, value: { ...emptyEye, ...rest, base_h: "in" } });
    expect(parseRxLine(text, rxLimits, "l")).toEqual({ ok: true, value: { ...emptyEye, ...rest, base_h: "out" } });
  },
);

const steps = (least: number, most: number) =>
  fc.integer({ min: least / 125, max: most / 125 }).map((step) => step * 125 + 0);
const cylinder = fc.option(
  fc.record({
    cylinder: steps(-19_750, 19_750).filter((power) => power !== 0),
    axis: fc.integer({ min: 1, max: 180 }),
  }),
  { nil: { cylinder: null, axis: null } },
);
const amount = fc.integer({ min: 1, max: rxLimits.prism.most });
const horizontal = fc.option(fc.record({ prism_h: amount, base_h: fc.constantFrom("in" as const, "out" as const) }), {
  nil: { prism_h: null, base_h: null },
});
const vertical = fc.option(fc.record({ prism_v: amount, base_v: fc.constantFrom("up" as const, "down" as const) }), {
  nil: { prism_v: null, base_v: null },
});
const anyEye: fc.Arbitrary<EyeRx> = fc
  .tuple(steps(-39_000, 49_000), cylinder, horizontal, vertical, fc.option(steps(250, 6_000)))
  .map(([sphere, astigmatism, h, v, add]) => ({ ...emptyEye, sphere, ...astigmatism, ...h, ...v, add }));

describe("whatever is printed reads back as itself", () => {
  test("an axis", () => {
    for (let axis = 1; axis <= 180; axis++) expect(parseAxis(formatAxis(axis))).toEqual({ ok: true, value: axis });
  });
  test("a whole eye, in full and in short", () => {
    fc.assert(
      fc.property(anyEye, (eye) => {
        expect(parseRxLine(formatEye(eye))).toEqual({ ok: true, value: eye });
        expect(parseRxLine(formatEyeShort(eye))).toEqual({ ok: true, value: { ...eye, ...noPrism, add: null } });
      }),
    );
  });
});

test("whatever is typed, what is read can be made and prints to itself again", () => {
  const typed = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."+-/x. 0125789") }),
    anyEye.map(formatEye).chain((text) => fc.nat(text.length).map((cut) => text.slice(0, cut))),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const line = parseRxLine(text);
      if (!line.ok) return;
      expect(checkEye(line.value).filter((finding) => finding.severity === "block")).toEqual([]);
      expect(parseRxLine(formatEye(line.value))).toEqual(line);
    }),
    { numRuns: 1000 },
  );
});
