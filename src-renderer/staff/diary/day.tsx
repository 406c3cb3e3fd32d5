/** The day as columns: everything by mouse, everything by keys. */
import { CalendarDays, CalendarPlus, Footprints, Printer, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { instantOf, localDate, localTime } from "../../../src-shared/calendar/index.ts";
import { useLive } from "../../api/index.ts";
import { Button, dayText, EmptyState, ErrorState, Hints, useNow, useShortcuts, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { type DiaryActs, useDiaryActs } from "./acts.tsx";
import { BookingDialog, type Chosen, type Draft } from "./booking.tsx";
import { Details } from "./details.tsx";
import { CancelDialog, EditDialog } from "./edit.tsx";
import { FinderDialog } from "./finder.tsx";
import { type Day, freeSlots, shown, spanOf, type Visit } from "./geometry.ts";
import { DayGrid } from "./grid.tsx";
import { AsOf, DiaryHead } from "./head.tsx";
import { type Hand, useMoving } from "./moving.ts";
import { PrintedDay } from "./print.tsx";
import { isHere, nameOf } from "./visit.tsx";
import type { Where } from "./where.ts";

type Asking = { kind: "edit" | "cancel"; visit: Visit } | { kind: "find" } | { kind: "book"; draft: Draft };

export function DayView({ where }: { where: Where }) {
  const { data: day, error } = useLive("scheduling.day", { branchId: where.branch, date: where.date });
  const [held, setHeld] = useState<{ visit: Visit; branch: string } | null>(null);
  if (error) return <ErrorState error={error} />;
  if (!day) return null;
  const branch = day.branch.id;
  const hand: Hand = {
    carried: held?.branch === branch ? held.visit : null,
    carry: (visit) => setHeld(visit && { visit, branch }),
  };
  return <DayScreen key={`${branch} ${day.date}`} where={where} day={day} hand={hand} />;
}

function DayScreen({ where, day, hand }: { where: Where; day: Day; hand: Hand }) {
  const t = useT("diary");
  const { may } = useSession();
  const now = useNow();
  const acts = useDiaryActs();
  const [selected, setSelected] = useState<string | null>(() =>
    hand.carried ? `visit:${hand.carried.id}` : firstKey(day, now),
  );
  const [asking, setAsking] = useState<Asking | null>(null);
  const { data: known } = useLive("patients.summary", { id: where.patient ?? "" }, { enabled: where.patient !== null });
  const patient = where.patient && known ? known.patient : null;
  const zone = day.branch.timeZone;
  const span = spanOf(day, { start: instantOf(day.date, "09:00", zone), end: instantOf(day.date, "18:00", zone) });
  const visit = day.appointments.find(({ id }) => selected === `visit:${id}`) ?? null;
  const canBook = may("appointments:book");
  const moving = useMoving(day, span, may("appointments:change"), hand, (target, to) => {
    acts.move(target, { ...to });
    setSelected(`visit:${target.id}`);
  });
  const draftAt = (over: Partial<Draft>): Draft => ({
    room: day.rooms[0]?.room ?? "",
    optometristId: day.rooms[0]?.optometrists[0]?.id ?? null,
    start: null,
    date: day.date,
    walkIn: false,
    ...over,
  });
  const bookAny = () => setAsking({ kind: "book", draft: draftAt({}) });
  const walkIn = () => setAsking({ kind: "book", draft: draftAt({ walkIn: true }) });
  const find = () => setAsking({ kind: "find" });
  useDayKeys({ day, selected, setSelected, visit, moving, acts, setAsking, find, bookAny, walkIn, now });
  const here = day.appointments.filter(({ state }) => isHere(state)).length;
  const toCome = day.appointments.filter(({ state }) => state === "booked").length;
  const done = day.appointments.filter(({ state }) => state === "gone").length;
  return (
    <div className="screen has-context diary">
      <div className="mainpart">
        <div>
          <DiaryHead
            where={where}
            shown={day.date}
            today={day.today}
            step={1}
            meta={day.appointments.length > 0 ? t("counts", { here, toCome, done }) : undefined}
          >
            <button type="button" className="btn" aria-label={t("print")} title={t("print")} onClick={() => print()}>
              <Printer className="i s" aria-hidden />
            </button>
            {canBook && day.here ? (
              <Button icon={Footprints} keys="W" onClick={walkIn}>
                {t("walkIn")}
              </Button>
            ) : null}
            <Button variant="primary" icon={Search} keys="F" onClick={find}>
              {t("find")}
            </Button>
          </DiaryHead>
          <AsOf day={day} />
          {patient ? <ForPatient patient={patient} done={() => where.show({ patient: null })} /> : null}
        </div>
        <div className="body">
          {day.rooms.length === 0 ? (
            <EmptyState
              icon={CalendarDays}
              title={t(day.templates === 0 ? "noTemplates" : "noDay")}
              action={
                day.templates === 0 && may("schedules:manage") ? (
                  <Button variant="primary" onClick={() => where.show({ view: "settings" })}>
                    {t("makeTemplates")}
                  </Button>
                ) : canBook ? (
                  <Button keys="B" onClick={bookAny}>
                    {t("bookAt")}
                  </Button>
                ) : undefined
              }
            >
              {t(day.templates === 0 ? "noTemplatesText" : "noDayText")}{" "}
              {day.templates === 0 && !may("schedules:manage") ? t("askManager") : null}
            </EmptyState>
          ) : (
            <DayGrid
              day={day}
              span={span}
              now={now}
              selected={selected}
              canBook={canBook}
              moving={moving}
              onSelect={setSelected}
              onBook={(slot) =>
                moving.carried
                  ? moving.place(slot)
                  : setAsking({
                      kind: "book",
                      draft: draftAt({ room: slot.room, optometristId: slot.optometrist_id, start: slot.start }),
                    })
              }
            />
          )}
          <PrintedDay day={day} now={now} />
        </div>
      </div>
      <aside className="context">
        <Details
          day={day}
          visit={visit}
          now={now}
          acts={{
            next: acts.next,
            back: acts.back,
            step: acts.step,
            exam: acts.startExam,
            pickUp: moving.pickUp,
            edit: (target) => setAsking({ kind: "edit", visit: target }),
            cancel: (target) => setAsking({ kind: "cancel", visit: target }),
            didNotAttend: acts.didNotAttend,
          }}
        />
      </aside>
      <div className="keys">
        {moving.carried ? (
          <p className="hints carrying" role="status">
            <b>
              {moving.target
                ? t("moving", {
                    name: nameOf(moving.carried),
                    time:
                      localDate(moving.carried.starts_at, zone) === day.date
                        ? localTime(moving.target.start, zone)
                        : `${dayText(day.date)}, ${localTime(moving.target.start, zone)}`,
                    room: moving.target.room,
                  })
                : t("movingNowhere", { name: nameOf(moving.carried), day: dayText(day.date) })}
            </b>
            {t("moveHint")}
          </p>
        ) : (
          <Hints
            items={[
              { keys: "↑ ↓ ← →", label: t("keys.arrows") },
              { keys: "Enter", label: t("keys.book") },
              { keys: ">", label: t("keys.next") },
              { keys: "M", label: t("keys.move") },
              { keys: "F", label: t("keys.find") },
              { keys: "[ ]", label: t("keys.days") },
              { keys: "Ctrl Z", label: t("undo") },
            ]}
          />
        )}
      </div>
      <Asked
        asking={asking}
        day={day}
        acts={acts}
        setAsking={setAsking}
        patient={patient}
        onBooked={() => where.show({ patient: null })}
      />
      {acts.question}
    </div>
  );
}

function Asked({
  asking,
  day,
  acts,
  setAsking,
  patient,
  onBooked,
}: {
  asking: Asking | null;
  day: Day;
  acts: DiaryActs;
  patient: Chosen | null;
  onBooked: () => void;
  setAsking: (asking: Asking | null) => void;
}) {
  const close = () => setAsking(null);
  if (!asking) return null;
  if (asking.kind === "edit") return <EditDialog visit={asking.visit} acts={acts} onClose={close} />;
  if (asking.kind === "cancel")
    return <CancelDialog visit={asking.visit} acts={acts} zone={day.branch.timeZone} onClose={close} />;
  if (asking.kind === "book")
    return (
      <BookingDialog
        draft={asking.draft}
        where={{ ...day, rooms: day.rooms.map(({ room }) => room) }}
        acts={acts}
        patient={patient}
        onBooked={onBooked}
        onClose={close}
      />
    );
  return (
    <FinderDialog
      day={day}
      onClose={close}
      onChoose={(time, kind, minutes) =>
        setAsking({
          kind: "book",
          draft: {
            room: time.room,
            optometristId: time.optometrist_id,
            start: time.start,
            date: day.date,
            kind,
            minutes,
            walkIn: false,
          },
        })
      }
    />
  );
}

/** Who is being booked in: a free time is chosen for them, by any of the diary's ways. */
function ForPatient({ patient, done }: { patient: Chosen; done: () => void }) {
  const t = useT("diary");
  useShortcuts([{ keys: "Escape", label: t("bookNobody"), group: t("title"), run: done }]);
  return (
    <div className="row g3 bookfor" role="status">
      <CalendarPlus className="i s" aria-hidden />
      <span className="grow">{t("bookFor", { who: `${patient.given_name} ${patient.family_name}` })}</span>
      <Button size="s" variant="quiet" keys="Esc" onClick={done}>
        {t("bookNobody")}
      </Button>
    </div>
  );
}

/** What stands in a column, in the order of time. */
function columnKeys(day: Day, room: Day["rooms"][number]): { key: string; at: number }[] {
  return [
    ...freeSlots(day, room).map((slot) => ({ key: `slot:${room.room}:${slot.start}`, at: slot.start })),
    ...day.appointments
      .filter((visit) => visit.room === room.room && shown(visit))
      .map((visit) => ({ key: `visit:${visit.id}`, at: visit.starts_at })),
  ].sort((a, b) => a.at - b.at);
}

/** Where one begins: at who comes next, else at the first thing there is. */
function firstKey(day: Day, now: number): string | null {
  const all = day.rooms.flatMap((room) => columnKeys(day, room)).sort((a, b) => a.at - b.at);
  return (all.find(({ key, at }) => key.startsWith("visit:") && at >= now - 1_800_000) ?? all[0])?.key ?? null;
}

interface KeyProps {
  readonly day: Day;
  readonly selected: string | null;
  readonly visit: Visit | null;
  readonly moving: ReturnType<typeof useMoving>;
  readonly acts: DiaryActs;
  readonly now: number;
  setSelected(key: string): void;
  setAsking(asking: Asking): void;
  find(): void;
  bookAny(): void;
  walkIn(): void;
}

function useDayKeys({ day, selected, visit, moving, acts, now, setSelected, setAsking, ...open }: KeyProps): void {
  const t = useT("diary");
  const { may, device } = useSession();
  const columns = day.rooms.map((room) => columnKeys(day, room));
  const column = columns.findIndex((keys) => keys.some(({ key }) => key === selected));
  const index = columns[column]?.findIndex(({ key }) => key === selected) ?? -1;
  const focus = (key: string | undefined) => {
    if (!key) return;
    setSelected(key);
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  };
  // What is chosen stays in sight, also when a colleague's change moved it.
  const lies = visit ? `${visit.room} ${visit.starts_at}` : selected;
  useEffect(() => {
    if (selected && lies)
      document
        .querySelector(`[data-key="${CSS.escape(selected)}"]`)
        ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected, lies]);
  const up = (by: 1 | -1) => (moving.carried ? moving.walk(by) : focus(columns[column]?.[index + by]?.key));
  const side = (by: 1 | -1) => {
    if (moving.carried) return moving.side(by);
    const at = columns[column]?.[index]?.at ?? 0;
    for (let next = column + by; next >= 0 && next < columns.length; next += by) {
      const keys = columns[next] ?? [];
      if (keys.length > 0) return focus((keys.findLast((each) => each.at <= at) ?? keys[0])?.key);
    }
  };
  const changes = may("appointments:change") && visit !== null;
  const open_ = visit?.state === "booked" || visit?.state === "arrived";
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  const group = t("title");
  const calm = moving.carried === null;
  useShortcuts([
    { keys: "ArrowDown", label: t("keys.arrows"), group, run: () => up(1) },
    { keys: "ArrowUp", label: t("keys.arrows"), group, run: () => up(-1) },
    { keys: "ArrowRight", label: t("keys.arrows"), group, run: () => side(1) },
    { keys: "ArrowLeft", label: t("keys.arrows"), group, run: () => side(-1) },
    { keys: "Enter", label: t("move"), group, when: !calm, run: moving.drop },
    { keys: "Escape", label: t("close"), group, when: !calm, run: moving.letGo },
    { keys: ">", label: t("keys.next"), group, when: visit !== null, run: () => visit && acts.next(visit) },
    { keys: "<", label: t("keys.back"), group, when: visit !== null, run: () => visit && acts.back(visit) },
    {
      keys: "X",
      label: t("startExam"),
      group,
      when: examines && visit !== null,
      run: () => visit && acts.startExam(visit),
    },
    { keys: "M", label: t("move"), group, when: changes && open_, run: () => visit && moving.pickUp(visit) },
    { keys: "E", label: t("edit"), group, when: changes, run: () => visit && setAsking({ kind: "edit", visit }) },
    {
      keys: "Delete",
      label: t("cancel"),
      group,
      when: changes && open_,
      run: () => visit && setAsking({ kind: "cancel", visit }),
    },
    {
      keys: "D",
      label: t("didNotAttend"),
      group,
      when: changes && visit.state === "booked" && visit.starts_at <= now,
      run: () => visit && acts.didNotAttend(visit),
    },
    { keys: "F", label: t("find"), group, run: open.find },
    { keys: "B", label: t("bookAt"), group, when: may("appointments:book"), run: open.bookAny },
    { keys: "W", label: t("walkIn"), group, when: may("appointments:book") && day.here, run: open.walkIn },
    { keys: "P", label: t("print"), group, run: () => window.print() },
    { keys: "Ctrl+Z", label: t("undo"), group, run: acts.undo },
  ]);
}
