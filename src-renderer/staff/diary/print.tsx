/** The day on paper, for when screens are dark: room by room, with room to tick and write. */
import { localTime } from "../../../src-shared/calendar/index.ts";
import { dayText, useT } from "../../ui/index.ts";
import { type Day, shown } from "./geometry.ts";
import { nameOf } from "./visit.tsx";

export function PrintedDay({ day, now }: { day: Day; now: number }) {
  const t = useT("diary");
  const zone = day.branch.timeZone;
  return (
    <article className="printday">
      <h2>{t("printTitle", { date: dayText(day.date), branch: day.branch.name })}</h2>
      <p>{t("printed", { time: localTime(now, zone) })}</p>
      {day.rooms.map(({ room, optometrists }) => (
        <section key={room}>
          <h3>
            {room} {optometrists.map(({ name }) => name).join(", ")}
          </h3>
          <table>
            <thead>
              <tr>
                <th>{t("time")}</th>
                <th>{t("patient")}</th>
                <th>{t("kind")}</th>
                <th>{t("note")}</th>
                <th>{t("states.arrived")}</th>
                <th>{t("states.gone")}</th>
              </tr>
            </thead>
            <tbody>
              {day.appointments
                .filter((visit) => visit.room === room && shown(visit))
                .map((visit) => (
                  <tr key={visit.id}>
                    <td>
                      {localTime(visit.starts_at, zone)} ({visit.minutes})
                    </td>
                    <td>
                      <b>{nameOf(visit)}</b> {visit.date_of_birth.split("-").reverse().join("/")} {visit.phone}
                    </td>
                    <td>{t(`kinds.${visit.kind}`)}</td>
                    <td>{[visit.note, visit.warning, visit.needs].filter(Boolean).join(" · ")}</td>
                    <td />
                    <td />
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      ))}
    </article>
  );
}
