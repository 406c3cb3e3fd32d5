/** A line drawn with a pointer: every place it was at is taken, and painted in the next frame without React. */
import { type PointerEvent, type RefObject, useRef } from "react";
import { markPath, spacing } from "../../../../src-shared/exams/marks.ts";
import { gridSize, type Point, spaced } from "../../../../src-shared/exams/strokes.ts";
import type { Tool } from "./tools.tsx";

export interface Gesture {
  readonly tool: Tool;
  /** Where on the diagram a place on the grid belongs. */
  place(point: Point): Point;
  begin(): void;
  pass(point: Point): void;
  end(points: readonly Point[]): void;
  /** The system took the pointer away: a palm, or a swipe. */
  drop(): void;
}

export function usePointerLine(surface: RefObject<HTMLElement | null>, gesture: Gesture) {
  const live = useRef<SVGPathElement>(null);
  const line = useRef<{ pointer: number; box: DOMRect; points: Point[]; frame: number } | null>(null);

  function paint() {
    const now = line.current;
    if (!now || !live.current) return;
    now.frame = 0;
    const { tool } = gesture;
    if (tool === "eraser") return;
    const points = tool in spacing ? spaced(now.points, spacing[tool] ?? 0) : ends(tool, now.points);
    live.current.setAttribute("class", `mark is-${tool}`);
    live.current.setAttribute("d", markPath(tool, points));
  }

  function take(event: PointerEvent) {
    const now = line.current;
    if (!now) return;
    const { box } = now;
    const native = event.nativeEvent;
    // Between two frames a pen reports several places; without them a quick line has corners.
    const events = native.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of events.length > 0 ? events : [native]) {
      const point = gesture.place({
        x: ((clientX - box.left) / box.width) * gridSize,
        y: ((clientY - box.top) / box.height) * gridSize,
      });
      now.points.push(point);
      gesture.pass(point);
    }
    now.frame ||= requestAnimationFrame(paint);
  }

  function finish(): readonly Point[] {
    const now = line.current;
    if (!now) return [];
    cancelAnimationFrame(now.frame);
    line.current = null;
    live.current?.removeAttribute("d");
    live.current?.removeAttribute("class");
    return now.points;
  }

  return {
    live,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (line.current || event.button !== 0 || !surface.current) return;
        event.preventDefault();
        surface.current.focus({ preventScroll: true });
        surface.current.setPointerCapture(event.pointerId);
        const box = surface.current.getBoundingClientRect();
        line.current = { pointer: event.pointerId, box, points: [], frame: 0 };
        gesture.begin();
        take(event);
      },
      onPointerMove(event: PointerEvent) {
        if (event.pointerId === line.current?.pointer) take(event);
      },
      onPointerUp(event: PointerEvent) {
        if (event.pointerId !== line.current?.pointer) return;
        take(event);
        gesture.end(finish());
      },
      onPointerCancel(event: PointerEvent) {
        if (event.pointerId !== line.current?.pointer) return;
        const points = finish();
        if (event.pointerType === "touch") gesture.drop();
        else gesture.end(points);
      },
    },
  };
}

/** Of what is drawn from one end to the other only the ends count. */
function ends(tool: Tool, points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  return tool === "pen" || !first || !last ? points : [first, last];
}
