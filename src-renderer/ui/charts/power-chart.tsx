import { formatPower } from "../../../src-shared/optics/index.ts";
import { TrendChart, type TrendPoint } from "./trend-chart.tsx";

/** On the axis whole dioptres stand without decimals. */
const axisText = (power: number) => formatPower(power).replace(".00", "");

/** Mean spheres of both eyes in milli-dioptres. */
export function PowerChart({ title, points }: { title: string; points: readonly TrendPoint[] }) {
  return (
    <TrendChart title={title} points={points} format={formatPower} axis={axisText} step={1000} endValues={false} />
  );
}
