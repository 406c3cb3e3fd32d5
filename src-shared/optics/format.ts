/** How powers, axes and prisms are written (domain: optics-dispensing-lab §3.1). */
import type { PolarPrism } from "./prism.ts";
import { type Axis, type EyeRx, type HundredthsPrism, isEmpty, type MilliDioptres, type Prism } from "./types.ts";

/** The true minus: a hyphen is easily overlooked on paper. */
const minus = "\u2212";

export interface PowerStyle {
  readonly zero?: "0.00" | "Plano";
}

/**
 * A power with its sign and two decimals, `+1.25`, `−0.50`. Eighths are cut as labs do: .12, .37, .62, .87 [S26].
 */
export function formatPower(power: MilliDioptres, { zero = "0.00" }: PowerStyle = {}): string {
  if (power === 0) return zero;
  return (power < 0 ? minus : "+") + hundredths(Math.floor(Math.abs(power) / 10));
}

function hundredths(value: number): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;
}

/** An axis in three digits, `015`: a missing digit shows. */
export function formatAxis(axis: Axis): string {
  return String(axis).padStart(3, "0");
}

/** `2.00Δ in, 1.50Δ up`; nothing when there is no prism. */
export function formatPrism(prism: Prism): string {
  const part = (amount: HundredthsPrism | null, base: string | null) =>
    amount ? [`${hundredths(amount)}Δ ${base ?? ""}`.trimEnd()] : [];
  return [...part(prism.prism_h, prism.base_h), ...part(prism.prism_v, prism.base_v)].join(", ");
}

/** A prism by its angle, `2.50Δ@37` or `2.50Δ@36.87`: the angle in as many decimals as it needs, up to two. */
export function formatPolarPrism({ amount, base }: PolarPrism): string {
  return `${hundredths(amount)}Δ@${base / 100}`;
}

/**
 * Sphere and cylinder in one word: `−4.25/−1.25×015`, `+1.25 DS`, `Plano`, `Plano/−0.50×090`. Nothing when neither is
 * stated; `?` for a sphere or an axis that is missing beside a cylinder.
 */
export function formatEyeShort({ sphere, cylinder, axis }: EyeRx): string {
  if (!cylinder) return sphere === null ? "" : sphere === 0 ? "Plano" : `${formatPower(sphere)} DS`;
  const sphereText = sphere === null ? "?" : formatPower(sphere, { zero: "Plano" });
  return `${sphereText}/${formatPower(cylinder)}×${axis === null ? "?" : formatAxis(axis)}`;
}

/** Everything stated for the eye: `−4.25/−1.25×015 2.00Δ in Add +2.00`. Nothing for an empty eye. */
export function formatEye(eye: EyeRx): string {
  if (isEmpty(eye)) return "";
  const add = eye.add === null ? "" : `Add ${formatPower(eye.add)}`;
  return [formatEyeShort(eye), formatPrism(eye), add].filter((part) => part !== "").join(" ");
}
