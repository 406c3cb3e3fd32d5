/** Words: a line that grows with what is written, kept while it is typed; the last visit's words stand at its end. */

import { memo, useRef, useState } from "react";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { readValue, showValue } from "../../../../src-shared/exams/reading.ts";
import { takesFocus, useT } from "../../../ui/index.ts";
import { same } from "../autosave.ts";
import { moveOn } from "../moving.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";

export interface TextCellProps {
  readonly field: ExamField;
  readonly cellKey: string;
  readonly label: string;
  readonly autoFocus?: boolean | undefined;
}
export const TextCell = memo(function TextCell({ field, cellKey, label, autoFocus }: TextCellProps) {
  const { save } = useOpened();
  const { value, foreign } = useCell(cellKey);
  const shown = showValue(field, value, wordOf);
  const [draft, setDraft] = useState<string | null>(null);
  const seen = useRef(shown);
  if (foreign === undefined) seen.current = shown;
  const max = field.shape.kind === "text" ? field.shape.max : 400;
  return (
    <span className="line">
      <textarea
        rows={1}
        data-key={cellKey}
        data-kind="text"
        aria-label={label}
        aria-describedby={`note-${cellKey}`}
        ref={autoFocus ? takesFocus : undefined}
        value={draft ?? seen.current}
        maxLength={max}
        onChange={(event) => {
          setDraft(event.target.value);
          const read = readValue(field, event.target.value, wordOf);
          if (read.ok) save.set({ [cellKey]: read.value });
        }}
        onFocus={(event) => {
          save.focus(cellKey);
          // An exception is typed over what "all normal" filled in, never behind it.
          if (field.normal !== undefined && same(value, field.normal)) event.target.select();
        }}
        onBlur={() => {
          setDraft(null);
          void save.flush();
          save.blur(cellKey);
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const breaks = event.shiftKey && field.shape.kind === "text" && field.shape.long;
          if (event.key === "Enter" && !breaks) {
            event.preventDefault();
            moveOn(event.currentTarget, event.shiftKey);
          } else if (event.key === "Escape") {
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
      />
      <LineGhost field={field} cellKey={cellKey} value={value} />
    </span>
  );
});

/** What the last visit has here, at the end of a line; `same` where nothing changed. */
export function LineGhost({ field, cellKey, value }: { field: ExamField; cellKey: string; value: unknown }) {
  const t = useT("exams");
  const { last } = useOpened();
  const before = last?.values[cellKey] ?? null;
  if (before === null) return null;
  const text = showValue(field, before, wordOf);
  const isSame = same(before, value);
  return (
    <span className={`gh ${value !== null && !isSame ? "differs" : ""}`} title={text}>
      {isSame ? t("same") : text}
    </span>
  );
}
