/** A day as columns of rooms: slots to book, bookings to move, and the line that says what time it is. */
import { localTime } from "../../../src-shared/calendar/index.ts";
import { holdsTime } from "../../../src-shared/scheduling/conflicts.ts";
import type { Patience } from "../../../src-shared/scheduling/waiting.ts";
import { useT } from "../../ui/index.ts";
import {
  type Day,
  endsAt,
  freeSlots,
  lanesOf,
  pixelsPerMinute,
  type Span,
  shown,
  top,
  type Visit,
} from "./geometry.ts";
import type { Moving } from "./moving.ts";
import { ClashMark, FlagIcons, nameOf, StateChip, stateOf, WaitChip } from "./visit.tsx";

const hour = 3_600_000;

export interface GridProps {
  readonly day: Day;
  readonly span: Span;
  readonly now: number;
  readonly selected: string | null;
  readonly canBook: boolean;
  readonly moving: Moving;
  onSelect(key: string): void;
  onBook(slot: { room: string; start: number; end: number; optometrist_id: string | null }): void;
}

export function DayGrid({ day, span, now, ...props }: GridProps) {
  const t = useT("diary");
  const zone = day.branch.timeZone;
  const height = ((span.end - span.start) / 60_000) * pixelsPerMinute;
  const hours = Array.from({ length: (span.end - span.start) / hour }, (_, index) => span.start + index * hour);
  const showsNow = now >= span.start && now < span.end;
  return (
    <div className="daygrid">
      <div className="daycols" data-grid>
        <div className="hour-column" aria-hidden>
          <div className="colhead" />
          <div className="coltrack" style={{ height }}>
            {hours.map((at) => (
              <span key={at} className="hour tab" style={{ top: top(span, at) }}>
                {localTime(at, zone)}
              </span>
            ))}
            {showsNow ? (
              <span className="nowtime tab" style={{ top: top(span, now) }}>
                {localTime(now, zone)}
              </span>
            ) : null}
          </div>
        </div>
        {day.rooms.map((room) => (
          <section key={room.room} aria-label={room.room} className="roomcol">
            <header className="colhead">
              <h2 className="section clip">{room.room}</h2>
              <p className="small t3 clip">
                {room.optometrists.map(({ name }) => name).join(", ") || (room.slots.length > 0 ? "" : t("closed"))}
              </p>
            </header>
            <div className="coltrack" data-room={room.room} style={{ height }}>
              {hours.map((at) => (
                <i key={at} className="hourline" style={{ top: top(span, at) }} />
              ))}
              <Slots day={day} room={room} span={span} now={now} {...props} />
              {showsNow ? <i className="nowline" style={{ top: top(span, now) }} /> : null}
              <Visits day={day} room={room} span={span} now={now} {...props} />
              <Target room={room.room} span={span} moving={props.moving} zone={zone} />
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}

type ColumnProps = GridProps & { readonly room: Day["rooms"][number] };

function Slots({ day, room, span, selected, canBook, onSelect, onBook }: ColumnProps) {
  const t = useT("diary");
  const zone = day.branch.timeZone;
  return freeSlots(day, room).map((slot) => {
    const key = `slot:${room.room}:${slot.start}`;
    const height = ((slot.end - slot.start) / 60_000) * pixelsPerMinute - 2;
    const style = { top: top(span, slot.start) + 1, height };
    const time = localTime(slot.start, zone);
    if (!canBook)
      return (
        <span key={key} className="slot" style={style}>
          {time}
        </span>
      );
    return (
      <button
        key={key}
        type="button"
        data-key={key}
        className="slot tab"
        style={style}
        aria-label={t("freeSlot", { time, room: room.room })}
        aria-current={selected === key || undefined}
        tabIndex={selected === key ? 0 : -1}
        onFocus={() => onSelect(key)}
        onClick={() => onBook(slot)}
      >
        {time}
      </button>
    );
  });
}

function Visits({ day, room, span, now, selected, moving, onSelect }: ColumnProps) {
  const visits = day.appointments.filter((visit) => visit.room === room.room && shown(visit));
  return lanesOf(visits).map(({ visit, lane, of }) => (
    <VisitCard
      key={visit.id}
      visit={visit}
      now={now}
      zone={day.branch.timeZone}
      patience={day.patience}
      selected={selected === `visit:${visit.id}`}
      carried={moving.carried?.id === visit.id}
      style={{
        top: top(span, visit.starts_at) + 1,
        height: Math.max(22, ((endsAt(visit) - visit.starts_at) / 60_000) * pixelsPerMinute - 2),
        // Whoever holds no time stands to the right, and the time that is free beside them can be pressed.
        ...(of === 1 && !holdsTime(visit)
          ? { left: "calc(30% + 3px)", width: "calc(70% - 6px)" }
          : { left: `calc(${(lane / of) * 100}% + 3px)`, width: `calc(${100 / of}% - 6px)` }),
      }}
      onSelect={() => onSelect(`visit:${visit.id}`)}
      onPointerDown={(event) => moving.begin(event, visit)}
    />
  ));
}

function VisitCard({
  visit,
  now,
  zone,
  patience,
  selected,
  carried,
  style,
  onSelect,
  onPointerDown,
}: {
  visit: Visit;
  now: number;
  zone: string;
  patience: Patience;
  selected: boolean;
  carried: boolean;
  style: React.CSSProperties;
  onSelect: () => void;
  onPointerDown: (event: React.PointerEvent<HTMLButtonElement>) => void;
}) {
  const t = useT("diary");
  const small = visit.minutes < 25;
  const key = `visit:${visit.id}`;
  return (
    <button
      type="button"
      data-key={key}
      className={`visit ${visit.state} ${small ? "s" : ""} ${carried ? "carried" : ""}`}
      style={style}
      aria-pressed={selected}
      tabIndex={selected ? 0 : -1}
      onFocus={onSelect}
      onClick={onSelect}
      onPointerDown={onPointerDown}
    >
      <span className="visit-line">
        <span className="tab t2">{localTime(visit.starts_at, zone)}</span>
        <b className="clip">{nameOf(visit)}</b>
        {visit.clashes.length > 0 ? <ClashMark /> : null}
        <FlagIcons visit={visit} />
        {small ? (
          <span className="push">
            <WaitChip visit={visit} now={now} patience={patience} />
          </span>
        ) : null}
      </span>
      {small ? null : (
        <span className="visit-line small">
          <span className="t2 clip">
            {visit.walk_in ? `${t("walkedIn")} · ` : ""}
            {t(`kinds.${visit.kind}`)}
          </span>
          <span className="push row g1">
            <WaitChip visit={visit} now={now} patience={patience} />
            {visit.state === "booked" ? null : <StateChip state={stateOf(visit)} />}
          </span>
        </span>
      )}
    </button>
  );
}

const inSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: "nearest", inline: "nearest" });

function Target({ room, span, moving, zone }: { room: string; span: Span; moving: Moving; zone: string }) {
  const { carried, target } = moving;
  if (!carried || target?.room !== room) return null;
  return (
    <span
      // Walked by keys it may be out of sight; a new one for each place, so that it is brought into it.
      key={target.start}
      ref={inSight}
      className="droptarget tab"
      style={{ top: top(span, target.start) + 1, height: carried.minutes * pixelsPerMinute - 2 }}
    >
      {localTime(target.start, zone)} {nameOf(carried)}
    </span>
  );
}
