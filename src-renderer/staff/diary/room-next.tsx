/** Whom the room sees next, for the exam page while no exam is open: chosen with the arrows, opened with Enter. */
import { localTime } from "../../../src-shared/calendar/index.ts";
import { useLive } from "../../api/index.ts";
import { useNow, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { useDiaryActs } from "./acts.tsx";
import type { Day, Visit } from "./geometry.ts";
import { FlagIcons, isHere, nameOf, StateChip, stateOf, WaitChip } from "./visit.tsx";
import { roomHere } from "./where.ts";

const most = 10;
/** Who is an hour late and was not marked still stands in the day list itself. */
const lateAtMost = 3_600_000;

/** This PC's room, where it shows one; else those with the person who is signed in; else all. */
function ofThisRoom({ rooms, appointments }: Day, person: string): { room: string | null; visits: readonly Visit[] } {
  const room = rooms.find((each) => each.room === roomHere())?.room ?? null;
  if (room) return { room, visits: appointments.filter((visit) => visit.room === room) };
  const own = appointments.filter(({ optometrist_id }) => optometrist_id === person);
  return { room: null, visits: own.length > 0 ? own : appointments };
}

/** Patients of today who are to be examined yet, those who are here first, each in the order of their times. */
export function useRoomNext() {
  const { may, person } = useSession();
  const { data: day } = useLive("scheduling.day", {}, { enabled: may("appointments:view") });
  const now = useNow();
  const acts = useDiaryActs();
  const { room, visits } = day ? ofThisRoom(day, person.id) : { room: null, visits: [] };
  const waits = (visit: Visit) => isHere(visit.state) && visit.state !== "dispensing";
  const next = visits
    .filter((visit) => waits(visit) || (visit.state === "booked" && visit.starts_at > now - lateAtMost))
    .sort((a, b) => Number(waits(b)) - Number(waits(a)) || a.starts_at - b.starts_at)
    .slice(0, most);
  return { day, now, room, visits: next, open: acts.startExam };
}

export function RoomNext({
  next: { day, now, room, visits },
  at,
  choose,
}: {
  next: ReturnType<typeof useRoomNext>;
  at: number;
  choose: (visit: Visit) => void;
}) {
  const t = useT("diary");
  if (!day || visits.length === 0) return null;
  return (
    <section className="room-next">
      <h2 className="section pad">{room ? t("nextIn", { room }) : t("nextPatients")}</h2>
      <ul className="list">
        {visits.map((visit, index) => (
          <li key={visit.id}>
            <button type="button" className="pickrow" aria-pressed={index === at} onClick={() => choose(visit)}>
              <span className="tab t2 at">{localTime(visit.starts_at, day.branch.timeZone)}</span>
              <span className="grow">
                <span className="name">{nameOf(visit)}</span>{" "}
                <span className="small t3 tab">{t("age", { age: visit.age })}</span> <FlagIcons visit={visit} />
                <span className="small t2 block clip">
                  {[t(`kinds.${visit.kind}`), visit.note].filter(Boolean).join(" · ")}
                </span>
              </span>
              <WaitChip visit={visit} now={now} patience={day.patience} />
              <StateChip state={stateOf(visit)} />
              <span className="small t3 does">{t(visit.exam_id ? "openExam" : "startExam")}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
