/** A figure: power, axis, prism, acuity, grade, number, date. Typed as people type it, and shown as it is written. */
import { memo, useLayoutEffect, useRef, useState } from "react";
import { isUnusual } from "../../../../src-shared/exams/check.ts";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { readValue, showValue } from "../../../../src-shared/exams/reading.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { same } from "../autosave.ts";
import { moveOn } from "../moving.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";
import { stepped, stepsOf } from "./steps.ts";
import { useTyping } from "./typing.ts";

export interface ValueCellProps {
  readonly field: ExamField;
  readonly cellKey: string;
  readonly label: string;
  /** A whole line typed into this cell: fills the row and says so, or returns why it is none; null where it is one. */
  readonly line?: ((text: string) => string | null) | undefined;
  /** Passed over by Enter: an axis where there is no cylinder. */
  readonly skip?: boolean;
  readonly unit?: boolean;
  /** One of several beside each other: all are as high. */
  readonly row?: boolean;
}
export const ValueCell = memo(function ValueCell({ field, cellKey, label, line, skip, unit, row }: ValueCellProps) {
  const t = useT("exams");
  const { save, last } = useOpened();
  const { value, held, foreign } = useCell(cellKey);
  const { shape } = field;
  const limits = useLimits();
  const shown = showValue(field, value, wordOf);
  const { draft, latest, type: setDraft } = useTyping(cellKey, held, t("halfTyped"));
  const [error, setError] = useState<string | null>(held?.message ?? null);
  const input = useRef<HTMLInputElement>(null);
  const seen = useRef(shown);
  /** A sign that stepped and may yet turn out to begin a number. */
  const sign = useRef<"+" | "-" | null>(null);
  const select = useRef(false);
  if (seen.current !== shown && foreign === undefined) {
    seen.current = shown;
    // Copied or taken over under the cursor: the next key goes on from the whole of it, as after a step.
    select.current = input.current !== null && document.activeElement === input.current;
    if (draft !== null && held === null) setDraft(null);
  }
  useLayoutEffect(() => {
    if (!select.current) return;
    select.current = false;
    input.current?.select();
  });

  const commit = (): boolean => {
    sign.current = null;
    const typed = latest.current;
    if (typed === null) return true;
    const read = readValue(field, typed, wordOf, limits);
    if (!read.ok) {
      const problem = line ? line(typed) : read.message;
      if (problem === null) {
        setDraft(null);
        setError(null);
        return true;
      }
      setError(problem);
      save.hold(cellKey, typed, problem);
      return false;
    }
    setError(null);
    save.letGo(cellKey);
    save.set({ [cellKey]: read.value, ...beside(cellKey, read.value) }, true);
    setDraft(null);
    return true;
  };
  const step = (by: number) => {
    select.current = true;
    setDraft(null);
    setError(null);
    save.letGo(cellKey);
    save.set({ [cellKey]: stepped(shape, value, by, limits) });
  };
  const ghost = last ? showValue(field, last.values[cellKey] ?? null, wordOf) : "";
  const unusual = error === null && isUnusual(shape, value, limits.rx, limits.measures);
  const text = draft ?? (foreign === undefined ? shown : seen.current);
  return (
    <span
      className={`cell ${shape.kind === "acuity" || shape.kind === "text" ? "free" : ""} ${error ? "is-stop" : ""} ${unusual ? "is-unusual" : ""}`}
    >
      <input
        ref={input}
        data-key={cellKey}
        data-kind={shape.kind === "text" ? "text" : "value"}
        data-skip={skip ? "yes" : undefined}
        aria-label={label}
        aria-invalid={error !== null}
        aria-describedby={`note-${cellKey}`}
        value={text}
        autoComplete="off"
        spellCheck={false}
        inputMode={["acuity", "date", "text"].includes(shape.kind) ? "text" : "decimal"}
        onChange={(event) => {
          sign.current = null;
          setDraft(event.target.value);
          if (error) setError(null);
        }}
        onFocus={(event) => {
          save.focus(cellKey);
          event.target.select();
        }}
        onBlur={() => {
          commit();
          save.blur(cellKey);
        }}
        onKeyDown={(event) => {
          const { key, currentTarget } = event;
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const steps = stepsOf(shape, limits);
          const whole = text !== "" && currentTarget.selectionStart === 0 && currentTarget.selectionEnd === text.length;
          if (key === "Enter") {
            event.preventDefault();
            const moved = draft !== null && line !== undefined && !readValue(field, draft, wordOf, limits).ok;
            if (commit()) moveOn(moved ? lastOfRow(currentTarget) : currentTarget, event.shiftKey);
          } else if (key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            if (draft === null) currentTarget.blur();
            setDraft(null);
            setError(null);
            save.letGo(cellKey);
          } else if (steps && (key === "ArrowUp" || key === "ArrowDown")) {
            event.preventDefault();
            step((key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? steps[1] : steps[0]));
          } else if (steps && whole && value !== null && /^[+\-_]$/.test(key)) {
            event.preventDefault();
            const far = event.shiftKey && event.code !== "Equal";
            step((key === "+" ? 1 : -1) * (far ? steps[1] : steps[0]));
            sign.current = key === "+" ? "+" : "-";
          } else if (sign.current && /^[\d.]$/.test(key)) {
            event.preventDefault();
            setDraft(sign.current + key);
            sign.current = null;
          }
        }}
      />
      {unit && "unit" in shape && shape.unit ? <span className="unit">{shape.unit}</span> : null}
      {last && (ghost !== "" || row) ? (
        <span className={`gh ${value !== null && ghost !== "" && !same(ghost, shown) ? "differs" : ""}`}>{ghost}</span>
      ) : null}
    </span>
  );
});

/** Without a cylinder there is no axis. */
function beside(key: string, value: unknown): Record<string, unknown> {
  return value === null && /(^|\.)cylinder\./.test(key) ? { [key.replace("cylinder", "axis")]: null } : {};
}
/** A whole line filled the row, so that Enter goes on behind it. */
function lastOfRow(from: HTMLElement): HTMLElement {
  const cells = from.closest("[data-strip]")?.querySelectorAll<HTMLElement>("[data-key]");
  return cells?.[cells.length - 1] ?? from;
}
