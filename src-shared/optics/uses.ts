/** The lens for each use of one prescription (domain: optics-dispensing-lab §3.1): all come from distance and add. */
import { type Computed, computed, refused } from "./computed.ts";
import { roundedTo } from "./rounding.ts";
import { wholeLens } from "./stated.ts";
import type { EyeRx, LensPower, MilliDioptres } from "./types.ts";

export type Use = "distance" | "intermediate" | "near";

/** An intermediate add is about half of the add (§3.2, general knowledge, for the practice to confirm), to a quarter. */
export function usualIntermediateAdd(add: MilliDioptres): MilliDioptres {
  return roundedTo(add / 2, 250);
}

/**
 * Sphere, cylinder and axis for one use: the distance power, with the add in the sphere for near, and with the
 * intermediate one (about half, unless it is given) between. Milli-dioptres. Refuses what is no whole lens
 * (`wholeLens`), and `not_stated` where the use needs an add and there is none.
 */
export function powerForUse(
  { add, ...distance }: EyeRx,
  use: Use,
  intermediateAdd: MilliDioptres | null = null,
): Computed<LensPower> {
  const lens = wholeLens(distance);
  if (!lens.ok || use === "distance") return lens;
  const more = use === "near" ? add : (intermediateAdd ?? (add === null ? null : usualIntermediateAdd(add)));
  if (more === null) return refused("not_stated", "This use needs an add, and none is stated.");
  return computed({ ...lens.value, sphere: lens.value.sphere + more });
}
