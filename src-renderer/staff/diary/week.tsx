/** A week at a glance: how full each day is, and who is in it. */
import { localDate, localTime } from "../../../src-shared/calendar/index.ts";
import { useLive } from "../../api/index.ts";
import { Button, dayText, ErrorState, useT } from "../../ui/index.ts";
import { AsOf, DiaryHead } from "./head.tsx";
import type { Where } from "./where.ts";

export function WeekView({ where, today }: { where: Where; today: string }) {
  const t = useT("diary");
  const shown = where.date ?? today;
  const { data, error } = useLive("scheduling.week", { branchId: where.branch, date: shown });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const zone = data.branch.timeZone;
  const open = (date: string) => where.show({ view: "day", date: date === data.today ? null : date });
  return (
    <div className="screen diary">
      <div className="mainpart">
        <div>
          <DiaryHead where={where} shown={shown} today={data.today} step={7} />
          <AsOf day={data} />
        </div>
        <div className="body">
          <div className="weekcols">
            {data.days.map((day) => (
              <section key={day.date} aria-label={dayText(day.date)} className={day.date === data.today ? "today" : ""}>
                <header>
                  <Button
                    size="s"
                    variant="quiet"
                    aria-label={t("openDay", { date: dayText(day.date) })}
                    onClick={() => open(day.date)}
                  >
                    <b>{dayText(day.date)}</b>
                  </Button>
                  <p className="small t3">
                    {day.date < data.today
                      ? t("bookedCount", { count: day.booked })
                      : day.slots === 0
                        ? t("closed")
                        : day.free === 0
                          ? t("full")
                          : t("freeCount", { count: day.free })}
                  </p>
                  <i className="full" aria-hidden>
                    {day.slots > 0 ? (
                      <b style={{ width: `${Math.round(((day.slots - day.free) / day.slots) * 100)}%` }} />
                    ) : null}
                  </i>
                </header>
                <ul>
                  {day.items
                    .filter(({ state }) => state !== "cancelled")
                    .map((item) => (
                      <li key={item.id}>
                        <button
                          type="button"
                          className={`weekvisit ${item.state}`}
                          onClick={() => open(localDate(item.starts_at, zone))}
                        >
                          <span className="tab t2">{localTime(item.starts_at, zone)}</span>{" "}
                          <span className="clip">
                            {item.given_name} {item.family_name}
                          </span>
                        </button>
                      </li>
                    ))}
                </ul>
              </section>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
