/**
 * Limits of a spectacle prescription as reference data: what is impossible (`block`) and what a person has to confirm
 * (`warn`), both inclusive. A practice may use a copy with other numbers; functions take one as a parameter.
 */
import type { HundredthsPrism, MilliDioptres, TenthsMm } from "./types.ts";

export interface PowerLimits {
  readonly block: readonly [least: MilliDioptres, most: MilliDioptres];
  readonly warn: readonly [least: MilliDioptres, most: MilliDioptres];
  /** Other multiples of an eighth are unusual. */
  readonly step: MilliDioptres;
}
export interface PrismLimits {
  readonly most: HundredthsPrism;
  readonly warnAboveHorizontal: HundredthsPrism;
  readonly warnAboveVertical: HundredthsPrism;
  readonly step: HundredthsPrism;
  /** More than this of one direction in one eye only is usually split between the two. */
  readonly splitAbove: HundredthsPrism;
}
export interface RxLimits {
  /** The day the numbers were taken from their source. */
  readonly date: string;
  readonly source: string;
  readonly sphere: PowerLimits;
  readonly cylinder: PowerLimits;
  readonly add: PowerLimits;
  readonly prism: PrismLimits;
  /** Completed years below which an add is unusual. */
  readonly addFromAge: number;
}

/** No power of a prescription is finer than an eighth of a dioptre. */
export const eighth: MilliDioptres = 125;

export const rxLimits: RxLimits = {
  date: "2026-11-21",
  source:
    "domain: optics-dispensing-lab §3.2. Block of sphere and cylinder: the range of VCA order importers [S26]; the rest general knowledge, for the practice to confirm.",
  sphere: { block: [-39_000, 49_000], warn: [-20_000, 20_000], step: 125 },
  cylinder: { block: [-19_750, 19_750], warn: [-6_000, 6_000], step: 250 },
  add: { block: [250, 6_000], warn: [750, 3_500], step: 250 },
  prism: { most: 4_000, warnAboveHorizontal: 1_000, warnAboveVertical: 400, step: 25, splitAbove: 600 },
  addFromAge: 38,
};

/** From which power on, in any principal meridian, the vertex distance matters. */
export interface VertexLimits {
  readonly date: string;
  readonly source: string;
  /** The prescription has to state it. */
  readonly recordFrom: MilliDioptres;
  /** The power at the frame's own distance is worked out. */
  readonly offerFrom: MilliDioptres;
}

export const vertexLimits: VertexLimits = {
  date: "2026-11-28",
  source:
    "domain: optics-dispensing-lab §3.2. Offering from ±4.00 [S12][S35]; recording from ±5.00 (a UK convention): general knowledge, for the practice to confirm.",
  recordFrom: 5_000,
  offerFrom: 4_000,
};

/** From where on the two eyes' lenses differ enough to be told. */
export interface NearLimits {
  readonly date: string;
  readonly source: string;
  /** How far below the optical centres people read, in tenths of a millimetre. */
  readonly below: TenthsMm;
  /** Vertical prism between the eyes there, above which other lenses are considered. */
  readonly verticalAbove: HundredthsPrism;
  /** The difference of the eyes in any meridian from which they are anisometropic. */
  readonly anisometropiaFrom: MilliDioptres;
}

export const nearLimits: NearLimits = {
  date: "2026-11-28",
  source: "domain: optics-dispensing-lab §3.4. All of it general knowledge, for the practice to confirm.",
  below: 100,
  verticalAbove: 100,
  anisometropiaFrom: 2_000,
};

/** The quantities that are written as a power. */
export type PowerQuantity = "sphere" | "cylinder" | "add";
