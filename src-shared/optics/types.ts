/**
 * The prescription of one eye and of two, in the units of the columns that carry it (`eyeFields` in
 * patients/entities.ts; domain: optics-dispensing-lab §3.1).
 */

/** A power in integer thousandths of a dioptre; prescriptions use steps of 250, and 125 where a lab needs it. */
export type MilliDioptres = number;
/** Whole degrees, 1 to 180 in TABO notation, the same for both eyes; horizontal is 180, never 0. */
export type Axis = number;
/** Prism in hundredths of a prism dioptre. */
export type HundredthsPrism = number;
/** Frames, pupil distances, heights and vertex distances, in tenths of a millimetre. */
export type TenthsMm = number;
/** Sags and thicknesses, in hundredths of a millimetre. */
export type HundredthsMm = number;
/** A refractive index in thousandths: 1498 is 1.498. */
export type MilliIndex = number;
/** An angle in whole degrees. */
export type Degrees = number;

export interface Prism {
  readonly prism_h: HundredthsPrism | null;
  readonly base_h: "in" | "out" | null;
  readonly prism_v: HundredthsPrism | null;
  readonly base_v: "up" | "down" | null;
}

/** Null is "not stated"; a plano lens has sphere 0, a lens without cylinder has cylinder and axis null. */
export interface EyeRx extends Prism {
  readonly sphere: MilliDioptres | null;
  readonly cylinder: MilliDioptres | null;
  readonly axis: Axis | null;
  readonly add: MilliDioptres | null;
}
export type EyeRxField = keyof EyeRx;
/** The part of an eye that a lens refracts with, as far as it is stated. */
export type StatedPower = Pick<EyeRx, "sphere" | "cylinder" | "axis">;
/** A whole lens: a sphere, and a cylinder with its axis or neither of the two. */
export interface LensPower extends StatedPower {
  readonly sphere: MilliDioptres;
}

export const eyes = ["r", "l"] as const;
export type EyeSide = (typeof eyes)[number];
export type Rx = Readonly<Record<EyeSide, EyeRx>>;

export const noPrism: Prism = { prism_h: null, base_h: null, prism_v: null, base_v: null };
export const emptyEye: EyeRx = { sphere: null, cylinder: null, axis: null, ...noPrism, add: null };
const eyeRxFields = Object.keys(emptyEye) as readonly EyeRxField[];

/** The columns of one eye as rows have them: `r_sphere`, `r_cylinder` … */
export type EyeColumns<S extends EyeSide> = { [F in EyeRxField as `${S}_${F}`]: EyeRx[F] };

/** One eye out of a row of prescriptions or exams; columns that the row lacks are null. */
export function eyeOf<S extends EyeSide>(row: Readonly<Partial<EyeColumns<S>>>, side: S): EyeRx {
  const columns = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    eyeRxFields.map((field) => [field, columns[`${side}_${field}`] ?? null]),
  ) as unknown as EyeRx;
}

/** Both eyes out of a row. */
export function rxOf(row: Readonly<Partial<EyeColumns<"r"> & EyeColumns<"l">>>): Rx {
  return { r: eyeOf(row, "r"), l: eyeOf(row, "l") };
}

/** The columns of one eye, for writing: the inverse of `eyeOf`. */
export function eyeColumns<S extends EyeSide>(eye: EyeRx, side: S): EyeColumns<S> {
  return Object.fromEntries(eyeRxFields.map((field) => [`${side}_${field}`, eye[field]])) as unknown as EyeColumns<S>;
}

export function isEmpty(eye: EyeRx): boolean {
  return eyeRxFields.every((field) => eye[field] === null);
}
