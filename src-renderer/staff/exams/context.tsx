/** Beside the record: what changed since last time and what that means, what is still to do, what is known of the patient. */
import { Info } from "lucide-react";
import { memo } from "react";
import { adaptationHints } from "../../../src-shared/exams/adaptation.ts";
import type { Written } from "../../../src-shared/exams/completeness.ts";
import { meanOf, type PressureReading } from "../../../src-shared/exams/pressure.ts";
import { formatPower, isEmpty, rxOf, sphericalEquivalent } from "../../../src-shared/optics/index.ts";
import { ContextSection, Rx, useLimits, useT } from "../../ui/index.ts";
import { DrawingNotes } from "./drawing/index.tsx";
import { StillToDo } from "./gaps.tsx";
import { monthOf, useAllItems, useOpened, usePatient, useWritten } from "./opened.ts";
import { AcuityTrend, PowerTrend, PressureTrend } from "./trends.tsx";

export const ExamContext = memo(function ExamContext({
  expected,
  refer,
}: {
  expected: Written["questions"];
  /** Opens the letter of referral; null for who sends none. */
  refer: (() => void) | null;
}) {
  return (
    <div className="exam-ctx">
      <Warnings />
      <Change />
      <Pressure />
      <StillToDo expected={expected} refer={refer} />
      <Trends />
    </div>
  );
});

function Change() {
  const t = useT("exams");
  const { last } = useOpened();
  const date = monthOf(last?.on("subjective") ?? null);
  const { columns } = useWritten();
  const { change } = useLimits();
  const now = rxOf(columns as never);
  const before = last ? rxOf(last.values as never) : null;
  const known = before && !(isEmpty(before.r) && isEmpty(before.l)) ? before : null;
  const hints = known ? adaptationHints(now, known, change) : [];
  // Until something is found today, what the patient came with is what people look for here.
  if (known && isEmpty(now.r) && isEmpty(now.l))
    return (
      <ContextSection title={t("previous", { date })}>
        <Rx r={known.r} l={known.l} />
      </ContextSection>
    );
  return (
    <ContextSection title={known ? t("change", { date }) : t("noPrevious")}>
      {known || !(isEmpty(now.r) && isEmpty(now.l)) ? <Rx r={now.r} l={now.l} previous={known} /> : null}
      {known ? null : <p className="small t3">{t("noPreviousText")}</p>}
      {hints.map(({ code, eye, by }) => (
        <p key={code + eye} className="msg t2 hint">
          <Info className="i" aria-hidden />
          <span>
            {t(`hint.${code}`, {
              eye: t(eye === "l" ? "left" : "right"),
              by:
                code === "axis"
                  ? by
                  : code === "add"
                    ? formatPower(by)
                    : t(by > 0 ? "hint.more" : "hint.less", { by: (Math.abs(by) / 1000).toFixed(2) }),
            })}
          </span>
        </p>
      ))}
    </ContextSection>
  );
}

/** How the pressure went over the visits, today's as the last point; and what the numbers on the drawings say. */
function Pressure() {
  const { series, startedAt: at } = usePatient();
  const items = useAllItems();
  const readings = items
    .filter(({ list }) => list === "pressure")
    .map(({ data }) => data as unknown as PressureReading);
  return (
    <>
      <PressureTrend series={series.pressure} now={{ at, r: meanOf(readings, "r"), l: meanOf(readings, "l") }} />
      <DrawingNotes items={items} />
    </>
  );
}

function Trends() {
  const { series, startedAt: at } = usePatient();
  const { columns } = useWritten();
  const now = rxOf(columns as never);
  return (
    <>
      <AcuityTrend series={series.acuity} now={{ at, r: columns.r_va, l: columns.l_va }} />
      <PowerTrend series={series.sphere} now={{ at, r: sphericalEquivalent(now.r), l: sphericalEquivalent(now.l) }} />
    </>
  );
}

function Warnings() {
  const t = useT("exams");
  const { patient } = usePatient();
  const said = [
    patient?.allergies ? `${t("allergies")}: ${patient.allergies}` : "",
    patient?.warning,
    patient?.needs,
    patient?.notes,
  ];
  const texts = said.filter((text) => text);
  if (texts.length === 0) return null;
  return (
    <ContextSection title={t("warnings")}>
      {texts.map((text) => (
        <p key={text} className="t2">
          {text}
        </p>
      ))}
    </ContextSection>
  );
}
