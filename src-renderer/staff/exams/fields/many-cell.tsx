/** Some of a list: one stop of the cursor; a letter finds, Space ticks, Enter moves on. Other words are added at the end. */
import { Check } from "lucide-react";
import { memo, useRef, useState } from "react";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { showValue } from "../../../../src-shared/exams/reading.ts";
import { useT } from "../../../ui/index.ts";
import { moveOn } from "../moving.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";

export const ManyCell = memo(function ManyCell({
  field,
  cellKey,
  label,
}: {
  field: ExamField;
  cellKey: string;
  label: string;
}) {
  const t = useT("exams");
  const { save, last } = useOpened();
  const { value } = useCell(cellKey);
  const [at, setAt] = useState(0);
  const half = `${cellKey}:other`;
  const [other, setText] = useState(() => String(save.half(half) ?? ""));
  const setOther = (text: string) => {
    setText(text);
    save.typing(half, text === "" ? null : text);
  };
  const group = useRef<HTMLFieldSetElement>(null);
  const shape = field.shape as { options: readonly string[]; free?: boolean };
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const codes = [...shape.options, ...chosen.filter((code) => !shape.options.includes(code))];
  const toggle = (code: string) => {
    const next = chosen.includes(code) ? chosen.filter((each) => each !== code) : [...chosen, code];
    save.set({ [cellKey]: next.length === 0 ? null : next }, true);
  };
  const goTo = (index: number) => {
    const to = (index + codes.length) % codes.length;
    setAt(to);
    group.current?.querySelectorAll<HTMLElement>(".pick-chip")[to]?.focus();
  };
  const add = () => {
    const typed = other.trim();
    setOther("");
    if (typed === "") return;
    const known = codes.find((code) => wordOf(code).toLowerCase() === typed.toLowerCase()) ?? typed;
    if (!chosen.includes(known)) toggle(known);
  };
  const before = last?.values[cellKey];
  return (
    <fieldset className="many" aria-label={label} data-group ref={group}>
      {codes.map((code, index) => (
        <button
          key={code}
          type="button"
          aria-pressed={chosen.includes(code)}
          className={`pick-chip ${Array.isArray(before) && before.includes(code) ? "was" : ""}`}
          tabIndex={index === at ? 0 : -1}
          data-key={index === at ? cellKey : undefined}
          onClick={() => {
            setAt(index);
            toggle(code);
          }}
          onFocus={() => save.focus(cellKey)}
          onBlur={() => save.blur(cellKey)}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            const { key } = event;
            if (key === "Enter") {
              event.preventDefault();
              const stop = event.shiftKey
                ? event.currentTarget
                : (group.current?.querySelector("input") ?? event.currentTarget);
              moveOn(stop, event.shiftKey);
            } else if (key === "ArrowRight" || key === "ArrowDown") goTo(index + 1);
            else if (key === "ArrowLeft" || key === "ArrowUp") goTo(index - 1);
            else if (/^\p{L}$/u.test(key)) {
              const from = [...codes.keys()].map((step) => (index + 1 + step) % codes.length);
              const found = from.find((each) =>
                wordOf(codes[each] ?? "")
                  .toLowerCase()
                  .startsWith(key.toLowerCase()),
              );
              if (found !== undefined) goTo(found);
            } else return;
            event.preventDefault();
            // N and G are letters here, not shortcuts.
            event.stopPropagation();
          }}
        >
          {chosen.includes(code) ? <Check className="i" aria-hidden /> : null}
          {wordOf(code)}
        </button>
      ))}
      {shape.free ? (
        <input
          className="many-other"
          data-key={`${cellKey}+`}
          data-half={other.trim() === "" ? undefined : ""}
          aria-label={`${label}: ${t("other").toLowerCase()}`}
          placeholder={`${t("other")}…`}
          value={other}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setOther(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            if (other.trim() === "") moveOn(event.currentTarget, event.shiftKey);
            else add();
          }}
        />
      ) : null}
      {Array.isArray(before) && before.length > 0 ? (
        <span className="gh">{showValue(field, before, wordOf)}</span>
      ) : null}
    </fieldset>
  );
});
