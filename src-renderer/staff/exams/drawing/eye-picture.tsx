/** One eye with what is drawn on it, as screen and paper show it. */
import { memo, type ReactNode } from "react";
import type { Diagram, Eye } from "../../../../src-shared/exams/diagram.ts";
import type { ExamItem } from "../../../../src-shared/exams/items.ts";
import { markPath } from "../../../../src-shared/exams/marks.ts";
import { decodePoints } from "../../../../src-shared/exams/strokes.ts";
import { FrontHours, FrontPicture } from "./front.tsx";
import { FundusPicture } from "./fundus.tsx";

export type Stroke = ExamItem<"stroke">;
export interface Drawn {
  /** Stays the same from the moment it is drawn. */
  readonly key: string;
  readonly data: Stroke;
  /** Of a label: its number among the exam's labels. */
  readonly number?: number | undefined;
}

export function EyePicture({
  diagram,
  eye,
  strokes,
  behind = [],
  cup = null,
  children,
}: {
  diagram: Diagram;
  eye: Eye;
  strokes: readonly Drawn[];
  /** What was drawn at the last visit, pale. */
  behind?: readonly Stroke[];
  cup?: number | null;
  children?: ReactNode;
}) {
  return (
    <svg className={`eye-picture is-${diagram}`} viewBox="0 0 1000 1000" aria-hidden focusable="false">
      <Ground diagram={diagram} eye={eye} cup={cup} />
      {behind.length > 0 ? (
        <g className="behind">
          {behind.map((stroke) => (
            <Mark key={`${stroke.tool} ${stroke.points}`} tool={stroke.tool} points={stroke.points} />
          ))}
        </g>
      ) : null}
      {strokes.map(({ key, data, number }) => (
        <Mark key={key} tool={data.tool} points={data.points} number={number} note={data.note} />
      ))}
      {children}
    </svg>
  );
}

const Ground = memo(function Ground({ diagram, eye, cup }: { diagram: Diagram; eye: Eye; cup: number | null }) {
  return (
    <>
      <g transform={eye === "r" ? undefined : "matrix(-1 0 0 1 1000 0)"}>
        {diagram === "posterior" ? <FundusPicture cup={cup} /> : <FrontPicture />}
      </g>
      {diagram === "anterior" ? <FrontHours /> : null}
    </>
  );
});

export const Mark = memo(function Mark({
  tool,
  points,
  number,
  note,
}: {
  tool: Stroke["tool"];
  points: string;
  number?: number | undefined;
  note?: string | null;
}) {
  const places = decodePoints(points);
  const last = places.at(-1);
  return (
    <>
      <path className={`mark is-${tool}`} d={markPath(tool, places)} />
      {tool === "label" && last && number !== undefined ? (
        <g className="label-number">
          {note ? <title>{note}</title> : null}
          <circle cx={last.x} cy={last.y} r="34" />
          <text x={last.x} y={last.y}>
            {number}
          </text>
        </g>
      ) : null}
    </>
  );
});
