/** The diary: days, the day list, weeks, and when the rooms see patients. */
import { localDate } from "../../../src-shared/calendar/index.ts";
import { addTexts, useNow } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { DayView } from "./day.tsx";
import { enGB } from "./en-GB.ts";
import { ListView } from "./list.tsx";
import { NextPatients } from "./next-patients.tsx";
import { RoomNext, useRoomNext } from "./room-next.tsx";
import { SettingsView } from "./settings.tsx";
import { WeekView } from "./week.tsx";
import { useWhere } from "./where.ts";
import "./diary.css";

addTexts("diary", enGB);

export { NextPatients, RoomNext, useRoomNext };

export default function Diary() {
  const where = useWhere();
  const { may, branch } = useSession();
  // Past midnight, "today" is another day.
  const today = localDate(useNow(60_000), branch.timeZone);
  if (where.view === "list") return <ListView where={where} />;
  if (where.view === "week") return <WeekView where={where} today={today} />;
  if (where.view === "settings" && may("schedules:manage")) return <SettingsView where={where} />;
  return <DayView where={where} />;
}
