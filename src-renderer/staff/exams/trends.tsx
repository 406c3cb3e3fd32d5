/** How pressure, acuity and power went over the visits, with what is measured today as the last point. */
import { pressureActAt } from "../../../src-shared/exams/pressure.ts";
import { chartLines, nearestLine, parseAcuity } from "../../../src-shared/optics/index.ts";
import { addTexts, ContextSection, PowerChart, TrendChart, type TrendPoint, useLimits, useT } from "../../ui/index.ts";

addTexts("trends", {
  pressure: "Pressure",
  pressureUnit: "mmHg",
  pressureUnitAct: "mmHg, act at {{at}}",
  pressureTitle: "Pressure over the visits, mmHg",
  pressureAct: "act at {{at}}",
  acuity: "Acuity",
  acuityUnit: "best corrected",
  acuityTitle: "Acuity over the visits",
  power: "Mean sphere",
  powerUnit: "dioptres",
  powerTitle: "Mean sphere over the visits, dioptres",
});

/** Acuities as they were written. */
interface Acuity {
  readonly at: number;
  readonly r?: unknown;
  readonly l?: unknown;
}

const pressureText = (tenths: number) => String(Math.round(tenths) / 10);
/** Tenths of mmHg. Nothing before there are two visits to compare. */
export function PressureTrend({ series, now }: { series: readonly TrendPoint[]; now: TrendPoint | null }) {
  const t = useT("trends");
  const { measures } = useLimits();
  const points = withToday(series, now);
  if (points.length < 2) return null;
  const actAt = pressureActAt(measures);
  const at = actAt === null ? "" : pressureText(actAt);
  const unit = actAt === null ? t("pressureUnit") : t("pressureUnitAct", { at });
  return (
    <ContextSection title={t("pressure")} aside={<span className="small t3">{unit}</span>}>
      <TrendChart
        title={t("pressureTitle")}
        points={points}
        format={pressureText}
        step={50}
        {...(actAt === null ? {} : { threshold: { value: actAt, label: t("pressureAct", { at }) } })}
      />
    </ContextSection>
  );
}

/** Milli-dioptres. */
export function PowerTrend({ series, now }: { series: readonly TrendPoint[]; now: TrendPoint | null }) {
  const t = useT("trends");
  const points = withToday(series, now);
  if (points.length < 2) return null;
  return (
    <ContextSection title={t("power")} aside={<span className="small t3">{t("powerUnit")}</span>}>
      <PowerChart title={t("powerTitle")} points={points} />
    </ContextSection>
  );
}

/** As written, `6/9-2`; better is higher. What no chart line stands for (CF, HM) is in the table only. */
export function AcuityTrend({ series, now }: { series: readonly Acuity[]; now: Acuity | null }) {
  const t = useT("trends");
  const points = withToday(series.map(measured), now ? measured(now) : null);
  if (points.filter(({ r, l }) => r !== null || l !== null).length < 2) return null;
  return (
    <ContextSection title={t("acuity")} aside={<span className="small t3">{t("acuityUnit")}</span>}>
      <TrendChart
        title={t("acuityTitle")}
        points={points}
        format={lineText}
        ticks={chartLines
          .filter(({ traditional }) => traditional)
          .map(({ logmar }) => ({ value: logmar, label: lineText(logmar) }))}
        upIsLess
      />
    </ContextSection>
  );
}

function measured({ at, ...written }: Acuity): TrendPoint {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const [r, l] = [text(written.r), text(written.l)];
  const logmar = (typed: string | null) => {
    const acuity = typed ? parseAcuity(typed) : null;
    return acuity?.ok ? acuity.value.logmar : null;
  };
  return { at, r: logmar(r), l: logmar(l), said: { r, l } };
}

function lineText(logmar: number): string {
  const { distance, size } = nearestLine(logmar).metres;
  return `${distance / 10}/${size / 10}`;
}

function withToday(series: readonly TrendPoint[], now: TrendPoint | null): readonly TrendPoint[] {
  const stated = now && (now.r !== null || now.l !== null || now.said?.r || now.said?.l);
  return stated ? [...series.filter(({ at }) => at < now.at), now] : series;
}
