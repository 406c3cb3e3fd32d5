import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLimit, formatMeasure } from "./check-limit.ts";
import { type FittingQuantity, fittingLimits } from "./fitting-limits.ts";
import { type MeasureQuantity, measureLimits } from "./measure-limits.ts";

type Quantity = MeasureQuantity | FittingQuantity;
const limits = { quantities: { ...measureLimits.quantities, ...fittingLimits.quantities } };

const found = (quantity: Quantity, value: number) => {
  const finding = checkLimit(quantity, value, limits);
  return finding && `${finding.severity} ${finding.code}`;
};

// The table of optics-dispensing-lab §3.2, each bound from both sides.
const table: [Quantity, number[], number[], number[]][] = [
  ["bvd", [100, 120, 160], [50, 99, 161, 250], [49, 251]],
  ["pd_binocular", [400, 450, 630, 800], [], [399, 801]],
  ["pd_binocular_adult", [500, 630, 750], [400, 499, 751, 800], [399, 801]],
  ["pd_monocular", [240, 315, 400], [180, 239, 401, 450], [179, 451]],
  ["pantoscopic", [4, 10, 15], [-10, 3, 16, 35], [-11, 36]],
  ["wrap", [-5, 0, 5, 12], [13, 35], [-6, 36]],
  ["box_a", [200, 520, 750], [], [199, 751]],
  ["box_b", [150, 400, 650], [], [149, 651]],
  ["dbl", [80, 180, 300], [], [79, 301]],
  ["side", [800, 1400, 1600], [], [799, 1601]],
  ["k_radius", [680, 780, 880], [500, 679, 881, 1200], [499, 1201]],
  ["iop", [0, 150, 235, 239], [240, 800], [-1, 801]],
  ["cl_base_curve", [600, 790, 1000], [], [599, 1001]],
  ["cl_base_curve_soft", [830, 860, 900], [600, 829, 901, 1000], [599, 1001]],
  ["cl_diameter", [800, 960, 2500], [], [799, 2501]],
  ["cl_diameter_soft", [1380, 1420, 1480], [800, 1379, 1481, 2500], [799, 2501]],
  ["cl_power", [-40_000, 0, 40_000], [], [-40_001, 40_001]],
  ["rx_months", [1, 24], [], [0, 25]],
  ["cl_months", [1, 12], [13, 24], [0, 25]],
];
describe.each(table)("%s", (quantity, usual, unusual, impossible) => {
  test.each(usual)("%i is usual", (value) => {
    expect(checkLimit(quantity, value, limits)).toBeNull();
  });
  if (unusual.length > 0) {
    test.each(unusual)("%i is unusual", (value) => {
      expect(found(quantity, value)).toBe("warn unusual");
    });
  }
  test.each(impossible)("%i cannot be", (value) => {
    expect(found(quantity, value)).toBe("block out_of_range");
  });
  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])("%f is no whole number", (value) => {
    expect(found(quantity, value)).toBe("block not_whole");
  });
});

test("every quantity is checked above", () => {
  expect(new Set(table.map(([quantity]) => quantity))).toEqual(new Set(Object.keys(limits.quantities)));
});
test.each<[Quantity, number, string]>([
  ["bvd", 40, "Vertex distance is outside 5 to 25 mm."],
  ["bvd", 165, "Vertex distance is usually 10 to 16 mm."],
  ["wrap", 20, "Wrap is usually up to 12°."],
  ["wrap", -6, "Wrap is outside \u22125 to 35°."],
  ["iop", 240, "Eye pressure is usually up to 23.9 mmHg."],
  ["k_radius", 890, "Corneal radius is usually 6.8 to 8.8 mm."],
  ["pd_monocular", 31.55, "Monocular pupil distance is finer than 0.1 mm."],
])("%s of %f: %s", (quantity, value, message) => {
  expect(checkLimit(quantity, value, limits)?.message).toBe(message);
});
test("a practice's own copy is heeded, on either side", () => {
  const bvd = { ...measureLimits.quantities.bvd, warn: [null, null] as const };
  const own = { ...measureLimits, quantities: { ...measureLimits.quantities, bvd } };
  expect(checkLimit("bvd", 170, own)).toBeNull();
  const atLeast = { ...own, quantities: { ...own.quantities, bvd: { ...bvd, warn: [180, null] as const } } };
  expect(checkLimit("bvd", 170, atLeast)?.message).toBe("Vertex distance is usually from 18 mm.");
});
test("the table outlives being kept as JSON", () => {
  for (const kept of [measureLimits, fittingLimits]) expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
});
test("what is unusual is possible, and says where it comes from", () => {
  for (const { block, warn, source, step } of Object.values(limits.quantities)) {
    expect(warn[0] ?? block[0]).toBeGreaterThanOrEqual(block[0]);
    expect(warn[1] ?? block[1]).toBeLessThanOrEqual(block[1]);
    expect(source).toMatch(/general knowledge, for the practice to confirm|\[S\d+\]/);
    expect(Number.isInteger(step)).toBe(true);
  }
});
test("a finding is the graver of two", () => {
  const quantity = fc.constantFrom(...(Object.keys(limits.quantities) as Quantity[]));
  fc.assert(
    fc.property(quantity, fc.integer({ min: -50_000, max: 50_000 }), (of, value) => {
      const [least, most] = limits.quantities[of].block;
      expect(checkLimit(of, value, limits)?.severity === "block").toBe(value < least || value > most);
    }),
  );
});
test.each([
  [140, { unit: "mm", perUnit: 10 }, "14 mm"],
  [785, { unit: "mm", perUnit: 100 }, "7.85 mm"],
  [-5, { unit: "°", perUnit: 1 }, "\u22125°"],
  [215, { unit: "mmHg", perUnit: 10 }, "21.5 mmHg"],
] as const)("%i of %j is written %s", (value, of, text) => {
  expect(formatMeasure(value, of)).toBe(text);
});
