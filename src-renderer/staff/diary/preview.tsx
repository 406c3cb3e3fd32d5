/** A week of clinics, drawn to scale: a bar per clinic, a notch per slot. */
import { addDays, weekday } from "../../../src-shared/calendar/index.ts";
import { slotsOf } from "../../../src-shared/scheduling/slots.ts";
import type { Output } from "../../api/index.ts";
import { useT } from "../../ui/index.ts";

export type Template = Output<"scheduling.templates">["templates"][number];

const allDay: [string, string][] = [["00:00", "24:00"]];
const alwaysOpen = { 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay };
type Previewed = Pick<
  Template,
  "room" | "weekday" | "begins" | "ends" | "breaks" | "slot_minutes" | "optometrist_id" | "valid_from" | "valid_to"
>;

/** The week of today as the templates make it, drawn to scale: a bar per clinic, a notch per slot. */
export function WeekPreview({ templates, today }: { templates: readonly Previewed[]; today: string }) {
  const t = useT("diary");
  const monday = addDays(today, 1 - weekday(today));
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => {
    const date = addDays(monday, day - 1);
    // In UTC no day is short: what is drawn are the wall times.
    const slots = slotsOf(templates, { time_zone: "UTC", opening: alwaysOpen }, [], date);
    const midnight = Date.parse(`${date}T00:00:00Z`);
    return {
      day,
      rooms: [...Map.groupBy(slots, ({ room }) => room)].map(([room, own]) => ({
        room,
        slots: own.map(({ start, end }) => ({ from: (start - midnight) / 60_000, to: (end - midnight) / 60_000 })),
      })),
    };
  });
  const all = days.flatMap(({ rooms }) => rooms.flatMap(({ slots }) => slots));
  if (all.length === 0) return null;
  const first = Math.floor(Math.min(...all.map(({ from }) => from)) / 60) * 60;
  const last = Math.ceil(Math.max(...all.map(({ to }) => to)) / 60) * 60;
  const x = (minutes: number) => `${((minutes - first) / (last - first)) * 100}%`;
  const hours = Array.from({ length: (last - first) / 60 + 1 }, (_, index) => first + index * 60);
  return (
    <figure
      className="preview"
      aria-label={`${t("templates.preview")}: ${t("templates.previewText", { slots: all.length })}`}
    >
      <figcaption className="row g2">
        <b>{t("templates.preview")}</b>
        <span className="small t3">{t("templates.previewText", { slots: all.length })}</span>
      </figcaption>
      <div className="previewhours small t3 tab" aria-hidden>
        {hours.map((at) => (
          <span key={at} style={{ left: x(at) }}>
            {at / 60}
          </span>
        ))}
      </div>
      {days.map(({ day, rooms }) => (
        <div key={day} className="previewday" aria-hidden>
          <span className="small t2">{t(`days.${day}`)}</span>
          <div className="previewrooms">
            {rooms.length === 0 ? <span className="small t3">{t("closed")}</span> : null}
            {rooms.map(({ room, slots }) => (
              <div key={room} className="previewroom" title={room}>
                {slots.map(({ from, to }) => (
                  <i
                    key={from}
                    style={{ left: x(from), width: `calc(${((to - from) / (last - first)) * 100}% - 1px)` }}
                  />
                ))}
                <span className="small" style={{ left: `calc(${x(slots[0]?.from ?? first)} + 6px)` }}>
                  {room}
                </span>
              </div>
            ))}
          </div>
        </div>
      ))}
    </figure>
  );
}
