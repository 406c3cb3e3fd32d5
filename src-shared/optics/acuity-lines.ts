/** The lines of charts, and how many lie between two acuities (domain: optics-dispensing-lab §3.3, table of [S34]). */
import { type Acuity, compareAcuity, logmarOfFraction, type MilliLogMar, type SnellenFraction } from "./acuity.ts";
import { rounded } from "./rounding.ts";

export interface ChartLine {
  /** In metres, tenths. */
  readonly metres: SnellenFraction;
  /** The size that is printed for 20 feet, tenths; charts round it their own way. */
  readonly feet: number;
  readonly logmar: MilliLogMar;
  /** On the traditional chart, whose steps are uneven: general knowledge, for the practice to confirm. */
  readonly traditional: boolean;
}

function line(distance: number, size: number, feet: number, traditional: boolean): ChartLine {
  const logmar = logmarOfFraction({ distance, size });
  return { metres: { distance, size }, feet, logmar: logmar.ok ? logmar.value : 0, traditional };
}

/** Best first. Sizes in feet: Holladay's table [S34], 20/17 that of DICOM PS3.17 RR.2. */
export const chartLines: readonly ChartLine[] = [
  line(60, 30, 100, false),
  line(60, 38, 125, false),
  line(60, 48, 160, false),
  line(60, 50, 170, true),
  line(60, 60, 200, true),
  line(60, 75, 250, false),
  line(60, 90, 300, true),
  line(60, 95, 320, false),
  line(60, 120, 400, true),
  line(60, 150, 500, false),
  line(60, 180, 600, true),
  line(60, 190, 630, false),
  line(60, 240, 800, true),
  line(60, 300, 1000, false),
  line(60, 360, 1200, true),
  line(60, 380, 1250, false),
  line(60, 480, 1600, false),
  line(60, 600, 2000, true),
  line(30, 600, 4000, true),
  line(10, 600, 12_000, true),
];

/** The line nearest to a logMAR; of two as near, the better. */
export function nearestLine(logmar: MilliLogMar): ChartLine {
  return chartLines.reduce((nearest, next) =>
    Math.abs(next.logmar - logmar) < Math.abs(nearest.logmar - logmar) ? next : nearest,
  );
}

/** A step of the charts that are even in logMAR. */
const evenStep: MilliLogMar = 100;
const traditionalLines = chartLines.filter(({ traditional }) => traditional);

/**
 * How many lines worse (+) or better (−) the later of two acuities is, to the nearest line, letters counted in. Where
 * both were read off lines of the traditional chart its lines count, so that 6/6 to 6/12 are two (6/9, 6/12); otherwise
 * every 0.1 logMAR is one. Null where either is CF, HM, PL or NPL.
 */
export function linesBetween(before: Acuity, now: Acuity): number | null {
  if (before.logmar === null || now.logmar === null) return null;
  return isTraditional(before) && isTraditional(now)
    ? rounded(placeOf(now.logmar) - placeOf(before.logmar))
    : rounded((now.logmar - before.logmar) / evenStep);
}

function isTraditional({ fraction, notation }: Acuity): boolean {
  return traditionalLines.some(
    ({ metres, feet }) =>
      fraction !== null &&
      (notation === "feet"
        ? fraction.distance === 200 && fraction.size === feet
        : fraction.distance === metres.distance && fraction.size === metres.size),
  );
}

/** Where a logMAR lies among the lines of the traditional chart, counted from its best; past the ends by even steps. */
function placeOf(logmar: MilliLogMar): number {
  const below = traditionalLines.findLastIndex((one) => one.logmar <= logmar);
  const [upper, lower] = [traditionalLines[below], traditionalLines[below + 1]];
  if (!upper) return (logmar - (lower?.logmar ?? 0)) / evenStep;
  return below + (logmar - upper.logmar) / (lower ? lower.logmar - upper.logmar : evenStep);
}

/**
 * Whether the later acuity is at least so many lines worse, two by default. From a chart to CF and further down, and
 * from one of these to the next, counts whatever the lines.
 */
export function isDrop(before: Acuity, now: Acuity, lines = 2): boolean {
  const between = linesBetween(before, now);
  return between === null ? compareAcuity(before, now) < 0 : between >= lines;
}
