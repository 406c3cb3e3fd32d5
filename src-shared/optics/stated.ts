/** Whether what is stated of an eye is a whole lens that can be reckoned with. */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import type { LensPower, MilliDioptres, StatedPower } from "./types.ts";

/** The greatest power that a row holds (`power()` in sync/fields.ts), in either direction. */
export const greatestPower: MilliDioptres = 100_000;

/**
 * The lens that is stated, without a cylinder of 0. Powers in whole milli-dioptres within ±100 D, axis 1 to 180.
 * Refuses `not_stated` without a sphere, `axis_missing`, and `out_of_range`.
 */
export function wholeLens({ sphere, cylinder, axis }: StatedPower): Computed<LensPower> {
  if (sphere === null) return refused("not_stated", "The sphere is not stated.");
  const inRange = (power: MilliDioptres) => isWhole(power, -greatestPower, greatestPower);
  if (!inRange(sphere) || !inRange(cylinder ?? 0)) return refused("out_of_range", "No lens has such a power.");
  if (!cylinder) return computed({ sphere, cylinder: null, axis: null });
  if (axis === null) return refused("axis_missing", "The cylinder needs its axis.");
  if (!isWhole(axis, 1, 180)) return refused("out_of_range", "An axis is from 1 to 180 in whole degrees.");
  return computed({ sphere, cylinder, axis });
}
