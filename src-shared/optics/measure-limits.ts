/**
 * Limits of what is measured on a person, a frame or a contact lens, as reference data (domain: optics-dispensing-lab
 * §3.2): outside `block` a value is impossible, outside `warn` a person has to confirm it, all bounds inclusive. Plain
 * JSON, so that a practice can keep a copy with other numbers as a setting; functions take one as a parameter.
 */

const gk = "general knowledge, for the practice to confirm";

export interface QuantityLimits {
  /** As messages say it. */
  readonly name: string;
  /** The unit that people read; a value is in whole `perUnit`ths of it. */
  readonly unit: "mm" | "°" | "mmHg" | "D";
  readonly perUnit: number;
  /** What an entry field steps by; values between are fine, since instruments read finer. */
  readonly step: number;
  readonly block: readonly [least: number, most: number];
  /** Null where one side is never unusual. */
  readonly warn: readonly [least: number | null, most: number | null];
  readonly source: string;
}

export type MeasureQuantity =
  | "bvd"
  | "pd_binocular"
  | "pd_binocular_adult"
  | "pd_monocular"
  | "pantoscopic"
  | "wrap"
  | "box_a"
  | "box_b"
  | "dbl"
  | "side"
  | "k_radius"
  | "iop"
  | "cl_base_curve"
  | "cl_base_curve_soft"
  | "cl_diameter"
  | "cl_diameter_soft"
  | "cl_power";

/** Limits that hold between values: of the two eyes, of distance and near, of a height and its frame. */
export interface PairLimits {
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
  /** Eye pressures rarely differ by this or more. Tenths of mmHg. */
  readonly iopDifference: number;
  /** Readings of an air-puff tonometer that a referral rests on; their mean is used. */
  readonly nctReadings: number;
  /** By how much the axes of a cornea may miss a right angle. Degrees. */
  readonly kAxes: number;
}

/** What a fitting starts from, and what progressive lenses are designed for. Degrees. */
export interface FittingDefaults {
  readonly source: string;
  readonly pantoscopic: number;
  readonly wrap: number;
  readonly progressiveTilt: readonly [least: number, most: number];
  /** Less tilt than this is adjusted before progressive lenses are measured. */
  readonly tiltWanted: number;
}

export interface MeasureLimits {
  /** The day the numbers were taken from their source. */
  readonly date: string;
  readonly source: string;
  readonly quantities: Readonly<Record<MeasureQuantity, QuantityLimits>>;
  readonly pairs: PairLimits;
  readonly fitting: FittingDefaults;
}

export const measureLimits: MeasureLimits = {
  date: "2026-11-28",
  source: "domain: optics-dispensing-lab §3.2",
  quantities: {
    bvd: {
      name: "Vertex distance",
      unit: "mm",
      perUnit: 10,
      step: 5,
      block: [50, 250],
      warn: [100, 160],
      source: gk,
    },
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
    k_radius: {
      name: "Corneal radius",
      unit: "mm",
      perUnit: 100,
      step: 1,
      block: [500, 1200],
      warn: [680, 880],
      source: gk,
    },
    iop: {
      name: "Eye pressure",
      unit: "mmHg",
      perUnit: 10,
      step: 5,
      block: [0, 800],
      warn: [null, 239],
      source: `From 24 mmHg: NICE NG81 [S44]; the rest ${gk}`,
    },
    cl_base_curve: {
      name: "Base curve",
      unit: "mm",
      perUnit: 100,
      step: 5,
      block: [600, 1000],
      warn: [null, null],
      source: gk,
    },
    cl_base_curve_soft: {
      name: "Base curve of a soft lens",
      unit: "mm",
      perUnit: 100,
      step: 5,
      block: [600, 1000],
      warn: [830, 900],
      source: gk,
    },
    cl_diameter: {
      name: "Diameter",
      unit: "mm",
      perUnit: 10,
      step: 1,
      block: [80, 250],
      warn: [null, null],
      source: gk,
    },
    cl_diameter_soft: {
      name: "Diameter of a soft lens",
      unit: "mm",
      perUnit: 10,
      step: 1,
      block: [80, 250],
      warn: [138, 148],
      source: gk,
    },
    cl_power: {
      name: "Contact lens power",
      unit: "D",
      perUnit: 1000,
      step: 250,
      block: [-40_000, 40_000],
      warn: [null, null],
      source: gk,
    },
  },
  pairs: {
    source: `nctReadings: College of Optometrists [S37]; kAxes: no source, a starting value for the practice to set; the rest ${gk}`,
    pdSum: 10,
    pdDifference: 40,
    pdNearSmaller: [20, 60],
    heightDifference: 20,
    heightFromEdge: 50,
    aboveCross: 100,
    edOfSide: 95,
    edOverDiagonal: 10,
    iopDifference: 40,
    nctReadings: 4,
    kAxes: 10,
  },
  fitting: {
    source: "Customised progressive lenses [S12][S32]",
    pantoscopic: 10,
    wrap: 5,
    progressiveTilt: [8, 12],
    tiltWanted: 7,
  },
};
