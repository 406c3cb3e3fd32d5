/** The day list: who is here and where, who is to come; one key moves a patient on, on every workstation at once. */
import { Footprints, ListChecks, Printer } from "lucide-react";
import { useEffect, useState } from "react";
import { localTime } from "../../../src-shared/calendar/index.ts";
import { nextState, previousStep } from "../../../src-shared/scheduling/waiting.ts";
import { useLive } from "../../api/index.ts";
import { Button, EmptyState, ErrorState, Hints, Select, useNow, useShortcuts, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { type DiaryActs, useDiaryActs } from "./acts.tsx";
import { BookingDialog } from "./booking.tsx";
import { CancelDialog } from "./edit.tsx";
import type { Day, Visit } from "./geometry.ts";
import { AsOf, DiaryHead } from "./head.tsx";
import { PrintedDay } from "./print.tsx";
import { ClashMark, FlagIcons, isHere, nameOf, StateChip, stateOf, WaitChip } from "./visit.tsx";
import { keepRoom, roomHere, type Where } from "./where.ts";

const parts = ["here", "toCome", "done", "notComing"] as const;
type Part = (typeof parts)[number];

function partOf(visit: Visit): Part {
  if (isHere(visit.state)) return "here";
  if (visit.state === "booked") return "toCome";
  return visit.state === "gone" ? "done" : "notComing";
}

export function ListView({ where }: { where: Where }) {
  const t = useT("diary");
  const { may, device } = useSession();
  const { data: day, error } = useLive("scheduling.day", { branchId: where.branch, date: where.date });
  const now = useNow();
  const acts = useDiaryActs();
  const [selected, setSelected] = useState<string | null>(null);
  const [room, setRoom] = useState(roomHere);
  const [walking, setWalking] = useState(false);
  const [cancelling, setCancelling] = useState<Visit | null>(null);
  const chooseRoom = (next: string) => {
    keepRoom(next);
    setRoom(next);
  };
  const rooms = day?.rooms.map((each) => each.room) ?? [];
  const held = rooms.includes(room) ? room : "";
  const visits = (day?.appointments ?? []).filter((visit) => held === "" || visit.room === held);
  const grouped = parts.map((part) => ({ part, visits: visits.filter((visit) => partOf(visit) === part) }));
  const order = grouped.flatMap((each) => each.visits);
  const visit = order.find(({ id }) => id === selected) ?? null;
  const walk = (by: 1 | -1) => {
    const index = order.findIndex(({ id }) => id === selected);
    setSelected(order[Math.max(0, Math.min(order.length - 1, index + by))]?.id ?? null);
  };
  useEffect(() => {
    if (selected) document.querySelector(`[data-visit="${selected}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  const canBook = may("appointments:book");
  const open = visit?.state === "booked" || visit?.state === "arrived";
  const group = t("views.list");
  useShortcuts([
    { keys: "J", label: t("keys.arrows"), group, run: () => walk(1) },
    { keys: "K", label: t("keys.arrows"), group, run: () => walk(-1) },
    { keys: "ArrowDown", label: t("keys.arrows"), group, run: () => walk(1) },
    { keys: "ArrowUp", label: t("keys.arrows"), group, run: () => walk(-1) },
    { keys: ">", label: t("keys.next"), group, when: visit !== null, run: () => visit && acts.next(visit) },
    { keys: "<", label: t("keys.back"), group, when: visit !== null, run: () => visit && acts.back(visit) },
    {
      keys: "X",
      label: t("startExam"),
      group,
      when: examines && visit !== null,
      run: () => visit && acts.startExam(visit),
    },
    {
      keys: "D",
      label: t("didNotAttend"),
      group,
      when: may("appointments:change") && visit?.state === "booked" && visit.starts_at <= now,
      run: () => visit && acts.didNotAttend(visit),
    },
    {
      keys: "Delete",
      label: t("cancel"),
      group,
      when: may("appointments:change") && open,
      run: () => setCancelling(visit),
    },
    { keys: "W", label: t("walkIn"), group, when: canBook && day?.here === true, run: () => setWalking(true) },
    { keys: "P", label: t("print"), group, run: () => window.print() },
    { keys: "Ctrl+Z", label: t("undo"), group, run: acts.undo },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!day) return null;
  const count = (part: Part) => grouped.find((each) => each.part === part)?.visits.length ?? 0;
  return (
    <div className="screen diary daylisted">
      <div className="mainpart">
        <div>
          <DiaryHead
            where={where}
            shown={day.date}
            today={day.today}
            step={1}
            meta={
              <span className="daycounts">
                {t("counts", { here: count("here"), toCome: count("toCome"), done: count("done") })}
              </span>
            }
          >
            {rooms.length > 1 ? (
              <Select
                hideLabel
                label={t("room")}
                value={held}
                options={[{ value: "", label: t("allRooms") }, ...rooms.map((value) => ({ value, label: value }))]}
                onChange={chooseRoom}
              />
            ) : null}
            <button type="button" className="btn" aria-label={t("print")} title={t("print")} onClick={() => print()}>
              <Printer className="i s" aria-hidden />
            </button>
            {canBook && day.here ? (
              <Button variant="primary" icon={Footprints} keys="W" onClick={() => setWalking(true)}>
                {t("walkIn")}
              </Button>
            ) : null}
          </DiaryHead>
          <AsOf day={day} />
        </div>
        <div className="body">
          {order.length === 0 ? (
            <EmptyState
              icon={ListChecks}
              title={t("noList")}
              action={
                <Button variant="primary" onClick={() => where.show({ view: "day" })}>
                  {t("openDiary")}
                </Button>
              }
            >
              {t("noListText")}
            </EmptyState>
          ) : (
            <table className="tbl daylist">
              {grouped
                .filter((each) => each.visits.length > 0)
                .map(({ part, visits: list }) => (
                  <tbody key={part}>
                    <tr className="parthead">
                      <th colSpan={7} scope="rowgroup">
                        {t(part)} <span className="ct">{list.length}</span>
                      </th>
                    </tr>
                    {list.map((each) => (
                      <ListRow
                        key={each.id}
                        visit={each}
                        day={day}
                        now={now}
                        selected={each.id === selected}
                        examines={examines}
                        acts={acts}
                        onSelect={() => setSelected(each.id)}
                      />
                    ))}
                  </tbody>
                ))}
            </table>
          )}
          <PrintedDay day={day} now={now} />
        </div>
      </div>
      <div className="keys">
        <Hints
          items={[
            { keys: "J K", label: t("keys.arrows") },
            { keys: ">", label: t("keys.next") },
            { keys: "<", label: t("keys.back") },
            ...(examines ? [{ keys: "X", label: t("startExam") }] : []),
            { keys: "Ctrl Z", label: t("undo") },
          ]}
        />
      </div>
      {walking ? (
        <BookingDialog
          draft={{
            room: held || rooms[0] || "",
            optometristId: null,
            start: null,
            date: day.date,
            walkIn: true,
          }}
          where={{ ...day, rooms }}
          acts={acts}
          onClose={() => setWalking(false)}
        />
      ) : null}
      {cancelling ? (
        <CancelDialog visit={cancelling} acts={acts} zone={day.branch.timeZone} onClose={() => setCancelling(null)} />
      ) : null}
      {acts.question}
    </div>
  );
}

function ListRow({
  visit,
  day,
  now,
  selected,
  examines,
  acts,
  onSelect,
}: {
  visit: Visit;
  day: Day;
  now: number;
  selected: boolean;
  examines: boolean;
  acts: DiaryActs;
  onSelect: () => void;
}) {
  const t = useT("diary");
  const state = stateOf(visit);
  const next = nextState(state);
  const back = previousStep(state);
  const off = state === "cancelled" || state === "did_not_attend";
  return (
    <tr data-visit={visit.id} aria-selected={selected} className={off ? "off" : ""} onClick={onSelect}>
      <td className="tab t2 nowrap">{localTime(visit.starts_at, day.branch.timeZone)}</td>
      <td>
        <button type="button" className="rowbutton name" onClick={onSelect}>
          {nameOf(visit)}
        </button>{" "}
        <span className="small t3 tab">{t("age", { age: visit.age })}</span>{" "}
        {visit.clashes.length > 0 ? <ClashMark /> : null} <FlagIcons visit={visit} />
        {visit.note || visit.reason ? <span className="block small t2">{visit.reason ?? visit.note}</span> : null}
      </td>
      <td>
        {t(`kinds.${visit.kind}`)} {visit.walk_in ? <span className="small t3">· {t("walkedIn")}</span> : null}
      </td>
      <td className="t2">
        {visit.room} <span className="small t3">{visit.optometrist}</span>
      </td>
      <td>
        <StateChip state={state} />
      </td>
      <td>
        <WaitChip visit={visit} now={now} patience={day.patience} />
      </td>
      <td className="num">
        <span className="row g2 end">
          {examines && (state === "booked" || isHere(state)) && state !== "dispensing" ? (
            <Button size="s" {...(selected ? { keys: "X" } : {})} onClick={() => acts.startExam(visit)}>
              {t(visit.exam_id ? "openExam" : "startExam")}
            </Button>
          ) : null}
          {next ? (
            <Button
              size="s"
              variant={selected ? "primary" : "default"}
              {...(selected ? { keys: ">" } : {})}
              onClick={() => acts.next(visit)}
            >
              {t(`next.${next}`)}
            </Button>
          ) : back ? (
            <Button size="s" variant="quiet" {...(selected ? { keys: "<" } : {})} onClick={() => acts.back(visit)}>
              {t(off ? "bookAgain" : "back")}
            </Button>
          ) : null}
        </span>
      </td>
    </tr>
  );
}
