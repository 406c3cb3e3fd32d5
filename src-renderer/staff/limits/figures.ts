/** Numbers of the tables as people read and type them. */

export interface Figure {
  readonly unit: string;
  /** A value is in whole `perUnit`ths of the unit. */
  readonly perUnit: number;
  /** At least so many decimals; more where the value has more. */
  readonly decimals: number;
  /** Its sign is always shown. */
  readonly signed?: boolean;
}

export const figures = {
  signedPower: { unit: "D", perUnit: 1000, decimals: 2, signed: true },
  power: { unit: "D", perUnit: 1000, decimals: 2 },
  prism: { unit: "Δ", perUnit: 100, decimals: 2 },
  mm: { unit: "mm", perUnit: 10, decimals: 1 },
  fineMm: { unit: "mm", perUnit: 100, decimals: 2 },
  degrees: { unit: "°", perUnit: 1, decimals: 0 },
  pressure: { unit: "mmHg", perUnit: 10, decimals: 0 },
  logmar: { unit: "logMAR", perUnit: 1000, decimals: 2 },
  years: { unit: "years", perUnit: 1, decimals: 0 },
  months: { unit: "months", perUnit: 1, decimals: 0 },
  count: { unit: "", perUnit: 1, decimals: 0 },
} as const satisfies Record<string, Figure>;

/** `+20.00`, `−39.00`, `23.9`; nothing for an open end. */
export function figureText(value: number | null, { perUnit, decimals, signed = false }: Figure): string {
  if (value === null) return "";
  const size = Math.abs(value) / perUnit;
  const text = size.toFixed(decimals);
  const sign = value < 0 ? "−" : signed && value > 0 ? "+" : "";
  return sign + (Number(text) === size ? text : String(size));
}

/** The whole number that a text stands for, null for none, or why it cannot be read. */
export function readFigure(text: string, figure: Figure): number | null | "unreadable" | "finer" {
  const written = text.trim().replaceAll("−", "-").replace(",", ".").replace(figure.unit, "").trim();
  if (written === "") return null;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(written)) return "unreadable";
  const value = Number(written) * figure.perUnit;
  const whole = Math.round(value);
  // Decimal fractions are not exact in binary; what is typed differs from a whole number by far more or not at all.
  return Math.abs(value - whole) > 1e-6 ? "finer" : whole + 0;
}
