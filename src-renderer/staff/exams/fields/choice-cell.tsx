/** One of a list: type how it begins, Enter takes it; what is not in the list stays as typed where that is allowed. */
import { memo, useId, useRef, useState } from "react";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { readValue, showValue, type Words } from "../../../../src-shared/exams/reading.ts";
import { useT } from "../../../ui/index.ts";
import { moveOn } from "../moving.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";
import { Options } from "./options.tsx";
import { LineGhost } from "./text-cell.tsx";
import { useTyping } from "./typing.ts";

export interface ChoiceCellProps {
  readonly field: ExamField;
  readonly cellKey: string;
  readonly label: string;
  readonly words?: Words;
}
export const ChoiceCell = memo(function ChoiceCell({ field, cellKey, label, words = wordOf }: ChoiceCellProps) {
  const t = useT("exams");
  const { save } = useOpened();
  const { value, held, foreign } = useCell(cellKey);
  const shown = showValue(field, value, words);
  const { draft, latest, type: setDraft } = useTyping(cellKey, held, t("halfTyped"));
  const [error, setError] = useState<string | null>(held?.message ?? null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const seen = useRef(shown);
  const list = useId();
  if (seen.current !== shown && foreign === undefined) {
    seen.current = shown;
    if (draft !== null && held === null) setDraft(null);
  }
  const options = field.shape.kind === "choice" ? field.shape.options : [];
  const said = (draft ?? "").trim().toLowerCase();
  const begun = options.filter((code) => words(code).toLowerCase().startsWith(said));
  const found =
    said === "" || begun.length === 0 ? options.filter((code) => words(code).toLowerCase().includes(said)) : begun;
  const marked = open ? found[Math.min(at, found.length - 1)] : undefined;

  const take = (code: string | null) => {
    setOpen(false);
    setDraft(null);
    setError(null);
    save.letGo(cellKey);
    save.set({ [cellKey]: code }, true);
  };
  /** What was marked, or what was typed; whether it stands now. */
  const commit = (mark: string | undefined): boolean => {
    setOpen(false);
    if (mark !== undefined && (draft !== null || value === null || mark !== value)) {
      take(mark);
      return true;
    }
    const typed = latest.current;
    if (typed === null) return true;
    const read = readValue(field, typed, words);
    if (read.ok) take(read.value as string | null);
    else {
      setError(read.message);
      save.hold(cellKey, typed, read.message);
    }
    return read.ok;
  };
  return (
    <span className={`line pick ${error ? "is-stop" : ""}`}>
      <input
        data-key={cellKey}
        data-kind="choice"
        role="combobox"
        aria-label={label}
        aria-expanded={open && found.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={marked === undefined ? undefined : `${list}-${found.indexOf(marked)}`}
        aria-invalid={error !== null}
        aria-describedby={`note-${cellKey}`}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={draft ?? (foreign === undefined ? shown : seen.current)}
        onChange={(event) => {
          setDraft(event.target.value);
          setError(null);
          setAt(0);
          setOpen(event.target.value.trim() !== "");
        }}
        onFocus={(event) => {
          save.focus(cellKey);
          event.target.select();
        }}
        onMouseDown={() => setOpen(true)}
        onBlur={() => {
          // Half a word is meant as what it begins only where nothing else can be; elsewhere it stays as typed.
          commit(undefined);
          save.blur(cellKey);
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const { key, currentTarget } = event;
          if (key === "Enter" || (key === "Tab" && marked !== undefined && draft !== null)) {
            if (key === "Enter") event.preventDefault();
            if (commit(marked) && key === "Enter") moveOn(currentTarget, event.shiftKey);
          } else if (key === "ArrowDown" || key === "ArrowUp") {
            event.preventDefault();
            const by = key === "ArrowDown" ? 1 : -1;
            setAt(open ? Math.max(0, Math.min(found.length - 1, at + by)) : 0);
            setOpen(true);
          } else if (key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            if (!open && draft === null) currentTarget.blur();
            else if (!open) {
              setDraft(null);
              setError(null);
              save.letGo(cellKey);
            }
            setOpen(false);
          }
        }}
      />
      <LineGhost field={field} cellKey={cellKey} value={value} />
      <Options id={list} open={open} options={found} words={words} marked={marked} take={take} />
    </span>
  );
});
