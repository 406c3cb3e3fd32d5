import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { formatNearAcuity, logmarOfNear, type NearAcuity, parseNearAcuity, unitsOfLogmar } from "./near-acuity.ts";

describe("a near acuity is read", () => {
  test.each<[string, Omit<NearAcuity, "text">]>([
    ["N5", { notation: "N", size: 50, distance_cm: null }],
    ["n 8 @ 40", { notation: "N", size: 80, distance_cm: 40 }],
    ["N4.5 at 35cm", { notation: "N", size: 45, distance_cm: 35 }],
    ["0.4M @ 40 cm", { notation: "M", size: 40, distance_cm: 40 }],
    ["1,6 m", { notation: "M", size: 160, distance_cm: null }],
    [".4M", { notation: "M", size: 40, distance_cm: null }],
  ])("%j", (text, expected) => {
    expect(parseNearAcuity(text)).toEqual({ ok: true, value: { ...expected, text } });
  });
  test.each([
    ["", "empty"],
    ["5", "unreadable"],
    ["N", "unreadable"],
    ["M", "unreadable"],
    ["J3", "unreadable"],
    ["N5 at arm's length", "unreadable"],
    ["6/6", "unreadable"],
    ["N0", "out_of_range"],
    ["N5 @ 0", "out_of_range"],
    ["N5 @ 201", "out_of_range"],
  ])("%j not at all: %s", (text, code) => {
    expect(parseNearAcuity(text)).toMatchObject({ ok: false, code });
  });
});

describe("the logMAR of M units", () => {
  test.each([
    // §3.3: 0.4 M at 40 cm is 6/6.
    ["0.4M @ 40", 0],
    ["0.8M @ 40", 301],
    ["0.5M @ 40", 97],
    ["1M @ 25", 602],
  ])("%s is %i", (text, logmar) => {
    expect(logmarOfNear(must(parseNearAcuity(text)))).toEqual({ ok: true, value: logmar });
  });
  test.each([
    ["N5 @ 40", "not_stated"],
    ["0.4M", "not_stated"],
    ["0.1M @ 100", "out_of_range"],
  ])("of %s is refused: %s", (text, code) => {
    expect(logmarOfNear(must(parseNearAcuity(text)))).toMatchObject({ ok: false, code });
  });
  test("comes from units that a logMAR gives", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 1300 }), fc.integer({ min: 25, max: 100 }), (logmar, distance_cm) => {
        const size = must(unitsOfLogmar(logmar, distance_cm));
        const back = must(logmarOfNear({ text: "", notation: "M", size, distance_cm }));
        expect(Math.abs(back - logmar)).toBeLessThanOrEqual(1 + 220 / size);
      }),
    );
  });
  test.each([
    [0, 0],
    [0, 201],
    [0, 40.5],
    [0.5, 40],
  ])("units of %f at %f are refused", (logmar, distance_cm) => {
    expect(unitsOfLogmar(logmar, distance_cm)).toMatchObject({ ok: false, code: "out_of_range" });
  });
});

test("whatever is printed reads back as itself", () => {
  const distance = fc.option(fc.integer({ min: 1, max: 200 }));
  const sized = fc.oneof(
    fc.record({ notation: fc.constant("N" as const), size: fc.integer({ min: 1, max: 999 }) }),
    fc.record({ notation: fc.constant("M" as const), size: fc.integer({ min: 1, max: 9999 }) }),
  );
  fc.assert(
    fc.property(sized, distance, (of, distance_cm) => {
      const near = { ...of, distance_cm, text: "" };
      const text = formatNearAcuity(near);
      expect(parseNearAcuity(text)).toEqual({ ok: true, value: { ...near, text } });
    }),
  );
});
