/** One eye that is drawn on: by pen, finger and mouse, and by arrow keys. */
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { clampTo, type Diagram, type Eye, numberPlace } from "../../../../src-shared/exams/diagram.ts";
import { isUnder, spacing } from "../../../../src-shared/exams/marks.ts";
import {
  decodePoints,
  encodeLine,
  encodePlaces,
  encodePoints,
  onGrid,
  type Point,
  spaced,
} from "../../../../src-shared/exams/strokes.ts";
import { useT } from "../../../ui/index.ts";
import { type Drawn, EyePicture, type Stroke } from "./eye-picture.tsx";
import { LabelNote } from "./label-note.tsx";
import type { Tool } from "./tools.tsx";
import { useBegunNote } from "./use-begun-note.ts";
import { type Gesture, usePointerLine } from "./use-pointer-line.ts";
import { drawingWords, placeWords } from "./words.ts";

/** For what takes keys and is no control of HTML: a drawing, a strip that scrolls. */
export const focusable = { tabIndex: 0 } as const;

/** How far around a place the eraser reaches, and a click finds a number; grid units. */
const reach = 16;
const numberReach = 48;
/** A shorter line than this leads nowhere: the number finds its own place. */
const shortestLead = 45;

export function EyeSurface({
  diagram,
  eye,
  strokes,
  behind,
  cup,
  tool,
  onDraw,
  onErase,
  onNote,
}: {
  diagram: Diagram;
  eye: Eye;
  strokes: readonly Drawn[];
  behind: readonly Stroke[];
  cup: number | null;
  tool: Tool;
  /** Null: not now. */
  onDraw: (stroke: Stroke) => string | null;
  onErase: (keys: readonly string[]) => void;
  onNote: (key: string, note: string) => void;
}) {
  const t = useT("drawing");
  const id = useId();
  const surface = useRef<HTMLDivElement>(null);
  const note = useBegunNote(`drawing.${diagram}.${eye}.note`, strokes);
  const [writing, setWriting] = useState<string | null>(note.of);
  const [erased, setErased] = useState<ReadonlySet<string>>(new Set());
  const [cross, setCross] = useState<Point | null>(null);
  /** The line that the cross-hair is drawing. */
  const [begun, setBegun] = useState<readonly Point[] | null>(null);
  const shown = useMemo(() => strokes.filter(({ key }) => !erased.has(key)), [strokes, erased]);
  const places = useMemo(
    () => strokes.map(({ key, data }) => ({ key, tool: data.tool, points: decodePoints(data.points) })),
    [strokes],
  );
  const under = (place: Point) =>
    places.filter((each) => isUnder(place, each.tool, each.points, reach)).map(({ key }) => key);
  const numberAt = (place: Point) =>
    places.find(({ tool: of, points }) => {
      const last = points.at(-1);
      return of === "label" && last && Math.hypot(last.x - place.x, last.y - place.y) < numberReach;
    })?.key ?? null;

  function make(points: readonly Point[]) {
    const [first] = points;
    const last = points.at(-1);
    if (tool === "eraser" || !first || !last) return;
    const stroke = { diagram, eye, tool, note: null };
    if (tool === "label") {
      const known = points.length === 1 || Math.hypot(last.x - first.x, last.y - first.y) < 12 ? numberAt(first) : null;
      if (known) return setWriting(known);
      const far = Math.hypot(last.x - first.x, last.y - first.y) >= shortestLead;
      setWriting(onDraw({ ...stroke, points: encodePoints(onGrid([first, far ? last : numberPlace(first)])) }));
    } else if (tool === "pen") onDraw({ ...stroke, points: encodeLine(points) });
    else if (tool === "haemorrhage") onDraw({ ...stroke, points: encodeLine([first, last]) });
    else onDraw({ ...stroke, points: encodePlaces(spaced(points, spacing[tool] ?? 0)) });
  }

  const gesture: Gesture = {
    tool,
    place: (point) => (tool === "label" ? clampTo("anterior", point) : clampTo(diagram, point)),
    begin: () => {
      setCross(null);
      setBegun(null);
      setWriting(null);
    },
    pass: (point) => {
      if (tool !== "eraser") return;
      const touched = under(point);
      setErased((now) => (touched.every((key) => now.has(key)) ? now : new Set([...now, ...touched])));
    },
    end: (points) => {
      if (tool === "eraser") {
        onErase([...new Set(points.flatMap(under))]);
        setErased(new Set());
      } else make(points);
    },
    drop: () => setErased(new Set()),
  };
  const { live, handlers } = usePointerLine(surface, gesture);

  function move(event: KeyboardEvent, dx: number, dy: number) {
    event.preventDefault();
    const step = event.shiftKey ? 100 : event.ctrlKey ? 4 : 20;
    const from = cross ?? { x: 500, y: 500 };
    const to = clampTo(diagram, { x: from.x + (cross ? dx * step : 0), y: from.y + (cross ? dy * step : 0) });
    setCross(to);
    if (begun) setBegun([...begun, to]);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || event.altKey) return;
    if (event.key === "ArrowLeft") move(event, -1, 0);
    else if (event.key === "ArrowRight") move(event, 1, 0);
    else if (event.key === "ArrowUp") move(event, 0, -1);
    else if (event.key === "ArrowDown") move(event, 0, 1);
    else if (event.key === "Escape" && cross) {
      event.preventDefault();
      if (begun) setBegun(null);
      else setCross(null);
    } else if ((event.key === "Enter" || event.key === " ") && !event.ctrlKey) {
      event.preventDefault();
      if (!cross) setCross({ x: 500, y: 500 });
      else if (tool === "eraser") onErase(under(cross));
      else if (tool === "pen" || tool === "haemorrhage") {
        if (begun) make(begun);
        setBegun(begun ? null : [cross]);
      } else make([cross]);
    }
  }

  const label = strokes.find(({ key }) => key === writing);
  return (
    <figure className="eye-drawing">
      <div
        ref={surface}
        className={`eye-surface is-${diagram} tool-${tool}`}
        role="application"
        aria-roledescription={t("role")}
        aria-label={t("surface", { diagram: t(`diagram.${diagram}`), eye: t(`eye.${eye}`) })}
        aria-describedby={`${id}-keys`}
        {...focusable}
        data-eye={eye}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          if (event.target === event.currentTarget && !begun) setCross(null);
        }}
        {...handlers}
      >
        <EyePicture diagram={diagram} eye={eye} strokes={shown} behind={behind} cup={cup}>
          <path ref={live} />
          {begun ? <polyline className="mark is-pen" points={begun.map(({ x, y }) => `${x},${y}`).join(" ")} /> : null}
          {cross ? (
            <g className="cross">
              <circle cx={cross.x} cy={cross.y} r="30" />
              <path d={`M${cross.x - 60} ${cross.y}h120M${cross.x} ${cross.y - 60}v120`} />
            </g>
          ) : null}
        </EyePicture>
      </div>
      {label ? (
        <LabelNote
          key={label.key}
          label={label}
          typed={note.textOf(label)}
          onType={(text) => note.type(label, text)}
          onWrite={(note) => onNote(label.key, note)}
          onClose={() => {
            setWriting(null);
            surface.current?.focus();
          }}
        />
      ) : null}
      <p id={`${id}-keys`} className="vh">
        {t("keys", { tool: t(`finding.${diagram}.${tool}`) })}
      </p>
      <p className="vh" role="status">
        {cross ? placeWords(diagram, eye, cross) : ""}
      </p>
      <figcaption className="vh">
        {t("drawn", { eye: t(`eye.${eye}`) })}
        {strokes.length === 0 ? ` ${t("nothing")}` : null}
      </figcaption>
      <DrawingInWords strokes={strokes} />
    </figure>
  );
}

/** The drawing for whoever does not see it. */
export function DrawingInWords({ strokes }: { strokes: readonly Drawn[] }) {
  const lines = drawingWords(strokes);
  if (lines.length === 0) return null;
  return (
    <ul className="vh">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
