/** The prism of one eye in one cell, as it is written: `2 in 1.5 up`. */
import { useEffect, useRef, useState } from "react";
import { isUnusual } from "../../../../src-shared/exams/check.ts";
import { type EyeSide, parsePrism } from "../../../../src-shared/optics/index.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { moveOn } from "../moving.ts";
import { useCells, useOpened } from "../opened.ts";
import { useTyping } from "./typing.ts";

const parts = ["prism_h", "base_h", "prism_v", "base_v"] as const;
type Stated = (part: (typeof parts)[number]) => unknown;

/** Under which keys the parts of a prism stand: entries of a section, or columns of the prescription given. */
export type PrismKeys = (part: (typeof parts)[number]) => string;

export function PrismCell({
  keys: key,
  eye,
  label,
  autoFocus = false,
}: {
  keys: PrismKeys;
  /** Which way a prism at an angle points depends on it. */
  eye: EyeSide;
  label: string;
  autoFocus?: boolean;
}) {
  const t = useT("exams");
  const { save, last } = useOpened();
  const { rx } = useLimits();
  useCells(parts.map(key));
  const held = save.held(key("prism_h"));
  const { draft, latest, type: setDraft } = useTyping(key("prism_h"), held, t("halfTyped"));
  const [error, setError] = useState<string | null>(held?.message ?? null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  const commit = (): boolean => {
    if (latest.current === null) return true;
    const read = parsePrism(latest.current, rx, eye);
    setError(read.ok ? null : read.message);
    if (!read.ok) {
      save.hold(key("prism_h"), latest.current, read.message);
      return false;
    }
    save.letGo(key("prism_h"));
    save.set(Object.fromEntries(parts.map((part) => [key(part), read.value[part]])), true);
    setDraft(null);
    return true;
  };
  const unusual =
    error === null &&
    (["horizontal", "vertical"] as const).some((way) =>
      isUnusual({ kind: "prism", way }, save.value(key(way === "horizontal" ? "prism_h" : "prism_v")), rx),
    );
  return (
    <span className={`cell free prism ${error ? "is-stop" : ""} ${unusual ? "is-unusual" : ""}`}>
      <span className="cap" aria-hidden>
        {t("prism")}
      </span>
      <input
        ref={input}
        data-key={key("prism_h")}
        aria-label={label}
        aria-invalid={error !== null}
        aria-describedby={`note-${key("prism_h")}`}
        placeholder="2 in 1.5 up"
        autoComplete="off"
        value={draft ?? prismText((part) => save.value(key(part)))}
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
            save.letGo(key("prism_h"));
          }
          if (event.key !== "Enter") return;
          event.preventDefault();
          if (commit()) moveOn(event.currentTarget, event.shiftKey);
        }}
      />
      {last ? <span className="gh">{prismText((part) => last.values[key(part)])}</span> : null}
    </span>
  );
}

function prismText(stated: Stated): string {
  return (["h", "v"] as const)
    .flatMap((way) => {
      const amount = stated(`prism_${way}`);
      return typeof amount === "number" ? [`${(amount / 100).toFixed(2)} ${stated(`base_${way}`) ?? ""}`.trim()] : [];
    })
    .join(" ");
}
