/**
 * Limits of what is measured on an eye or a contact lens and of what is issued, as reference data (domain:
 * optics-dispensing-lab §3.2): outside `block` a value is impossible, outside `warn` a person has to confirm it, all bounds inclusive. Plain
 * JSON, so that a practice can keep a copy with other numbers as a setting; functions take one as a parameter.
 */

/** Said of a number that nobody has vouched for. */
export const gk = "general knowledge, for the practice to confirm";

export interface QuantityLimits {
  /** As messages say it. */
  readonly name: string;
  /** The unit that people read; a value is in whole `perUnit`ths of it. */
  readonly unit: "mm" | "°" | "mmHg" | "D" | "months";
  readonly perUnit: number;
  /** What an entry field steps by; values between are fine, since instruments read finer. */
  readonly step: number;
  readonly block: readonly [least: number, most: number];
  /** Null where one side is never unusual. */
  readonly warn: readonly [least: number | null, most: number | null];
  readonly source: string;
  /** Where it was taken from its source on another day than the rest of the table. */
  readonly date?: string;
}

export type MeasureQuantity =
  | "bvd"
  | "k_radius"
  | "iop"
  | "cl_base_curve"
  | "cl_base_curve_soft"
  | "cl_diameter"
  | "cl_diameter_soft"
  | "cl_power"
  | "rx_months"
  | "cl_months";

/** Limits that hold between values. */
interface PairLimits {
  readonly source: string;
  readonly date?: string;
  /** Eye pressures rarely differ by this or more. Tenths of mmHg. */
  readonly iopDifference: number;
  /** Readings of an air-puff tonometer that a referral rests on; their mean is used. */
  readonly nctReadings: number;
  /** By how much the axes of a cornea may miss a right angle. Degrees. */
  readonly kAxes: number;
}

export interface MeasureLimits {
  /** The day the numbers were taken from their source. */
  readonly date: string;
  readonly source: string;
  readonly quantities: Readonly<Record<MeasureQuantity, QuantityLimits>>;
  readonly pairs: PairLimits;
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
      perUnit: 100,
      step: 10,
      block: [800, 2500],
      warn: [null, null],
      source: gk,
    },
    cl_diameter_soft: {
      name: "Diameter of a soft lens",
      unit: "mm",
      perUnit: 100,
      step: 10,
      block: [800, 2500],
      warn: [1380, 1480],
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
    // How long a paper is valid that does not say so itself is the longest that is usual.
    rx_months: {
      name: "Validity of a prescription",
      unit: "months",
      perUnit: 1,
      step: 1,
      block: [1, 24],
      warn: [null, 24],
      source: "Two years: domain §3.8, Opticians Act and the order of 1984 [S39]",
    },
    cl_months: {
      name: "Validity of a contact lens specification",
      unit: "months",
      perUnit: 1,
      step: 1,
      block: [1, 24],
      warn: [null, 12],
      source: `Clinical judgement [S39]; a year: ${gk}`,
    },
  },
  pairs: {
    source: `nctReadings: College of Optometrists [S37]; kAxes: no source, a starting value for the practice to set; the rest ${gk}`,
    iopDifference: 40,
    nctReadings: 4,
    kAxes: 10,
  },
};
