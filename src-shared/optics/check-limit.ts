/** Whether one measured value can be meant (domain: optics-dispensing-lab §3.2). Nothing is corrected here. */
import type { MeasureQuantity, QuantityLimits } from "./measure-limits.ts";
import type { Finding } from "./validate.ts";

export type LimitCode = "not_whole" | "out_of_range" | "unusual";
/** Any table that holds the limits of a quantity: `MeasureLimits`, `FittingLimits`. */
export interface LimitsOf<Q extends string> {
  readonly quantities: Readonly<Record<Q, QuantityLimits>>;
}
/** `block`: impossible. `warn`: the person confirms it with a reason. */
export type LimitFinding<Q extends string = MeasureQuantity> = Finding<Q, LimitCode>;

/**
 * What is wrong or unusual with a value of a quantity, or null. The value is in the quantity's whole parts: tenths of a
 * millimetre for distances, hundredths for radii, degrees, tenths of mmHg, milli-dioptres (`QuantityLimits.perUnit`).
 */
export function checkLimit<Q extends string = MeasureQuantity>(
  quantity: Q,
  value: number,
  limits: LimitsOf<Q>,
): LimitFinding<Q> | null {
  const of = limits.quantities[quantity];
  const finding = (severity: "block" | "warn", code: LimitCode, message: string): LimitFinding<Q> => ({
    field: quantity,
    severity,
    code,
    message,
  });
  if (!Number.isInteger(value)) {
    return finding("block", "not_whole", `${of.name} is finer than ${formatMeasure(1, of)}.`);
  }
  if (!within(value, of.block)) {
    return finding("block", "out_of_range", `${of.name} is outside ${rangeText(of.block, of)}.`);
  }
  if (!within(value, of.warn)) {
    return finding("warn", "unusual", `${of.name} is usually ${rangeText(of.warn, of)}.`);
  }
  return null;
}

type Range = readonly [least: number | null, most: number | null];

function within(value: number, [least, most]: Range): boolean {
  return (least === null || value >= least) && (most === null || value <= most);
}

function rangeText([least, most]: Range, of: QuantityLimits): string {
  if (most === null) return `from ${formatMeasure(least ?? 0, of)}`;
  return least === null ? `up to ${formatMeasure(most, of)}` : `${number(least, of)} to ${formatMeasure(most, of)}`;
}

/** A value of a quantity with its unit, in as many decimals as it needs: `14 mm`, `7.85 mm`, `−5°`. */
export function formatMeasure(value: number, of: Pick<QuantityLimits, "unit" | "perUnit">): string {
  return `${number(value, of)}${of.unit === "°" ? "" : " "}${of.unit}`;
}

function number(value: number, { perUnit }: Pick<QuantityLimits, "perUnit">): string {
  return String(value / perUnit).replace("-", "\u2212");
}
