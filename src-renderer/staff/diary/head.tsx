/** The diary's title line: which day, of which branch, in which view; and the month to jump in. */
import { ChevronLeft, ChevronRight, Clock, CloudOff } from "lucide-react";
import { useState } from "react";
import { addDays, localTime, weekday } from "../../../src-shared/calendar/index.ts";
import { useLive } from "../../api/index.ts";
import { Button, PageHead, Segmented, Select, usePlace, useShortcuts, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { View, Where } from "./where.ts";

interface HeadProps {
  readonly where: Where;
  readonly shown: string;
  readonly today: string;
  readonly step: number;
  readonly meta?: React.ReactNode;
  readonly children?: React.ReactNode;
}

/** `Sunday 6 June`, or `Sun 6 Jun`, with its year where that is not this one. */
const dayName = (date: string, length: "long" | "short", today: string) =>
  new Intl.DateTimeFormat("en-GB", {
    weekday: length,
    day: "numeric",
    month: length,
    ...(date.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" }),
    timeZone: "UTC",
  }).format(new Date(`${date}T12:00:00Z`));

export function DiaryHead({ where, shown, today, step, meta, children }: HeadProps) {
  const t = useT("diary");
  const { may, branch } = useSession();
  const choices = useLive("scheduling.choices");
  const [month, setMonth] = useState(false);
  const group = t("title");
  const turn = (by: number) => where.turn(by * step, shown);
  const views: View[] = ["day", "list", "week", ...(may("schedules:manage") ? (["settings"] as const) : [])];
  useShortcuts([
    { keys: "[", label: t("before"), group, run: () => turn(-1) },
    { keys: "]", label: t("after"), group, run: () => turn(1) },
    { keys: "T", label: t("todayKey"), group, run: () => where.show({ date: null }) },
    { keys: "G", label: t("month"), group, run: () => setMonth(!month) },
    { keys: "Escape", label: t("close"), group, when: month, run: () => setMonth(false) },
    ...views.map((view, index) => ({
      keys: `Alt+${index + 1}`,
      label: t(`views.${view}`),
      group,
      run: () => where.show({ view }),
    })),
  ]);
  const branches = choices.data?.branches ?? [];
  return (
    <PageHead
      title={
        <span className="row g2">
          <span className="daytitle">
            <span className="long">{dayName(shown, "long", today)}</span>
            <span className="short">{dayName(shown, "short", today)}</span>
          </span>
          <span className="row g1 hold">
            <button type="button" className="btn s quiet" aria-label={t("before")} onClick={() => turn(-1)}>
              <ChevronLeft className="i s" aria-hidden />
            </button>
            <Button size="s" keys="T" onClick={() => where.show({ date: null })}>
              {t("today")}
            </Button>
            <button type="button" className="btn s quiet" aria-label={t("after")} onClick={() => turn(1)}>
              <ChevronRight className="i s" aria-hidden />
            </button>
            <Button size="s" keys="G" aria-expanded={month} onClick={() => setMonth(!month)}>
              {t("month")}
            </Button>
            {month ? (
              <Month
                branch={where.branch}
                shown={shown}
                today={today}
                onChoose={(date) => {
                  setMonth(false);
                  where.show({ date });
                }}
              />
            ) : null}
          </span>
        </span>
      }
      meta={meta}
    >
      {branches.length > 1 ? (
        <Select
          hideLabel
          label={t("branch")}
          value={where.branch ?? branch.id}
          options={branches.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => where.show({ branch: id === branch.id ? null : id })}
        />
      ) : null}
      <Segmented
        label={t("viewOf")}
        value={where.view}
        onChange={(view) => where.show({ view: view as View })}
        options={views.map((value) => ({ value, label: t(`views.${value}`) }))}
      />
      {children}
    </PageHead>
  );
}

/** Six weeks with how full each day is. */
function Month({
  branch,
  shown,
  today,
  onChoose,
}: {
  branch: string | null;
  shown: string;
  today: string;
  onChoose: (date: string) => void;
}) {
  const t = useT("diary");
  const [month, setMonth] = useState(shown.slice(0, 7));
  const { data } = useLive("scheduling.month", { branchId: branch, month });
  const turn = (by: 1 | -1) => setMonth(addDays(`${month}-15`, by * 30).slice(0, 7));
  const title = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-15T12:00:00Z`),
  );
  return (
    <div className="monthpop" role="dialog" aria-label={t("month")}>
      <div className="row g2">
        <button type="button" className="btn s quiet" aria-label={t("before")} onClick={() => turn(-1)}>
          <ChevronLeft className="i s" aria-hidden />
        </button>
        <b className="grow monthname">{title}</b>
        <button type="button" className="btn s quiet" aria-label={t("after")} onClick={() => turn(1)}>
          <ChevronRight className="i s" aria-hidden />
        </button>
      </div>
      <div className="monthgrid">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <span key={day} className="small t3" aria-hidden>
            {t(`days.${day}`)}
          </span>
        ))}
        {(data?.days ?? []).map((day) => {
          const state =
            day.slots === 0 ? t("closed") : day.free === 0 ? t("full") : t("freeCount", { count: day.free });
          return (
            <button
              key={day.date}
              type="button"
              className={`monthday tab ${day.date.slice(0, 7) === month ? "" : "out"} ${day.date === today ? "today" : ""}`}
              aria-current={day.date === shown ? "date" : undefined}
              aria-label={`${t(`longDays.${weekday(day.date)}`)} ${Number(day.date.slice(8))}: ${state}`}
              title={state}
              ref={(element) => {
                // The month is walked from the day that is shown.
                if (day.date === shown && !document.activeElement?.closest(".monthgrid")) element?.focus();
              }}
              onClick={() => onChoose(day.date)}
            >
              {Number(day.date.slice(8))}
              <i className="full" aria-hidden>
                {day.slots > 0 ? (
                  <b style={{ width: `${Math.round(((day.slots - day.free) / day.slots) * 100)}%` }} />
                ) : null}
              </i>
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** How new what is shown is: of another branch as of the last contact, here that others are not seen just now. */
export function AsOf({ day }: { day: { here: boolean; asOf: number | null; branch: { name: string } } }) {
  const t = useT("diary");
  const { timeZone } = usePlace();
  const sync = useLive("sync.status");
  if (!day.here)
    return (
      <p className="heard-of">
        <Clock className="i s" aria-hidden />
        <b>
          {day.asOf === null
            ? t("asOfNever", { branch: day.branch.name })
            : t("asOf", { branch: day.branch.name, time: localTime(day.asOf, timeZone) })}
        </b>{" "}
        {t("asOfText")}
      </p>
    );
  if (sync.data?.state !== "offline" || !sync.data.since) return null;
  return (
    <p className="heard-of look">
      <CloudOff className="i s" aria-hidden />
      {t("offline", { time: localTime(sync.data.since, timeZone) })}
    </p>
  );
}
