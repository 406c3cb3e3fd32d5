/** Changes of a prescription that a wearer notices, so that somebody says so beforehand (domain §3.8). */
import type { EyeRx, EyeSide, Rx } from "../optics/index.ts";
import { eyes } from "../optics/index.ts";

export interface AdaptationHint {
  readonly code: "sphere" | "axis" | "add";
  readonly eye: EyeSide | null;
  /** Milli-dioptres, or degrees for an axis; signed for powers. */
  readonly by: number;
}

/** More than this of sphere or add, in milli-dioptres, asks for a word on adaptation. */
const powerChange = 750;
/** More than so many degrees, at a cylinder of this or more. */
const axisChange = 10;
const axisMatters = 1000;

/** What changed enough; the add once for both eyes. Unstated sides are not compared. */
export function adaptationHints(now: Rx, before: Rx): AdaptationHint[] {
  const hints: AdaptationHint[] = [];
  for (const eye of eyes) {
    const sphere = difference(now[eye].sphere, before[eye].sphere);
    if (Math.abs(sphere) > powerChange) hints.push({ code: "sphere", eye, by: sphere });
    const turned = axisTurned(now[eye], before[eye]);
    if (turned > axisChange) hints.push({ code: "axis", eye, by: turned });
  }
  const add = eyes.map((eye) => difference(now[eye].add, before[eye].add)).sort((a, b) => Math.abs(b) - Math.abs(a))[0];
  if (add !== undefined && Math.abs(add) > powerChange) hints.push({ code: "add", eye: null, by: add });
  return hints;
}

function difference(now: number | null, before: number | null): number {
  return now === null || before === null ? 0 : now - before;
}

/** Degrees between two axes, the short way round; 0 where no cylinder is strong enough to matter. */
function axisTurned(now: EyeRx, before: EyeRx): number {
  const strong = Math.abs(now.cylinder ?? 0) >= axisMatters && Math.abs(before.cylinder ?? 0) > 0;
  if (!strong || now.axis === null || before.axis === null) return 0;
  const apart = Math.abs(now.axis - before.axis);
  return Math.min(apart, 180 - apart);
}
