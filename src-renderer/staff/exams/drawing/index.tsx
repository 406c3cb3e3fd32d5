/** Findings drawn on both eyes, as one sees the patient: the right eye at the left. */
import { Copy, History, Images, Redo2, Undo2 } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Diagram } from "../../../../src-shared/exams/diagram.ts";
import { type Output, toUiError } from "../../../api/index.ts";
import { addTexts, Button, Callout, notify, usePlace, useShortcuts, useT } from "../../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import { EyePicture, type Stroke } from "./eye-picture.tsx";
import { NumberedNotes } from "./notes.tsx";
import { type Item, strokesIn } from "./numbers.ts";
import { FindingsOverTime } from "./over-time.tsx";
import { DrawingInWords, EyeSurface } from "./surface.tsx";
import { type Tool, ToolBar, tools } from "./tools.tsx";
import { useInHand } from "./use-in-hand.ts";
import { useStrokes } from "./use-strokes.ts";
import "./drawing.css";

export { DrawingNotes } from "./notes.tsx";

addTexts("drawing", enGB);

const eyes = ["r", "l"] as const;
type LastDrawing = Output<"exams.get">["drawn"][Diagram];

/**
 * The drawing of both eyes. `last`: the newest one of an earlier visit, which can be shown behind and taken over. `cup`:
 * cup-to-disc ratios in hundredths, drawn to scale. `disabled`: to be looked at and printed.
 */
export function EyeDrawings({
  examId,
  diagram,
  items,
  last,
  visited = false,
  disabled = false,
  cup,
}: {
  examId: string;
  diagram: Diagram;
  items: readonly Item[];
  last: LastDrawing;
  /** Whether there was a visit before at all. */
  visited?: boolean;
  disabled?: boolean;
  cup?: { readonly r: number | null; readonly l: number | null };
}) {
  const t = useT("drawing");
  const { timeZone } = usePlace();
  const strokes = useStrokes(examId, items);
  const frame = useRef<HTMLElement>(null);
  const inHand = useInHand(frame);
  const [tool, setTool] = useState<Tool>("pen");
  const [behind, setBehind] = useState(false);
  const [years, setYears] = useState(false);
  const before = useMemo(() => lastStrokes(last), [last]);
  const year = last ? new Intl.DateTimeFormat("en-GB", { year: "numeric", timeZone }).format(last.signedAt) : "";
  const full = strokes.fullness >= 1;
  const of = (eye: "r" | "l") => strokes.all.filter(({ data }) => data.diagram === diagram && data.eye === eye);
  const group = t("group");
  const on = inHand && !disabled;
  useShortcuts([
    ...tools.map(({ tool: which, keys }) => ({
      keys,
      label: t(`finding.${diagram}.${which}`),
      group,
      when: on,
      run: () => setTool(which),
    })),
    { keys: "Ctrl+Z", label: t("undo"), group, when: on, run: strokes.undo },
    { keys: "Ctrl+Y", label: t("redo"), group, when: on, run: strokes.redo },
  ]);
  const copy = () =>
    void strokes
      .copy(last?.examId ?? "", diagram)
      .then((count) => notify({ title: count === 0 ? t("copiedNone") : t("copied", { count }) }))
      .catch((error: unknown) => notify({ tone: "stop", title: toUiError(error).message }));
  return (
    <section ref={frame} className={`draws ${disabled ? "is-still" : ""}`} aria-label={t(`diagram.${diagram}`)}>
      {disabled ? null : <ToolBar diagram={diagram} tool={tool} onChoose={setTool} />}
      <div className="draw-eyes">
        {eyes.map((eye) =>
          disabled ? (
            <figure key={eye} className="eye-drawing">
              <div className="eye-still">
                <EyePicture diagram={diagram} eye={eye} strokes={of(eye)} cup={cup?.[eye] ?? null} />
              </div>
              <figcaption className="vh">{t("drawn", { eye: t(`eye.${eye}`) })}</figcaption>
              <DrawingInWords strokes={of(eye)} />
            </figure>
          ) : (
            <EyeSurface
              key={eye}
              diagram={diagram}
              eye={eye}
              strokes={of(eye)}
              behind={behind ? before.filter((stroke) => stroke.eye === eye) : []}
              cup={cup?.[eye] ?? null}
              tool={tool}
              onDraw={(stroke) => (full ? null : strokes.draw(stroke))}
              onErase={strokes.erase}
              onNote={strokes.write}
            />
          ),
        )}
      </div>
      <div className="draw-acts noprint">
        {disabled ? null : (
          <>
            <Button
              size="s"
              variant="quiet"
              icon={Undo2}
              keys="Ctrl Z"
              aria-disabled={!strokes.canUndo || undefined}
              onClick={strokes.undo}
            >
              {t("undo")}
            </Button>
            <Button
              size="s"
              variant="quiet"
              icon={Redo2}
              keys="Ctrl Y"
              aria-disabled={!strokes.canRedo || undefined}
              onClick={strokes.redo}
            >
              {t("redo")}
            </Button>
          </>
        )}
        {before.length > 0 && !disabled ? (
          <>
            <Button
              size="s"
              variant={behind ? "default" : "quiet"}
              icon={History}
              aria-pressed={behind}
              aria-label={t("behind", { year })}
              title={t("behind", { year })}
              onClick={() => setBehind(!behind)}
            >
              {year}
            </Button>
            <Button size="s" variant="quiet" icon={Copy} onClick={copy}>
              {t("copy", { year })}
            </Button>
          </>
        ) : null}
        {visited ? (
          <Button size="s" variant="quiet" icon={Images} onClick={() => setYears(true)}>
            {t("years")}
          </Button>
        ) : null}
      </div>
      {strokes.problem ? (
        <Callout tone="look">
          {t("notKept", { message: strokes.problem })}{" "}
          <Button size="s" onClick={strokes.retry}>
            {t("retry")}
          </Button>
        </Callout>
      ) : null}
      {!disabled && strokes.fullness > 0.8 ? (
        <p className="small is-look" role="status">
          {full ? t("full") : t("nearlyFull", { percent: Math.round(strokes.fullness * 100) })}
        </p>
      ) : null}
      <NumberedNotes className="draw-notes" strokes={strokes.all.filter(({ data }) => data.diagram === diagram)} />
      {years ? (
        <FindingsOverTime
          examId={examId}
          diagram={diagram}
          now={strokes.all.filter(({ data }) => data.diagram === diagram)}
          onClose={() => setYears(false)}
        />
      ) : null}
    </section>
  );
}

function lastStrokes(last: LastDrawing): Stroke[] {
  return [...strokesIn((last?.strokes ?? []).map(({ id, ...data }) => ({ id, list: "stroke", data }))).values()];
}
