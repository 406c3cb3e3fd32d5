/** "The next with Priya, on a Tuesday afternoon": free times by wish, chosen by arrows and Enter. */
import { useState } from "react";
import { instantOf, localDate, localTime } from "../../../src-shared/calendar/index.ts";
import { type PartOfDay, partsOfDay } from "../../../src-shared/scheduling/free.ts";
import { type AppointmentKind, appointmentKinds } from "../../../src-shared/scheduling/states.ts";
import { type Output, useLive } from "../../api/index.ts";
import {
  Button,
  DateInput,
  Dialog,
  dayText,
  EmptyState,
  Segmented,
  Select,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import type { Day } from "./geometry.ts";

type FreeTime = Output<"scheduling.free">["times"][number];
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function FinderDialog({
  day,
  onClose,
  onChoose,
}: {
  day: Day;
  onClose: () => void;
  onChoose: (time: FreeTime, kind: AppointmentKind, minutes: number) => void;
}) {
  const t = useT("diary");
  const zone = day.branch.timeZone;
  const choices = useLive("scheduling.choices");
  const [kind, setKind] = useState<AppointmentKind>("sight_test");
  const [optometrist, setOptometrist] = useState("");
  const [days, setDays] = useState<readonly number[]>([]);
  const [part, setPart] = useState("any");
  const [from, setFrom] = useState(day.date > day.today ? day.date : day.today);
  const [at, setAt] = useState(0);
  const minutes = day.lengths[kind];
  const { data } = useLive("scheduling.free", {
    branchId: day.branch.id,
    minutes,
    optometristId: optometrist || null,
    weekdays: [...days],
    part: partsOfDay.find((each) => each === part) ?? (null as PartOfDay | null),
    // From today on means from now on.
    from: from > day.today ? instantOf(from, "00:00", zone) : null,
  });
  const times = data?.times ?? [];
  const chosen = Math.min(at, Math.max(0, times.length - 1));
  const choose = (time: FreeTime | undefined) => time && onChoose(time, kind, minutes);
  useShortcuts([{ keys: "Ctrl+Enter", label: t("book"), group: t("title"), run: () => choose(times[chosen]) }]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement) return;
    if (event.key === "ArrowDown") setAt(Math.min(times.length - 1, chosen + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      title={t("finder.title")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          keys="Ctrl Enter"
          waits={times.length === 0 ? t("finder.noChoice") : undefined}
          onClick={() => choose(times[chosen])}
        >
          {t("book")}
        </Button>
      }
    >
      <fieldset className="stack" onKeyDown={onKeyDown}>
        <div className="bookgrid">
          <Select
            label={t("kind")}
            value={kind}
            options={appointmentKinds.map((value) => ({
              value,
              label: `${t(`kinds.${value}`)}, ${day.lengths[value]} min`,
            }))}
            onChange={(value) => setKind(value as AppointmentKind)}
          />
          <Select
            label={t("optometrist")}
            value={optometrist}
            options={[
              { value: "", label: t("anybody") },
              ...(choices.data?.people ?? []).map(({ id, display_name }) => ({ value: id, label: display_name })),
            ]}
            onChange={setOptometrist}
          />
          <DateInput label={t("finder.from")} value={from} onChange={(date) => setFrom(date || day.today)} />
          <div className="field">
            <span className="label">{t("finder.part")}</span>
            <Segmented
              label={t("finder.part")}
              value={part}
              onChange={setPart}
              options={["any", ...partsOfDay].map((value) => ({ value, label: t(`finder.parts.${value}`) }))}
            />
          </div>
        </div>
        <fieldset className="field">
          <legend className="label">{t("finder.weekdays")}</legend>
          <span className="row g1 wrap">
            {weekdays.map((weekday) => (
              <button
                key={weekday}
                type="button"
                className="btn s toggle"
                aria-pressed={days.includes(weekday)}
                onClick={() =>
                  setDays(days.includes(weekday) ? days.filter((each) => each !== weekday) : [...days, weekday])
                }
              >
                {t(`days.${weekday}`)}
              </button>
            ))}
            {days.length === 0 ? <span className="small t3">{t("finder.anyDay")}</span> : null}
          </span>
        </fieldset>
        {data && times.length === 0 ? (
          <EmptyState title={t(day.templates === 0 ? "finder.noneYet" : "finder.none")} />
        ) : (
          <ul className="list freelist">
            {times.map((time, index) => (
              <li key={`${time.room}:${time.start}`}>
                <button
                  type="button"
                  className="pickrow"
                  aria-pressed={index === chosen}
                  ref={(element) => {
                    if (index === chosen && document.activeElement?.closest(".freelist")) element?.focus();
                  }}
                  onFocus={() => setAt(index)}
                  onClick={() => choose(time)}
                >
                  <b className="tab freeday">{dayText(localDate(time.start, zone))}</b>
                  <b className="tab">{localTime(time.start, zone)}</b>
                  <span className="t2 clip grow">{time.optometrist ?? ""}</span>
                  <span className="t3">{time.room}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </fieldset>
    </Dialog>
  );
}
