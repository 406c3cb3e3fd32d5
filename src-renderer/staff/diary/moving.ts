/** Carrying a booking to another time or room: dragged by the pointer, or picked up and walked by keys. */
import { type PointerEvent, useEffect, useRef, useState } from "react";
import {
  type Day,
  dropTimes,
  landingOf,
  pixelsPerMinute,
  type Span,
  type Target,
  timeAt,
  type Visit,
} from "./geometry.ts";

/** Who is in hand stays so while the diary turns to another day. */
export interface Hand {
  readonly carried: Visit | null;
  carry(visit: Visit | null): void;
}
export interface Moving {
  readonly carried: Visit | null;
  readonly target: Target | null;
  /** By keys: picked up where it lies. */
  pickUp(visit: Visit): void;
  walk(by: 1 | -1): void;
  side(by: 1 | -1): void;
  drop(): void;
  /** Puts whoever is in hand here. */
  place(to: Target): void;
  letGo(): void;
  begin(event: PointerEvent<HTMLButtonElement>, visit: Visit): void;
}

export function useMoving(
  day: Day | undefined,
  span: Span,
  allowed: boolean,
  { carried, carry: setCarried }: Hand,
  move: (visit: Visit, to: { room: string; startsAt: number; optometristId: string | null }) => void,
): Moving {
  const [target, setTarget] = useState<Target | null>(() => (day && carried ? landingOf(day, span, carried) : null));
  const latest = useRef<Target | null>(null);
  latest.current = target;
  const rooms = day?.rooms ?? [];
  const roomOf = (name: string) => rooms.find((room) => room.room === name);
  const letGo = () => {
    setCarried(null);
    setTarget(null);
  };
  const dropAt = (visit: Visit, to: Target | null) => {
    letGo();
    if (!to) return;
    // Whose slot it is sees the patient; in a room without slots whoever was to.
    const slot = roomOf(to.room)?.slots.find(({ start, end }) => start <= to.start && to.start < end);
    move(visit, {
      room: to.room,
      startsAt: to.start,
      optometristId: slot ? slot.optometrist_id : visit.optometrist_id,
    });
  };
  const movable = (visit: Visit) => allowed && (visit.state === "booked" || visit.state === "arrived");
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  return {
    carried,
    target,
    letGo,
    pickUp(visit) {
      if (!movable(visit)) return;
      setCarried(visit);
      setTarget({ room: visit.room, start: visit.starts_at });
    },
    walk(by) {
      const room = target && roomOf(target.room);
      if (!room || !target) return;
      const times = dropTimes(room, span);
      const next = by > 0 ? times.find((time) => time > target.start) : times.findLast((time) => time < target.start);
      if (next !== undefined) setTarget({ room: room.room, start: next });
    },
    side(by) {
      const index = rooms.findIndex(({ room }) => room === target?.room);
      const room = rooms[index + by];
      if (!room || !target) return;
      const times = dropTimes(room, span);
      const near = times.findLast((time) => time <= target.start) ?? times[0] ?? target.start;
      setTarget({ room: room.room, start: near });
    },
    drop: () => {
      if (carried && target) dropAt(carried, target);
    },
    place: (to) => {
      if (carried) dropAt(carried, to);
    },
    begin(event, visit) {
      if (event.button !== 0 || !movable(visit)) return;
      const from = { x: event.clientX, y: event.clientY };
      // Where in the card it was taken, so that its head lands where it is shown.
      const grip = event.clientY - event.currentTarget.getBoundingClientRect().top;
      let active = false;
      const onMove = (moved: globalThis.PointerEvent) => {
        if (!active && Math.hypot(moved.clientX - from.x, moved.clientY - from.y) < 6) return;
        if (!active) setCarried(visit);
        active = true;
        const track = document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>("[data-room]");
        const room = track?.dataset.room === undefined ? undefined : roomOf(track.dataset.room);
        if (!track || !room) return setTarget(null);
        const y = moved.clientY - track.getBoundingClientRect().top - grip + 8 * pixelsPerMinute;
        setTarget({ room: room.room, start: timeAt(room, span, y) });
      };
      const end = () => {
        window.removeEventListener("pointermove", onMove);
        window.removeEventListener("pointerup", onUp);
        window.removeEventListener("keydown", onKey, true);
        stop.current = null;
      };
      const onUp = () => {
        end();
        if (active) dropAt(visit, latest.current);
      };
      const onKey = (key: KeyboardEvent) => {
        if (key.key !== "Escape" || !active) return;
        key.preventDefault();
        end();
        letGo();
      };
      window.addEventListener("pointermove", onMove);
      window.addEventListener("pointerup", onUp);
      window.addEventListener("keydown", onKey, true);
      stop.current = end;
    },
  };
}
