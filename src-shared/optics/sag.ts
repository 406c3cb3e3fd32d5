/** How deep a curved surface is (domain: optics-dispensing-lab §3.4). */
import { type Computed, computed } from "./computed.ts";
import { exactSag, refusedSurface, type Surface } from "./exact-sag.ts";
import { rounded } from "./rounding.ts";
import type { HundredthsMm } from "./types.ts";

export type { Surface } from "./exact-sag.ts";

/**
 * The depth of a surface, in hundredths of a millimetre with the sign of its power: s = r − √(r² − y²), with
 * r = 1000(n−1)/F and y half of the diameter. Refuses `out_of_range`, and `no_such_sag` where the surface would be more
 * than a hemisphere (y > r).
 */
export function sag(surface: Surface): Computed<HundredthsMm> {
  const depth = exactSag(surface);
  return depth.ok ? computed(rounded(depth.value * 100)) : depth;
}

/**
 * The depth by the rule of thumb y²F/2000(n−1), in hundredths of a millimetre with the sign of the power: less than the
 * exact one, and there even where that is not. Refuses `out_of_range`.
 */
export function approximateSag({ power, diameter, index }: Surface): Computed<HundredthsMm> {
  const y = diameter / 20;
  return (
    refusedSurface({ power, diameter, index }) ?? computed(rounded((100 * (y * y * power)) / (2000 * (index - 1000))))
  );
}
