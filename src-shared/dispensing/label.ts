/** Numbers that people read (architecture §3.8): `<branch>-<terminal>-[<letter>]<at least 6 digits>`, no year. */

export interface LabelParts {
  readonly branchCode: string;
  readonly terminal: string;
  /** Empty for a sale; C credit note, K case, P patient, Z Z reading. */
  readonly letter: string;
  readonly counter: number;
}

export function formatLabel({ branchCode, terminal, letter, counter }: LabelParts): string {
  return `${branchCode}-${terminal}-${letter}${String(counter).padStart(6, "0")}`;
}

export function parseLabel(text: string): LabelParts | null {
  const match = /^([A-Z]{3})-([A-Z]\d+)-([A-Z]?)(\d{6,})$/.exec(text.trim().toUpperCase());
  if (!match) return null;
  const [, branchCode = "", terminal = "", letter = "", digits = ""] = match;
  return { branchCode, terminal, letter, counter: Number(digits) };
}

/** A job is called after its sale and the pair's ordinal in it: `LDS-T2-000417/1`. */
export function jobLabel(saleLabel: string, ordinal: number): string {
  return `${saleLabel}/${ordinal}`;
}
