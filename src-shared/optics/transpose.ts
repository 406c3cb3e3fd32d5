/**
 * Sphere, cylinder and axis seen in other ways (domain: optics-dispensing-lab §3.4). All in integer milli-dioptres;
 * what is not whole is rounded to the nearest, halves away from zero, so that plus and minus mirror each other.
 */
import { rounded } from "./rounding.ts";
import type { Axis, EyeRx, MilliDioptres, StatedPower } from "./types.ts";

/** The meridian at right angles, 1 to 180. */
export function perpendicular(axis: Axis): Axis {
  return axis > 90 ? axis - 90 : axis + 90;
}

/** The same lens with the cylinder of the other sign: S+C, −C, axis ±90. An eye without a full cylinder stays as it is. */
export function transpose(eye: EyeRx): EyeRx {
  const { sphere, cylinder, axis } = eye;
  if (sphere === null || axis === null || !cylinder) return eye;
  return { ...eye, sphere: sphere + cylinder, cylinder: -cylinder, axis: perpendicular(axis) };
}

/** S + C/2, or null when no sphere is stated. */
export function sphericalEquivalent({ sphere, cylinder }: StatedPower): MilliDioptres | null {
  return sphere === null ? null : rounded(sphere + (cylinder ?? 0) / 2);
}

/**
 * S + C·sin²(meridian − axis), or null when no sphere is stated or a cylinder lacks its axis. The meridian is in whole
 * degrees; any turn counts (0 is 180).
 */
export function powerInMeridian({ sphere, cylinder, axis }: StatedPower, meridian: Axis): MilliDioptres | null {
  if (sphere === null) return null;
  if (!cylinder) return sphere;
  if (axis === null) return null;
  return rounded(sphere + cylinder * Math.sin(((meridian - axis) * Math.PI) / 180) ** 2);
}

export interface MeridianPower {
  readonly meridian: Axis;
  readonly power: MilliDioptres;
}

/** The two principal meridians: S along the axis, S+C across it. A sphere has 180 and 90; null as in `powerInMeridian`. */
export function principalMeridians({
  sphere,
  cylinder,
  axis,
}: StatedPower): readonly [MeridianPower, MeridianPower] | null {
  if (sphere === null || (cylinder && axis === null)) return null;
  const along = cylinder && axis !== null ? axis : 180;
  return [
    { meridian: along, power: sphere },
    { meridian: perpendicular(along), power: sphere + (cylinder ?? 0) },
  ];
}

/**
 * The principal meridian of the greatest power whatever its sign, by which lenses, vouchers and vertex distance are
 * judged. Of equal ones plus comes before minus, and of a sphere's the horizontal; the same for either transposition.
 */
export function strongestMeridian(eye: StatedPower): MeridianPower | null {
  const principal = principalMeridians(eye);
  if (!principal) return null;
  const [along, across] = principal;
  const difference = Math.abs(across.power) - Math.abs(along.power);
  return difference > 0 || (difference === 0 && across.power > along.power) ? across : along;
}
