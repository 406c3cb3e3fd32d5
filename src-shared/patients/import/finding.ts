/** What is found in the lines of a file, and what a line becomes. */
import type { LimitTables } from "../../optics/index.ts";

/** What a file holds. */
export const importKinds = ["patients", "prescriptions", "orders", "balances"] as const;
export type ImportKind = (typeof importKinds)[number];

export interface Finding {
  /** The line of the file, from 1. */
  readonly line: number;
  /** The header of the column, or an empty text where the line as a whole is meant. */
  readonly column: string;
  readonly value: string;
  /** `bad`: the line stays out. `look`: it comes, and this value stands in its notes or was read as it says. */
  readonly severity: "bad" | "look";
  /** What is wrong and what to do, in plain words. */
  readonly message: string;
}

/** A line that was read: a record, or nothing where a `bad` finding says why. */
export interface LineRead<R> {
  readonly record: R | null;
  readonly findings: readonly Finding[];
}

/** A date order that the file is read with: 3/4/1958 is in April where the day comes first. */
export type DateOrder = "dmy" | "mdy";

/** How the lines of one file are read. */
export interface ReadingRules {
  /** What the practice holds for impossible and for unusual. */
  readonly limits: Pick<LimitTables, "rx" | "measures">;
  /** The practice's date today, `YYYY-MM-DD`. */
  readonly today: string;
  readonly dateOrder: DateOrder;
  /** What a positive balance is: money that the patient owes, or has to their credit. */
  readonly positive: "owes" | "credit";
}

/** Cells of one line by what they are, as the mapping of its file says; those of no column are absent. */
export interface MappedLine {
  readonly line: number;
  /** Trimmed, never empty. */
  readonly values: ReadonlyMap<string, string>;
  /** The header of each target, for findings. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Gathers what is found in one line. */
export function findingsOf(line: MappedLine) {
  const findings: Finding[] = [];
  const add = (severity: Finding["severity"]) => (target: string, message: string) => {
    findings.push({
      line: line.line,
      column: line.headers.get(target) ?? "",
      value: line.values.get(target) ?? "",
      severity,
      message,
    });
  };
  return {
    findings,
    bad: add("bad"),
    look: add("look"),
    isBad: () => findings.some(({ severity }) => severity === "bad"),
  };
}
