import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createScanReader, readScan } from "./scanner.ts";

/** Sends keys, `gap` milliseconds apart, and gathers the codes. */
function typed(keys: readonly string[], gap: number): (string | null)[] {
  const reader = createScanReader();
  return keys.map((key, index) => reader.key(key, 1000 + index * gap).code).filter((code) => code !== null);
}

describe("scanning", () => {
  test.each<[string, string[], string]>([
    ["a job's ticket", [..."LDS-T2-000409/1", "Enter"], "LDS-T2-000409/1"],
    ["with a tab at the end", [..."LDS-T2-000409", "Tab"], "LDS-T2-000409"],
    ["with the symbology in front", [..."]C1LDS-T2-000409", "Enter"], "LDS-T2-000409"],
    ["Code 39 with its stars", [..."*T1234*", "Enter"], "T1234"],
    ["a product", [..."5012345678900", "Enter"], "5012345678900"],
    ["letters that need Shift", ["Shift", "L", "Shift", "D", "Shift", "S", "1", "Enter"], "LDS1"],
  ])("%s", (_, keys, code) => {
    expect(typed(keys, 4)).toEqual([code]);
  });

  test("what hands type is no scan, however it ends", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.integer({ min: 41, max: 400 }), (text, gap) => {
        expect(typed([...text, "Enter"], gap)).toEqual([]);
      }),
    );
  });

  test("whatever was typed before, a scan is the code alone", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), fc.stringMatching(/^[A-Z0-9]{4,14}$/), (before, code) => {
        const reader = createScanReader();
        for (const [index, key] of [...before].entries()) reader.key(key, index * 200);
        const begins = before.length * 200 + 500;
        for (const [index, key] of [...code].entries()) reader.key(key, begins + index * 3);
        expect(reader.key("Enter", begins + code.length * 3).code).toBe(code);
      }),
    );
  });

  test("the keys of a rolling hand still are shortcuts; from the fourth on it is a scanner", () => {
    const reader = createScanReader();
    const scanning = [..."LDS-T"].map((key, index) => reader.key(key, index * 5).scanning);
    expect(scanning).toEqual([false, false, false, true, true]);
  });

  test("one key over and over is no scanner", () => {
    const reader = createScanReader();
    expect([..."jjjjj"].map((key, index) => reader.key(key, index * 5).scanning)).not.toContain(true);
    for (let n = 5; n < 12; n++) reader.key("j", n * 5);
    expect(reader.rest(500)).toBeNull();
  });

  test("a scanner without an end is understood once it is quiet", () => {
    const reader = createScanReader();
    for (const [index, key] of [..."5012345678900"].entries()) reader.key(key, index * 5);
    expect(reader.rest(80)).toBeNull();
    expect(reader.rest(140)).toBe("5012345678900");
    expect(reader.rest(300)).toBeNull();
  });
});

test.each([
  ["  LDS-T1-000001 ", "LDS-T1-000001"],
  ["]E05012345678900", "5012345678900"],
  ["]d2010401234567890\u001d", "010401234567890"],
  ["\u0002T27\u0003", "T27"],
])("%j", (text, code) => {
  expect(readScan(text)).toBe(code);
});
