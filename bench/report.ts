/** What a bench hands over, and how it is printed: one line of JSON per measure. */

/** One measure of one bench; `npm run bench` prints it as it is. */
export interface Measure {
  readonly bench: string;
  readonly measure: string;
  /** The median over the runs, in `unit`. */
  readonly value: number;
  readonly unit: "1/s" | "ms" | "s" | "ms/s" | "MB" | "kB" | "%";
  /** What bare parts reached in the same runs, in the same unit. */
  readonly floor?: number;
  readonly runs: number;
  readonly note?: string;
}

export interface BenchOptions {
  /** Fewer rounds and a smaller practice: under a minute. */
  readonly quick: boolean;
  readonly report: (measure: Measure) => void;
}
export type Bench = (options: BenchOptions) => Promise<void>;

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The value that `share` (0 to 1) of the values do not exceed: the nearest rank, never interpolated. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

/** Prints the measure on a line of its own. */
export function print(measure: Measure): void {
  const rounded = {
    ...measure,
    value: round(measure.value),
    ...(measure.floor !== undefined && { floor: round(measure.floor) }),
  };
  process.stdout.write(`${JSON.stringify(rounded)}\n`);
}

/** Four significant digits: more would be noise. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
