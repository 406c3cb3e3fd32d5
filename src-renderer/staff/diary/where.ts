/** Which day of which branch the diary shows: it stands in the address, so that going back comes back to it. */
import { addDays, isDate } from "../../../src-shared/calendar/index.ts";
import { go, useParam, useQueryParam } from "../../ui/index.ts";

export type View = "day" | "list" | "week" | "settings";
const views: readonly string[] = ["day", "list", "week", "settings"];

export interface Where {
  readonly view: View;
  /** Null: today, whenever that is. */
  readonly date: string | null;
  /** Null: this PC's branch. */
  readonly branch: string | null;
  /** Somebody is to be booked in: who, until they are. */
  readonly patient: string | null;
  show(next: { view?: View; date?: string | null; branch?: string | null; patient?: string | null }): void;
  /** So many days on from what is shown. */
  turn(days: number, shownDate: string): void;
}

export function useWhere(): Where {
  const param = useParam() ?? "day";
  const view = (views.includes(param) ? param : "day") as View;
  const asked = useQueryParam("date");
  const date = asked !== null && isDate(asked) ? asked : null;
  const branch = useQueryParam("branch");
  const patient = useQueryParam("patient");
  const show: Where["show"] = (next) => {
    const to = { view, date, branch, patient, ...next };
    const query = new URLSearchParams();
    if (to.date) query.set("date", to.date);
    if (to.branch) query.set("branch", to.branch);
    if (to.patient) query.set("patient", to.patient);
    const text = query.toString();
    go(`/diary/${to.view}${text ? `?${text}` : ""}`);
  };
  return { view, date, branch, patient, show, turn: (days, shownDate) => show({ date: addDays(shownDate, days) }) };
}

const roomKey = "horopter-day-list-room";
/** Which room's list this PC shows; empty for that of all rooms. */
export const roomHere = (): string => localStorage.getItem(roomKey) ?? "";
export const keepRoom = (room: string): void => localStorage.setItem(roomKey, room);
