import { rxOf, sphericalEquivalent } from "../../../src-shared/optics/index.ts";

interface Dated {
  readonly issued_on: string;
}
const width = 296;
const height = 120;
const left = 34;
const bottom = 18;

/** Mean sphere of both eyes over the years, in dioptres, from the prescriptions on file. */
export function PowerChart({ prescriptions }: { prescriptions: readonly Dated[] }) {
  const points = [...prescriptions]
    .sort((a, b) => (a.issued_on < b.issued_on ? -1 : 1))
    .map((row) => {
      const { r, l } = rxOf(row as never);
      return {
        at: Date.parse(row.issued_on),
        year: row.issued_on.slice(0, 4),
        r: sphericalEquivalent(r),
        l: sphericalEquivalent(l),
      };
    });
  const values = points.flatMap(({ r, l }) => [r, l]).filter((value): value is number => value !== null);
  const low = Math.floor(Math.min(...values) / 1000) * 1000;
  const high = Math.max(Math.ceil(Math.max(...values) / 1000) * 1000, low + 1000);
  const first = points[0]?.at ?? 0;
  const span = Math.max(1, (points[points.length - 1]?.at ?? 1) - first);
  const x = (at: number) => left + ((at - first) / span) * (width - left - 16);
  const y = (value: number) => 8 + ((high - value) / (high - low)) * (height - bottom - 12);
  const line = (eye: "r" | "l") =>
    points
      .filter((point) => point[eye] !== null)
      .map(
        (point, index) => `${index === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${y(point[eye] as number).toFixed(1)}`,
      )
      .join("");
  const label = (value: number) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value) / 1000}`;
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Mean sphere over the years, dioptres, right and left"
    >
      {[low, high].map((value) => (
        <g key={value}>
          <line className="grid" x1={left} x2={width} y1={y(value)} y2={y(value)} />
          <text x={left - 6} y={y(value) + 4} textAnchor="end">
            {label(value)}
          </text>
        </g>
      ))}
      <path className="l" d={line("l")} />
      <path className="r" d={line("r")} />
      {points.map((point) => (
        <g key={point.at}>
          {point.l === null ? null : (
            <rect className="ld" x={x(point.at) - 2.5} y={y(point.l) - 2.5} width="5" height="5" />
          )}
          {point.r === null ? null : <circle className="rd" cx={x(point.at)} cy={y(point.r)} r="2.7" />}
        </g>
      ))}
      <text x={left} y={height - 3}>
        {points[0]?.year}
      </text>
      <text x={width - 4} y={height - 3} textAnchor="end">
        {points[points.length - 1]?.year} · ● R ■ L
      </text>
    </svg>
  );
}
