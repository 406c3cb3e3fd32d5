/** The depth of a curved surface before it is rounded; `sag.ts` has what others use. */
import { type Computed, computed, isWhole, type Refused, refused } from "./computed.ts";
import { greatestPower } from "./stated.ts";
import type { MilliDioptres, MilliIndex, TenthsMm } from "./types.ts";

/** A surface that carries the whole power of a lens, over a round of it. */
export interface Surface {
  readonly power: MilliDioptres;
  /** Tenths of a millimetre, above 0 and to 100 mm. */
  readonly diameter: TenthsMm;
  /** Thousandths, above 1000 and to 2000. */
  readonly index: MilliIndex;
}

/**
 * The depth of a surface in millimetres, unrounded, with the sign of its power: s = r − √(r² − y²), r = 1000(n−1)/F, y
 * half of the diameter. Refuses `out_of_range`, and `no_such_sag` where the surface is more than a hemisphere (y > r).
 */
export function exactSag({ power, diameter, index }: Surface): Computed<number> {
  const wrong = refusedSurface({ power, diameter, index });
  if (wrong) return wrong;
  if (power === 0) return computed(0);
  const radius = (1000 * (index - 1000)) / Math.abs(power);
  const y = diameter / 20;
  if (y > radius) {
    return refused("no_such_sag", "No surface of this power is so wide. A smaller blank or a higher index is needed.");
  }
  return computed(Math.sign(power) * (radius - Math.sqrt(radius * radius - y * y)));
}

/** Why there is no such surface: `out_of_range`, or null. */
export function refusedSurface({ power, diameter, index }: Surface): Refused | null {
  if (!isWhole(power, -greatestPower, greatestPower)) return refused("out_of_range", "No lens has such a power.");
  if (!isWhole(diameter, 1, 1000)) return refused("out_of_range", "A diameter is above 0 and to 100 mm.");
  if (!isWhole(index, 1001, 2000)) return refused("out_of_range", "A refractive index is above 1 and to 2.");
  return null;
}
