import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { checkPressure, isEnoughToRefer, meanPressure, type PressureReading } from "./eye-pressure.ts";
import { measureLimits } from "./measure-limits.ts";

const measured: PressureReading = { r: 150, l: 150, method: "gat", timed: true };
const found = (stated: Partial<PressureReading>, limits = measureLimits) =>
  checkPressure({ ...measured, ...stated }, limits).map(({ eye, severity, code }) => `${eye} ${severity} ${code}`);

describe("eye pressure", () => {
  test.each<[Partial<PressureReading>, string[]]>([
    [{}, []],
    [{ r: 235, l: 235 }, []],
    [{ r: 240, l: 235 }, ["r warn unusual"]],
    [{ r: 190, l: 150 }, ["both warn eyes_differ"]],
    [{ r: 150, l: 190 }, ["both warn eyes_differ"]],
    [{ r: 185, l: 150 }, []],
    [{ r: 801, l: null }, ["r block out_of_range"]],
    [{ l: -1, r: null }, ["l block out_of_range"]],
    [{ r: 150.5, l: null }, ["r block not_whole"]],
    [{ method: null }, ["both block method_required"]],
    [{ timed: false }, ["both block time_required"]],
    [
      { r: 300, l: 150, method: null, timed: false },
      ["r warn unusual", "both warn eyes_differ", "both block method_required", "both block time_required"],
    ],
    [{ r: null, l: null, method: null, timed: false }, []],
  ])("%j: %j", (stated, findings) => {
    expect(found(stated)).toEqual(findings);
  });
  test("is judged by the practice's own limits where it has some", () => {
    const own = { ...measureLimits, pairs: { ...measureLimits.pairs, iopDifference: 60 } };
    expect(found({ r: 190, l: 150 }, own)).toEqual([]);
  });
  test("says by how much the eyes differ", () => {
    expect(checkPressure({ ...measured, r: 200 })[0]?.message).toBe("The eyes differ by 4 mmHg or more.");
  });
});

describe("the mean of readings", () => {
  test.each([
    [[160], 160],
    [[160, 170, 165, 175], 168],
    [[150, 155], 153],
    [[0, 0, 1], 0],
  ])("%j is %i", (readings, mean) => {
    expect(meanPressure(readings)).toEqual({ ok: true, value: mean });
  });
  test("lies between them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 800 }), { minLength: 1, maxLength: 8 }), (readings) => {
        const mean = must(meanPressure(readings));
        expect(mean).toBeGreaterThanOrEqual(Math.min(...readings));
        expect(mean).toBeLessThanOrEqual(Math.max(...readings));
      }),
    );
  });
  test.each([
    [[], "not_stated"],
    [[160, 801], "out_of_range"],
    [[160, 0.5], "out_of_range"],
  ])("of %j is refused: %s", (readings, code) => {
    expect(meanPressure(readings)).toMatchObject({ ok: false, code });
  });
});

test.each([
  ["nct", 3, false],
  ["nct", 4, true],
  ["gat", 1, true],
  ["gat", 0, false],
] as const)("%s with %i readings is enough to refer: %j", (method, readings, enough) => {
  expect(isEnoughToRefer(method, readings)).toBe(enough);
});
