import { useEffect, useRef, useState } from "react";
import { decodePoints } from "../../../../src-shared/exams/strokes.ts";
import { useT } from "../../../ui/index.ts";
import { useOpenedIfAny } from "../opened.ts";
import type { Drawn } from "./eye-picture.tsx";

/** The note of a numbered label, typed beside its number and kept as it is typed. */
export function LabelNote({
  label,
  typed,
  onType,
  onWrite,
  onClose,
}: {
  label: Drawn;
  /** What was typed so far and is not in the drawing yet. */
  typed: string | null;
  onType: (text: string) => void;
  onWrite: (note: string) => void;
  onClose: () => void;
}) {
  const t = useT("drawing");
  // An amendment is kept as a whole, with each key press.
  const opened = useOpenedIfAny() !== null;
  const [text, setText] = useState(typed ?? label.data.note ?? "");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const written = useRef(label.data.note ?? "");
  const latest = useRef(() => {});
  latest.current = () => {
    clearTimeout(timer.current);
    if (written.current === text) return;
    written.current = text;
    onWrite(text);
  };
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The label was just placed, or asked for: what it says comes next.
    input.current?.focus();
    return () => latest.current();
  }, []);
  const place = decodePoints(label.data.points).at(-1);
  return (
    <div className="label-note" style={{ top: `${(place?.y ?? 500) / 10}%` }}>
      <b className="tab">{label.number}</b>
      <input
        ref={input}
        aria-label={t("note", { number: label.number, eye: t(`eye.${label.data.eye}`) })}
        placeholder={t("noteHint")}
        value={text}
        maxLength={400}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          onType(event.target.value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => latest.current(), opened ? 400 : 0);
        }}
        onBlur={() => latest.current()}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          latest.current();
          onClose();
        }}
      />
    </div>
  );
}
