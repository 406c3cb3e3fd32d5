/** A field that is no entry of its own: part of a lens, of a reading, of a row that is being added. */

import { useId, useState } from "react";
import { isUnusual } from "../../../../src-shared/exams/check.ts";
import type { FieldShape } from "../../../../src-shared/exams/field.ts";
import { type Reading, readValue, showValue } from "../../../../src-shared/exams/reading.ts";
import { takesFocus, useLimits, useT } from "../../../ui/index.ts";
import { moveOn } from "../moving.ts";
import { wordOf } from "../words.ts";
import { useTyping } from "./typing.ts";

export function BareCell({
  shape,
  value,
  dataKey,
  label,
  caption,
  ghost,
  keep,
  onEnter,
  autoFocus,
  suggestions = shape.kind === "choice" ? shape.options.map(wordOf) : [],
  read,
  show = (stated) => showValue({ shape }, stated, wordOf),
  unusual,
}: {
  shape: FieldShape;
  value: unknown;
  dataKey: string;
  label: string;
  caption?: string;
  ghost?: string | undefined;
  keep: (value: unknown) => void;
  /** Instead of moving on. */
  onEnter?: (() => void) | undefined;
  autoFocus?: boolean | undefined;
  suggestions?: readonly string[] | undefined;
  read?: (text: string) => Reading;
  show?: (value: unknown) => string;
  /** What to look at in a value that is possible; in place of what its shape says. */
  unusual?: ((value: unknown) => string | null) | undefined;
}) {
  const t = useT("exams");
  const { draft, latest, type: setDraft } = useTyping(dataKey, null);
  const list = useId();
  const limits = useLimits();
  const reading = (text: string) => (read ? read(text) : readValue({ shape }, text, wordOf, limits));
  // What stood there half typed is not kept yet: whoever comes back to it sees why.
  const [error, setError] = useState(() => {
    if (draft === null) return null;
    const before = reading(draft);
    return before.ok ? t("halfTyped") : before.message;
  });
  const commit = (): boolean => {
    if (latest.current === null) return true;
    const typed = latest.current;
    const result = reading(typed);
    setError(result.ok ? null : result.message);
    if (!result.ok) return false;
    // Kept before it is forgotten here: the plug may be pulled between the two.
    latest.current = null;
    keep(result.value);
    setDraft(null);
    return true;
  };
  const look =
    error !== null
      ? null
      : unusual
        ? unusual(value)
        : isUnusual(shape, value, limits.rx, limits.measures)
          ? t("unusual", { label: caption ?? label })
          : null;
  const words = shape.kind === "text" || shape.kind === "choice" || shape.kind === "acuity" || shape.kind === "date";
  return (
    <span className="bare">
      {caption ? (
        <span className="cap" aria-hidden>
          {caption}
        </span>
      ) : null}
      <span className={`cell ${words ? "free" : ""} ${error ? "is-stop" : ""} ${look ? "is-unusual" : ""}`}>
        <input
          data-key={dataKey}
          data-half={draft === null ? undefined : ""}
          aria-label={label}
          aria-invalid={error !== null}
          aria-describedby={error || look ? `${list}-m` : undefined}
          ref={autoFocus ? takesFocus : undefined}
          list={suggestions.length > 0 ? list : undefined}
          autoComplete="off"
          spellCheck={false}
          value={draft ?? show(value)}
          onChange={(event) => setDraft(event.target.value)}
          onFocus={(event) => event.target.select()}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.key === "Escape" && draft !== null) {
              event.preventDefault();
              event.stopPropagation();
              setDraft(null);
              setError(null);
            }
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (!commit()) return;
            if (onEnter && !event.shiftKey) onEnter();
            else moveOn(event.currentTarget, event.shiftKey);
          }}
        />
        {ghost === undefined ? null : <span className="gh">{ghost}</span>}
      </span>
      {suggestions.length > 0 ? (
        <datalist id={list}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      ) : null}
      {error ? (
        <span className="msg is-stop" id={`${list}-m`} role="alert">
          {error}
        </span>
      ) : look ? (
        <span className="msg is-look" id={`${list}-m`}>
          {look}
        </span>
      ) : null}
    </span>
  );
}
