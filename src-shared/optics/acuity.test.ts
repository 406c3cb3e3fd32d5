import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import {
  acuityRange,
  compareAcuity,
  decimalOfLogmar,
  logmarOfDecimal,
  logmarOfFraction,
  sizeOfLogmar,
} from "./acuity.ts";
import { parseAcuity } from "./acuity-parse.ts";

const hundredths = (thousandths: number) => Math.round(Math.abs(thousandths) / 10) * Math.sign(thousandths) + 0;

// The table of optics-dispensing-lab §3.3, as it is printed there.
const table: [distance: number, size: number, logmar: number, decimal: number][] = [
  [6, 3, -0.3, 2.0],
  [6, 3.8, -0.2, 1.58],
  [6, 4.8, -0.1, 1.25],
  [6, 5, -0.08, 1.2],
  [6, 6, 0, 1.0],
  [6, 7.5, 0.1, 0.8],
  [6, 9, 0.18, 0.67],
  [6, 9.5, 0.2, 0.63],
  [6, 12, 0.3, 0.5],
  [6, 15, 0.4, 0.4],
  [6, 18, 0.48, 0.33],
  [6, 19, 0.5, 0.32],
  [6, 24, 0.6, 0.25],
  [6, 30, 0.7, 0.2],
  [6, 36, 0.78, 0.17],
  [6, 38, 0.8, 0.16],
  [6, 48, 0.9, 0.125],
  [6, 60, 1.0, 0.1],
  [3, 60, 1.3, 0.05],
  [1, 60, 1.78, 0.017],
];
describe.each(table)("%f/%f", (distance, size, logmar, decimal) => {
  const exact = must(logmarOfFraction({ distance: distance * 10, size: size * 10 }));

  test(`is ${logmar} in logMAR`, () => {
    expect(hundredths(exact)).toBe(Math.round(logmar * 100) + 0);
  });
  test(`is ${decimal} in decimals`, () => {
    const places = decimal === 0.125 || decimal < 0.1 ? 1 : 10;
    expect(Math.round(must(decimalOfLogmar(exact)) / places) * places).toBe(Math.round(decimal * 1000));
  });
  test("comes back from logMAR", () => {
    expect(Math.abs(must(sizeOfLogmar(exact, distance * 10)) - size * 10)).toBeLessThanOrEqual(1);
    const [metres, feet] = [must(sizeOfLogmar(exact, 60)), must(sizeOfLogmar(exact, 200))];
    // 20/x is 6/(x · 0.3).
    expect(Math.abs(feet * 0.3 - metres)).toBeLessThanOrEqual(1);
  });
});

describe("an acuity is refused", () => {
  test.each([
    { distance: 0, size: 60 },
    { distance: 60, size: 0 },
    { distance: 60.5, size: 60 },
    { distance: 60, size: Number.NaN },
    { distance: 60, size: 29 },
    { distance: 1, size: 1010 },
  ])("of %j", (fraction) => {
    expect(logmarOfFraction(fraction)).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test.each([-302, 3001, 0.5, Number.NaN])("of logMAR %f thousandths", (logmar) => {
    expect(decimalOfLogmar(logmar)).toMatchObject({ ok: false, code: "out_of_range" });
    expect(sizeOfLogmar(logmar, 60)).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test("at no distance", () => {
    expect(sizeOfLogmar(0, 0)).toMatchObject({ ok: false, code: "out_of_range" });
  });
});

test("decimals and fractions come back from logMAR within what they are written to", () => {
  fc.assert(
    fc.property(fc.integer({ min: acuityRange[0], max: 1300 }), (logmar) => {
      const decimal = must(decimalOfLogmar(logmar));
      // A thousandth of a decimal is more of a logMAR the smaller the decimal is.
      const back = logmarOfDecimal(decimal);
      expect(Math.abs((back.ok ? back.value : acuityRange[0]) - logmar)).toBeLessThanOrEqual(1 + 220 / decimal);
      const size = must(sizeOfLogmar(logmar, 200));
      const fraction = logmarOfFraction({ distance: 200, size });
      expect(Math.abs((fraction.ok ? fraction.value : acuityRange[0]) - logmar)).toBeLessThanOrEqual(1 + 220 / size);
    }),
  );
});

test("whatever is read off a chart is better than fingers, a hand, light and no light", () => {
  const inOrder = ["6/3", "6/6+1", "6/6", "6/6-1", "0.18 logMAR", "6/12", "20/200", "1/60", "CF", "HM", "PL", "NPL"];
  const acuities = inOrder.map((text) => must(parseAcuity(text)));
  for (const [at, better] of acuities.entries()) {
    expect(compareAcuity(better, better)).toBe(0);
    for (const worse of acuities.slice(at + 1)) {
      expect(compareAcuity(better, worse)).toBeLessThan(0);
      expect(compareAcuity(worse, better)).toBeGreaterThan(0);
    }
  }
  expect(compareAcuity(must(parseAcuity("20/20")), must(parseAcuity("6/6")))).toBe(0);
});
