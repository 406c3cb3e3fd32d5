/** A drawing that an amendment corrects: drawn on as in the exam; each stroke added, struck or noted is a change of its own. */
import { useMemo, useRef, useState } from "react";
import type { Diagram } from "../../../src-shared/exams/diagram.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { useT } from "../../ui/index.ts";
import type { Stroke } from "./drawing/eye-picture.tsx";
import { labelNumbers, strokesIn } from "./drawing/numbers.ts";
import { EyeSurface } from "./drawing/surface.tsx";
import { type Tool, ToolBar } from "./drawing/tools.tsx";

export interface StrokeChange {
  readonly key: string;
  readonly to: unknown;
}

export function AmendDrawing({
  diagram,
  content,
  changes,
  onChange,
}: {
  diagram: Diagram;
  content: ExamContent;
  /** Those of strokes, of any diagram. */
  changes: readonly StrokeChange[];
  onChange: (changes: readonly StrokeChange[]) => void;
}) {
  const t = useT("drawing");
  const cupOf = (eye: "r" | "l") => {
    const ratio = content.entries[`posterior.cd_ratio.${eye}`];
    return diagram === "posterior" && typeof ratio === "number" ? ratio : null;
  };
  const [tool, setTool] = useState<Tool>("pen");
  const signed = useMemo(() => new Map((content.items.stroke ?? []).map(({ id, ...data }) => [id, data])), [content]);
  const drawn = useMemo(() => {
    const now = new Map<string, Readonly<Record<string, unknown>>>(
      [...signed].map(([id, data]) => [`stroke:${id}`, data]),
    );
    for (const { key, to } of changes) {
      if (to === null) now.delete(key);
      else now.set(key, to as Readonly<Record<string, unknown>>);
    }
    const all = strokesIn([...now].map(([id, data]) => ({ id, list: "stroke", data })));
    const numbers = labelNumbers(all);
    return [...all].map(([key, data]) => ({ key, data, number: numbers.get(key) }));
  }, [signed, changes]);
  // A surface reports what it drew before it is rendered anew: several strokes may come in one turn.
  const latest = useRef(changes);
  latest.current = changes;
  const keep = (next: readonly StrokeChange[]) => {
    latest.current = next;
    onChange(next);
  };
  const put = (key: string, to: unknown) =>
    keep([...latest.current.filter((change) => change.key !== key), { key, to }]);
  const draw = (stroke: Stroke): string => {
    const used = latest.current.flatMap(({ key }) => Number(/:new(\d+)$/.exec(key)?.[1] ?? 0));
    const key = `stroke:new${Math.max(0, ...used) + 1}`;
    put(key, stroke);
    return key;
  };
  const erase = (keys: readonly string[]) => {
    const others = latest.current.filter(({ key }) => !keys.includes(key));
    const struck = keys.filter((key) => !key.startsWith("stroke:new")).map((key) => ({ key, to: null }));
    keep([...others, ...struck]);
  };
  return (
    <section className="draws amend-drawing" aria-label={t(`diagram.${diagram}`)}>
      <ToolBar diagram={diagram} tool={tool} onChoose={setTool} />
      <div className="draw-eyes">
        {(["r", "l"] as const).map((eye) => (
          <EyeSurface
            key={eye}
            diagram={diagram}
            eye={eye}
            strokes={drawn.filter(({ data }) => data.diagram === diagram && data.eye === eye)}
            behind={[]}
            cup={cupOf(eye)}
            tool={tool}
            onDraw={draw}
            onErase={erase}
            onNote={(key, note) => {
              const stroke = drawn.find((each) => each.key === key)?.data;
              if (stroke) put(key, { ...stroke, note: note.trim() || null });
            }}
          />
        ))}
      </div>
    </section>
  );
}
