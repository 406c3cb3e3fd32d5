/**
 * Lens materials as reference data (domain: optics-dispensing-lab §3.6). One material is quoted by two numbers, 1.498 in
 * Britain and America (nd) and 1.502 in Germany (ne): materials are matched by id, never by an index.
 */
import { type Computed, computed, refused } from "./computed.ts";
import type { MilliIndex } from "./types.ts";

export interface Material {
  readonly id: string;
  readonly name: string;
  /** Index at the yellow helium line, by which bands go. */
  readonly nd: MilliIndex;
  /** Index at the green mercury line, where it is known. */
  readonly ne: MilliIndex | null;
  /** Of a range that is published, the lower end: more dispersion. */
  readonly abbe: number;
  /** Hundredths of a gram per cubic centimetre; of a range that is published, the heavier end. */
  readonly density: number;
  readonly note: string;
}
export interface MaterialTable {
  /** The day the numbers were taken from their source. */
  readonly date: string;
  readonly source: string;
  readonly materials: readonly Material[];
}

/** Plain JSON, so that a practice can keep its own; the functions below take a table as a parameter. */
export const materialTable: MaterialTable = {
  date: "2026-11-28",
  source: "domain: optics-dispensing-lab §3.6 [S30]. Notes: general knowledge, for the practice to confirm.",
  materials: [
    {
      id: "cr39",
      name: "CR39",
      nd: 1498,
      ne: 1502,
      abbe: 58,
      density: 132,
      note: "Abbe 58 to 59, density 1.31 to 1.32. Best optics; weak when drilled; not for impact.",
    },
    {
      id: "trivex",
      name: "Trivex",
      nd: 1530,
      ne: null,
      abbe: 43,
      density: 111,
      note: "Abbe 43 to 44. Rimless, children, sport: first choice.",
    },
    { id: "mid_156", name: "1.56", nd: 1560, ne: null, abbe: 37, density: 123, note: "" },
    {
      id: "polycarbonate",
      name: "Polycarbonate",
      nd: 1586,
      ne: null,
      abbe: 30,
      density: 120,
      note: "Quoted as 1.586 to 1.59. For impact; dispersion; sensitive to solvents.",
    },
    {
      id: "high_160",
      name: "1.60 (MR-8 class)",
      nd: 1600,
      ne: null,
      abbe: 41,
      density: 130,
      note: "Strong when drilled.",
    },
    { id: "high_167", name: "1.67", nd: 1670, ne: null, abbe: 32, density: 137, note: "" },
    {
      id: "high_174",
      name: "1.74",
      nd: 1740,
      ne: null,
      abbe: 33,
      density: 147,
      note: "Tint and drilling within the maker's limits.",
    },
  ],
};

/** The material of an id. Refuses `unknown_material`. */
export function materialOf(id: string, table: MaterialTable = materialTable): Computed<Material> {
  const material = table.materials.find((one) => one.id === id);
  return material ? computed(material) : refused("unknown_material", "This lens material is not in the table.");
}

export type IndexBand = "normal" | "mid" | "high" | "very_high";

/** Each band from its index on: BS 7394-2 [S30]. */
const bands: readonly (readonly [from: MilliIndex, band: IndexBand])[] = [
  [1740, "very_high"],
  [1640, "high"],
  [1540, "mid"],
  [1480, "normal"],
];

/** The band of an index nd in thousandths by BS 7394-2: normal from 1.48, mid 1.54, high 1.64, very high 1.74; null below. */
export function indexBand(nd: MilliIndex): IndexBand | null {
  return bands.find(([from]) => nd >= from)?.[1] ?? null;
}
