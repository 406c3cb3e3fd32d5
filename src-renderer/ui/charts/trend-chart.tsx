/** Both eyes over the visits: the right as circles in the accent, the left as squares in ink, named at the lines' ends. */
import { usePlace } from "../place.ts";
import { labelled, linear, niceTicks, spread } from "./scale.ts";
import "./charts.css";

export interface TrendPoint {
  /** UTC milliseconds. */
  readonly at: number;
  readonly r: number | null;
  readonly l: number | null;
  /** What was written, where it says more than the number. */
  readonly said?: { readonly r: string | null; readonly l: string | null };
}
interface Tick {
  readonly value: number;
  readonly label: string;
}
const eyes = ["r", "l"] as const;
const names = { r: "R", l: "L" } as const;

const [width, height] = [300, 116];
const [top, bottom] = [14, 92];
/** A line's end stays clear of its own name, a character of which is so wide. */
const [beforeEnd, character] = [9, 6.4];
/** Text of 11 px needs so much from one line to the next, and so much for a year. */
const [lineApart, yearApart] = [13, 34];

/**
 * `points` ascend in time, the last is the newest. `step`: the smallest step of the axis, in the unit of the values;
 * `ticks` instead of it names the lines of the axis outright. `upIsLess`: smaller values stand higher, as acuities do.
 * `threshold`: a dashed line that means "look", named on the axis. Says everything as a table too.
 */
export function TrendChart({
  title,
  points,
  format,
  axis = format,
  step = 1,
  ticks,
  threshold,
  upIsLess = false,
  endValues = true,
}: {
  /** What is shown, in which unit, for who does not see it. */
  title: string;
  points: readonly TrendPoint[];
  format: (value: number) => string;
  /** How the lines of the axis are named, where it is shorter. */
  axis?: (value: number) => string;
  step?: number;
  ticks?: readonly Tick[];
  threshold?: { readonly value: number; readonly label: string };
  upIsLess?: boolean;
  /** Whether the newest values stand beside R and L. */
  endValues?: boolean;
}) {
  const { timeZone } = usePlace();
  const values = points.flatMap(({ r, l }) => [r, l]).filter((value) => value !== null);
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const named = ticks
    ? within(ticks, low, high)
    : niceTicks(low, high, 4, step).map((value) => ({ value, label: axis(value) }));
  const all = [low, high, ...named.map(({ value }) => value), ...(threshold ? [threshold.value] : [])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const y = linear([least, most], upIsLess ? [top, bottom] : [bottom, top]);
  const limit = threshold ? [{ value: threshold.value, label: axis(threshold.value) }] : [];
  // Lines whose names would touch give way, first of all to the threshold's.
  const lines = named.filter(({ value }) => !threshold || Math.abs(y(value) - y(threshold.value)) >= lineApart - 1);
  const rows = [...lines].sort((a, b) => y(a.value) - y(b.value));
  const shown = labelled(
    rows.map(({ value }) => y(value)),
    lineApart - 1,
  ).map((index) => rows[index] as Tick);
  const at = points.map((point) => point.at);
  const ends = endsOf(points, y, endValues ? format : null);
  const right = width - beforeEnd - Math.max(...ends.map(({ text }) => text.length)) * character - 2;
  const left = 12 + Math.max(...[...shown, ...limit].map(({ label }) => label.length)) * character;
  const x = linear([at[0] ?? 0, at[at.length - 1] ?? 0], [left + 4, right]);
  const years = labelsOfTime(at, timeZone);
  return (
    <>
      <svg className="trend" viewBox={`0 0 ${width} ${height}`} aria-hidden focusable="false">
        {shown.map(({ value, label }) => (
          <g key={value}>
            <path className="grid" d={`M${left} ${y(value)}H${right + 4}`} />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">
              {label}
            </text>
          </g>
        ))}
        {limit.map(({ value, label }) => (
          <g key={label}>
            <path className="threshold" d={`M${left} ${y(value)}H${right + 4}`} />
            <text className="look" x={left - 8} y={y(value) + 4} textAnchor="end">
              {label}
            </text>
          </g>
        ))}
        {labelled(at.map(x), yearApart).map((index) => (
          <text key={at[index]} x={x(at[index] as number)} y={height - 4} textAnchor="middle">
            {years[index]}
          </text>
        ))}
        {eyes.map((eye) => (
          <path key={eye} className={`line is-${eye}`} d={lineOf(points, eye, x, y)} />
        ))}
        {points.map((point) => (
          <g key={point.at}>
            {point.r === null ? null : <circle className="dot is-r" cx={x(point.at)} cy={y(point.r)} r="2.8" />}
            {point.l === null ? null : (
              <rect className="dot is-l" x={x(point.at) - 2.6} y={y(point.l) - 2.6} width="5.2" height="5.2" />
            )}
          </g>
        ))}
        {ends.map(({ eye, text, place }) => (
          <text key={eye} className="end" x={right + beforeEnd} y={place + 4}>
            {text}
          </text>
        ))}
      </svg>
      <TrendTable title={title} points={points} format={format} threshold={threshold?.label} />
    </>
  );
}

/** The named lines from the one at or below the lowest value to the one at or above the highest. */
function within(ticks: readonly Tick[], low: number, high: number): readonly Tick[] {
  const from = ticks.findLastIndex(({ value }) => value <= low);
  const to = ticks.findIndex(({ value }) => value >= high);
  const shown = ticks.slice(Math.max(0, from), to < 0 ? undefined : to + 1);
  return shown.length > 1 ? shown : ticks.slice(Math.max(0, from - 1), Math.max(0, from - 1) + 2);
}

/** Years; within one year months. */
function labelsOfTime(at: readonly number[], timeZone: string): string[] {
  const text = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
    return at.map((instant) => format.format(instant));
  };
  const years = text({ year: "numeric" });
  return at.length > 1 && new Set(years).size === 1 ? text({ month: "short" }) : years;
}

/** A line goes on over a visit at which its eye was not measured. */
function lineOf(
  points: readonly TrendPoint[],
  eye: "r" | "l",
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  return points
    .flatMap((point) => {
      const value = point[eye];
      return value === null ? [] : [`${x(point.at).toFixed(1)} ${y(value).toFixed(1)}`];
    })
    .map((place, index) => `${index === 0 ? "M" : "L"}${place}`)
    .join("");
}

/** The newest value of each eye, and where its name stands clear of the other. */
function endsOf(
  points: readonly TrendPoint[],
  y: (value: number) => number,
  format: ((value: number) => string) | null,
) {
  const found = eyes.flatMap((eye) => {
    const last = points.findLast((point) => point[eye] !== null);
    const value = last?.[eye] ?? null;
    if (value === null) return [];
    const text = format ? `${names[eye]} ${last?.said?.[eye] ?? format(value)}` : names[eye];
    return [{ eye, text, place: y(value) }];
  });
  const [one, other] = found;
  if (!one || !other) return found;
  const [first, second] = spread(one.place, other.place, lineApart, [top - 6, bottom]);
  return [
    { ...one, place: first },
    { ...other, place: second },
  ];
}

function TrendTable({
  title,
  points,
  format,
  threshold,
}: {
  title: string;
  points: readonly TrendPoint[];
  format: (value: number) => string;
  threshold: string | undefined;
}) {
  const { timeZone } = usePlace();
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone });
  const cell = (point: TrendPoint, eye: "r" | "l") => {
    const value = point[eye];
    return point.said?.[eye] ?? (value === null ? "–" : format(value));
  };
  return (
    <table className="vh">
      <caption>
        {title}
        {threshold ? `, ${threshold}` : ""}
      </caption>
      <thead>
        <tr>
          <th scope="col">Visit</th>
          <th scope="col">Right</th>
          <th scope="col">Left</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.at}>
            <th scope="row">{day.format(point.at)}</th>
            <td>{cell(point, "r")}</td>
            <td>{cell(point, "l")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
