/**
 * Limits of what is measured for a frame: pupil distances, heights, the frame itself and how it sits (domain:
 * optics-dispensing-lab §3.2). No screen asks them of a practice yet, so they are as delivered; functions take them as a
 * parameter.
 */
import { gk, type QuantityLimits } from "./measure-limits.ts";

export type FittingQuantity =
  | "pd_binocular"
  | "pd_binocular_adult"
  | "pd_monocular"
  | "pantoscopic"
  | "wrap"
  | "box_a"
  | "box_b"
  | "dbl"
  | "side";

/** Limits that hold between values: of the two eyes, of distance and near, of a height and its frame. */
interface FittingPairs {
  readonly source: string;
  /** The monocular pupil distances add up to the binocular one, give or take. Tenths of a millimetre, as all here. */
  readonly pdSum: number;
  /** The monocular pupil distances rarely differ by more. */
  readonly pdDifference: number;
  /** By how much the near pupil distance is usually smaller. */
  readonly pdNearSmaller: readonly [least: number, most: number];
  /** Fitting heights rarely differ by more. */
  readonly heightDifference: number;
  /** A fitting height is more than this from the top and the bottom of the box. */
  readonly heightFromEdge: number;
  /** A fitting cross rarely has less than this above it. */
  readonly aboveCross: number;
  /** The effective diameter in hundredths of the larger side of the box, at least. */
  readonly edOfSide: number;
  /** By how much the effective diameter may exceed the diagonal of the box. */
  readonly edOverDiagonal: number;
}

/** What a fitting starts from, and what progressive lenses are designed for. Degrees. */
interface FittingDefaults {
  readonly source: string;
  readonly pantoscopic: number;
  readonly wrap: number;
  readonly progressiveTilt: readonly [least: number, most: number];
  /** Less tilt than this is adjusted before progressive lenses are measured. */
  readonly tiltWanted: number;
}

export interface FittingLimits {
  /** The day the numbers were taken from their source. */
  readonly date: string;
  readonly source: string;
  readonly quantities: Readonly<Record<FittingQuantity, QuantityLimits>>;
  readonly pairs: FittingPairs;
  readonly fitting: FittingDefaults;
}

export const fittingLimits: FittingLimits = {
  date: "2026-11-28",
  source: "domain: optics-dispensing-lab §3.2",
  quantities: {
    pd_binocular: {
      name: "Pupil distance",
      unit: "mm",
      perUnit: 10,
      step: 5,
      block: [400, 800],
      warn: [null, null],
      source: "Dodgson 2004 [S33]: 45 to 80 mm holds nearly all adults, 40 the smallest child of five",
    },
    pd_binocular_adult: {
      name: "Pupil distance",
      unit: "mm",
      perUnit: 10,
      step: 5,
      block: [400, 800],
      warn: [500, 750],
      source: "Dodgson 2004 [S33]: the mean of adults is 63 mm",
    },
    pd_monocular: {
      name: "Monocular pupil distance",
      unit: "mm",
      perUnit: 10,
      step: 5,
      block: [180, 450],
      warn: [240, 400],
      source: gk,
    },
    pantoscopic: {
      name: "Pantoscopic tilt",
      unit: "°",
      perUnit: 1,
      step: 1,
      block: [-10, 35],
      warn: [4, 15],
      source: gk,
    },
    wrap: { name: "Wrap", unit: "°", perUnit: 1, step: 1, block: [-5, 35], warn: [null, 12], source: gk },
    box_a: {
      name: "Box width (A)",
      unit: "mm",
      perUnit: 10,
      step: 1,
      block: [200, 750],
      warn: [null, null],
      source: gk,
    },
    box_b: {
      name: "Box height (B)",
      unit: "mm",
      perUnit: 10,
      step: 1,
      block: [150, 650],
      warn: [null, null],
      source: gk,
    },
    dbl: {
      name: "Distance between lenses",
      unit: "mm",
      perUnit: 10,
      step: 1,
      block: [80, 300],
      warn: [null, null],
      source: gk,
    },
    side: {
      name: "Side length",
      unit: "mm",
      perUnit: 10,
      step: 10,
      block: [800, 1600],
      warn: [null, null],
      source: gk,
    },
  },
  pairs: {
    source: gk,
    pdSum: 10,
    pdDifference: 40,
    pdNearSmaller: [20, 60],
    heightDifference: 20,
    heightFromEdge: 50,
    aboveCross: 100,
    edOfSide: 95,
    edOverDiagonal: 10,
  },
  fitting: {
    source: "Customised progressive lenses [S12][S32]",
    pantoscopic: 10,
    wrap: 5,
    progressiveTilt: [8, 12],
    tiltWanted: 7,
  },
};
