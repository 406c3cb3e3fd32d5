import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { useT } from "../../ui/index.ts";
import { wordOf } from "./words.ts";

/** What was drawn in one diagram: the marks of each eye counted, and the words beside them. */
export function RecordDrawings({ content, diagram }: { content: ExamContent; diagram: "anterior" | "posterior" }) {
  const t = useT("record");
  const strokes = (content.items.stroke ?? []).filter((stroke) => stroke.diagram === diagram);
  return (
    <div className="rec-line" data-drawing={diagram}>
      <span className="rec-label">{t(`drawing.${diagram}`)}</span>
      {(["r", "l"] as const).map((eye) => {
        const drawn = strokes.filter((stroke) => stroke.eye === eye);
        const notes = drawn.flatMap(({ note }) => (typeof note === "string" && note ? [note] : []));
        return (
          <div key={eye} className="rec-cell">
            {drawn.length > 0 ? (
              <>
                <span className="vh">{wordOf(eye)} </span>
                {t("drawn", { count: drawn.length })}
                {notes.length > 0 ? `: ${notes.join("; ")}` : ""}
              </>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}
