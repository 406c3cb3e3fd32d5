/** Changes of a prescription that a wearer notices, so that somebody says so beforehand (domain §3.8). */
import {
  axisDifference,
  type ChangeLimits,
  changeLimits,
  checkChange,
  type EyeRx,
  type EyeSide,
  eyes,
  inMinusForm,
  type Rx,
} from "../optics/index.ts";

export interface AdaptationHint {
  readonly code: "sphere" | "axis" | "add";
  readonly eye: EyeSide | null;
  /** Milli-dioptres, or degrees for an axis; signed for powers. */
  readonly by: number;
}

/** What changed by more than the practice's table says; the add once for both eyes. Unstated sides are not compared. */
export function adaptationHints(now: Rx, before: Rx, limits: ChangeLimits = changeLimits): AdaptationHint[] {
  const hints = eyes.flatMap((eye) =>
    checkChange(before[eye], now[eye], limits).map(
      ({ field }): AdaptationHint => ({ code: field, eye, by: changeOf(field, now[eye], before[eye]) }),
    ),
  );
  const [add] = hints.filter(({ code }) => code === "add").sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
  return [...hints.filter(({ code }) => code !== "add"), ...(add ? [{ ...add, eye: null }] : [])];
}

/** By how much, with minus cylinders on both sides, as it was compared. */
function changeOf(code: AdaptationHint["code"], now: EyeRx, before: EyeRx): number {
  const [later, earlier] = [inMinusForm(now), inMinusForm(before)];
  const values = [later[code] ?? 0, earlier[code] ?? 0] as const;
  return code === "axis" ? axisDifference(...values) : values[0] - values[1];
}
