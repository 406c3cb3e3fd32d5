/** One number, changed where it stands; what was delivered is pale beneath it once it differs. */
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useT } from "../../ui/index.ts";
import { type Figure, figureText, readFigure } from "./figures.ts";

/** A number, an open end, or a list of numbers. */
export type CellValue = number | null | readonly number[];

function textOf(value: CellValue, figure: Figure): string {
  return Array.isArray(value)
    ? value.map((each: number) => figureText(each, figure)).join("  ")
    : figureText(value as number | null, figure);
}

/** Lists are written with blanks or semicolons between, since a comma may be a decimal point. */
function readValue(text: string, figure: Figure, list: boolean): CellValue | "unreadable" | "finer" {
  if (!list) return readFigure(text, figure);
  const parts = text.split(/[\s;]+/).filter(Boolean);
  const values = parts.map((part) => readFigure(part, figure));
  const wrong = values.find((value) => typeof value === "string");
  return wrong ?? (values as number[]);
}

export function LimitCell({
  name,
  value,
  delivered,
  saved,
  figure,
  open = false,
  wide = false,
  problem,
  onChange,
}: {
  name: string;
  value: CellValue;
  delivered: CellValue;
  /** As it is kept; what differs is not saved yet. */
  saved: CellValue;
  figure: Figure;
  open?: boolean | undefined;
  wide?: boolean;
  problem: string | null;
  onChange: (value: CellValue) => void;
}) {
  const t = useT("limits");
  const id = useId();
  const shown = textOf(value, figure);
  const [text, setText] = useState(shown);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setText(shown);
    setError(null);
  }, [shown]);
  const commit = (): boolean => {
    if (text.trim() === shown) {
      setError(null);
      return true;
    }
    const read = readValue(text, figure, Array.isArray(value));
    if (read === "unreadable" || read === "finer") setError(t(read));
    else if (read === null && !open) setError(t("needed"));
    else {
      setError(null);
      onChange(read);
      return true;
    }
    return false;
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (commit()) moveOn(event.currentTarget, event.shiftKey);
    } else if (event.key === "Escape") {
      setText(shown);
      setError(null);
    }
  };
  const wrong = error ?? problem;
  const before = textOf(delivered, figure) || t("open");
  const differs = textOf(value, figure) !== textOf(delivered, figure);
  const pending = textOf(value, figure) !== textOf(saved, figure);
  return (
    <span className={`limit-cell ${wide ? "wide" : ""}`}>
      <input
        className={`tab ${wrong ? "is-stop" : pending ? "is-new" : differs ? "is-own" : ""}`}
        aria-label={name}
        aria-invalid={Boolean(wrong)}
        aria-describedby={wrong ? id : undefined}
        inputMode="decimal"
        autoComplete="off"
        placeholder={open ? t("open") : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onFocus={(event) => event.target.select()}
        onKeyDown={onKey}
      />
      {differs ? (
        <button
          type="button"
          className="was tab"
          title={t("delivered", { value: before })}
          aria-label={t("useDelivered", { name, value: before })}
          onClick={() => onChange(delivered)}
        >
          {before}
        </button>
      ) : null}
      {wrong ? (
        <span className="why" id={id} role="alert">
          {wrong}
        </span>
      ) : null}
    </span>
  );
}

/** Enter goes to the next number, Shift+Enter to the one before. */
function moveOn(from: HTMLInputElement, back: boolean): void {
  const cells = [...document.querySelectorAll<HTMLInputElement>(".limit-cell input")];
  cells[cells.indexOf(from) + (back ? -1 : 1)]?.focus();
}
