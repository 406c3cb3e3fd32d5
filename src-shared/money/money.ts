/**
 * Money in integer minor units (pence). Amounts are rounded half-up per line, once, and stored; totals are sums of
 * lines (domain: optics-dispensing-lab §5.3). Negative amounts round as their positive mirror images do, so that a
 * refund takes back exactly what the sale charged.
 */

/** An amount in minor units of its currency. */
export type Minor = number;
/** A rate in hundredths of a percent: 2000 is 20 %. */
export type RateHundredths = number;

/** The largest amount a row can hold (`money()` in sync/fields.ts). */
export const maximumMinor: Minor = 1_000_000_000_00;

const formats = new Map<string, Intl.NumberFormat>();

/** An amount as people write it, `£1,234.50`. Throws a RangeError for a malformed currency code or locale. */
export function formatMoney(minor: Minor, currency: string, locale = "en-GB"): string {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: "currency", currency });
    formats.set(key, format);
  }
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  // Adding zero turns -0 into 0.
  return format.format((minor + 0) / 10 ** digits);
}

export type ParsedMoney =
  | { readonly ok: true; readonly value: Minor }
  | {
      readonly ok: false;
      readonly code: "empty" | "unreadable" | "too_precise" | "too_large";
      readonly message: string;
    };

/**
 * An amount that a person typed in a currency of two decimals: `12`, `12.5`, `.50`, `£1,234.50`, `-5`. Commas may only
 * part thousands, so that `1,50` is refused and not read as 150. More than two decimals are refused, never rounded.
 */
export function parseMoney(text: string): ParsedMoney {
  const written = text.replaceAll("\u2212", "-").replaceAll(/\s/g, "");
  if (written === "") return { ok: false, code: "empty", message: "Enter an amount." };
  const match = /^(-?)[£€$]?(-?)((?:\d{1,3}(?:,\d{3})+|\d+)?)(?:\.(\d+))?$/.exec(written);
  const [, sign = "", innerSign = "", whole = "", decimals = ""] = match ?? [];
  if (!match || (sign && innerSign) || (whole === "" && decimals === "")) {
    return { ok: false, code: "unreadable", message: `${text.trim()} is not an amount. Write it like 1234.50.` };
  }
  if (decimals.length > 2) return { ok: false, code: "too_precise", message: "An amount has at most two decimals." };
  const magnitude = Number(whole.replaceAll(",", "")) * 100 + Number(decimals.padEnd(2, "0"));
  if (magnitude > maximumMinor) return { ok: false, code: "too_large", message: "The amount is too large." };
  return { ok: true, value: magnitude === 0 || !(sign || innerSign) ? magnitude : -magnitude };
}

/**
 * `numerator / denominator` to the nearest integer, halves away from zero. Exact for safe integers, which both must
 * be; the denominator is positive. Throws a RangeError otherwise.
 */
export function roundHalfUp(numerator: number, denominator: number): number {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator <= 0) {
    throw new RangeError(`${numerator} / ${denominator} is not a fraction of whole amounts`);
  }
  return Number(roundedRatio(BigInt(numerator), BigInt(denominator)));
}

/** Products of amounts and rates leave the safe integers, so they are made and divided as big ones. */
function roundedRatio(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** `rate` of an amount, half-up: 12.5 % (1250) of 999 is 125. */
export function percentOf(amount: Minor, rate: RateHundredths): Minor {
  return Number(roundedRatio(BigInt(amount) * BigInt(rate), 10_000n));
}

/** The VAT contained in a price that includes it, half-up per line: 20 % (2000) in 1200 is 200. Rate 0 to 10000. */
export function vatIncluded(gross: Minor, rate: RateHundredths): Minor {
  if (rate < 0) throw new RangeError(`${rate} is not a VAT rate`);
  return Number(roundedRatio(BigInt(gross) * BigInt(rate), 10_000n + BigInt(rate)));
}

/**
 * Splits an amount over lines in proportion to their weights, so that the parts add up to it exactly: each part is
 * rounded towards zero and the remainder goes to the largest line, the first of equal ones. When the lines can hold the
 * amount (a discount over prices), no part exceeds its own weight: what the largest cannot take goes to the next.
 * Weights are integers of 0 or more; if all are 0 they count alike. Throws a RangeError for no lines or other weights.
 */
export function allocate(total: Minor, weights: readonly number[]): Minor[] {
  if (weights.length === 0 || weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) {
    throw new RangeError("An amount is split over at least one line, by whole weights of 0 or more");
  }
  const given = weights.map(BigInt);
  const sumGiven = given.reduce((sum, weight) => sum + weight, 0n);
  const shares = sumGiven > 0n ? given : given.map(() => 1n);
  const sum = sumGiven > 0n ? sumGiven : BigInt(shares.length);
  const amount = BigInt(Math.abs(total));

  const parts = shares.map((share) => (amount * share) / sum);
  let left = amount - parts.reduce((taken, part) => taken + part, 0n);
  const largestFirst = shares
    .map((share, line) => ({ share, line }))
    .sort((a, b) => Number(b.share - a.share) || a.line - b.line);
  for (const { share, line } of largestFirst) {
    const part = parts[line] as bigint;
    const room = amount <= sumGiven ? share - part : left;
    const more = room < left ? room : left;
    parts[line] = part + more;
    left -= more;
  }
  return parts.map((part) => (total < 0 && part > 0n ? -Number(part) : Number(part)));
}
