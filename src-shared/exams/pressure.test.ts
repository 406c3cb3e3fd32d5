import { expect, test } from "vitest";
import { measureLimits } from "../optics/index.ts";
import { meanOf, type PressureReading, pressureActAt, pressureFindings } from "./pressure.ts";

const reading = (eye: "r" | "l", value: number, method: PressureReading["method"] = "goldmann"): PressureReading => ({
  eye,
  value,
  method,
  at: 1,
});
const codes = (readings: PressureReading[], last: { r: number | null; l: number | null } | null = null) =>
  pressureFindings(readings, last).map(({ code, eye, by }) => [code, eye, by]);

test("repeated readings count as their mean", () => {
  const readings = [reading("r", 200), reading("r", 215), reading("l", 180)];
  expect(meanOf(readings, "r")).toBe(208);
  expect(meanOf(readings, "l")).toBe(180);
  expect(meanOf([], "l")).toBeNull();
});

test("24 mmHg is looked at, 23.9 is not", () => {
  expect(codes([reading("r", 240)])).toEqual([["high", "r", 240]]);
  expect(codes([reading("r", 239)])).toEqual([]);
});

test("the eyes differ by 4, and the higher one is named", () => {
  expect(codes([reading("r", 160), reading("l", 200)])).toEqual([["differ", "l", 40]]);
  expect(codes([reading("r", 160), reading("l", 199)])).toEqual([]);
});

test("a practice that acts on less, or on more, is told by its own limits", () => {
  const { quantities, pairs } = measureLimits;
  const own = {
    quantities: { ...quantities, iop: { ...quantities.iop, warn: [null, 209] as const } },
    pairs: { ...pairs, iopDifference: 60 },
  };
  const findings = pressureFindings([reading("r", 210), reading("l", 160)], null, own);
  expect(findings).toEqual([{ code: "high", eye: "r", by: 210 }]);
});

test("a change since the last visit is said with its sign", () => {
  expect(codes([reading("l", 230)], { r: 170, l: 180 })).toEqual([["changed", "l", 50]]);
  expect(codes([reading("l", 130)], { r: null, l: 180 })).toEqual([["changed", "l", -50]]);
  expect(codes([reading("l", 200)], { r: 170, l: null })).toEqual([]);
});

test("a high air-puff pressure wants four readings before a referral", () => {
  const puff = (count: number) => Array.from({ length: count }, () => reading("r", 250, "non_contact"));
  expect(codes(puff(1))).toEqual([
    ["high", "r", 250],
    ["more_readings", "r", 1],
  ]);
  expect(codes(puff(4))).toEqual([["high", "r", 250]]);
  expect(codes([reading("r", 250)])).toEqual([["high", "r", 250]]);
});

test("a practice's own limits say from where on", () => {
  expect(pressureActAt(measureLimits)).toBe(240);
  const { iop } = measureLimits.quantities;
  const own = (usualTo: number | null) => ({
    ...measureLimits,
    quantities: { ...measureLimits.quantities, iop: { ...iop, warn: [null, usualTo] as const } },
    pairs: { ...measureLimits.pairs, iopDifference: 60, nctReadings: 2 },
  });
  const puffs = [reading("r", 215, "non_contact"), reading("r", 215, "non_contact"), reading("l", 160)];
  expect(pressureFindings(puffs, null, own(209)).map(({ code }) => code)).toEqual(["high"]);
  expect(pressureFindings(puffs, null, own(null))).toEqual([]);
  expect(pressureActAt(own(null))).toBeNull();
});
