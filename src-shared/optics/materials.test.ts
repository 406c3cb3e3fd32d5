import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { indexBand, materialOf, materialTable } from "./materials.ts";

// The table of optics-dispensing-lab §3.6.
test.each([
  ["cr39", 1498, 1502, 58, 132, "normal"],
  ["trivex", 1530, null, 43, 111, "normal"],
  ["mid_156", 1560, null, 37, 123, "mid"],
  ["polycarbonate", 1586, null, 30, 120, "mid"],
  ["high_160", 1600, null, 41, 130, "mid"],
  ["high_167", 1670, null, 32, 137, "high"],
  ["high_174", 1740, null, 33, 147, "very_high"],
])("%s has nd %i, ne %j, Abbe %i and density %i, and is %s", (id, nd, ne, abbe, density, band) => {
  expect(must(materialOf(id))).toMatchObject({ nd, ne, abbe, density });
  expect(indexBand(nd)).toBe(band);
});

describe("a band", () => {
  test.each([
    [1479, null],
    [1480, "normal"],
    [1539, "normal"],
    [1540, "mid"],
    [1639, "mid"],
    [1640, "high"],
    [1739, "high"],
    [1740, "very_high"],
    [1900, "very_high"],
  ])("of %i is %j", (nd, band) => {
    expect(indexBand(nd)).toBe(band);
  });
});

test("a material is known by its id and by nothing else", () => {
  for (const id of ["1498", "1502", "1.498", "CR39", ""]) {
    expect(materialOf(id)).toMatchObject({ ok: false, code: "unknown_material" });
  }
  const ids = materialTable.materials.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
test("a practice's own table is heeded, and outlives being kept as JSON", () => {
  const glass = { id: "crown", name: "Crown", nd: 1523, ne: 1525, abbe: 59, density: 254, note: "" };
  const own = { ...materialTable, materials: [...materialTable.materials, glass] };
  expect(materialOf("crown", JSON.parse(JSON.stringify(own)))).toEqual({ ok: true, value: glass });
});
