import { useEffect, useRef, useState } from "react";
import { decodePoints } from "../../../../src-shared/exams/strokes.ts";
import { useT } from "../../../ui/index.ts";
import type { Drawn } from "./eye-picture.tsx";

/** The note of a numbered label, typed beside its number and kept as it is typed. */
export function LabelNote({
  label,
  onWrite,
  onClose,
}: {
  label: Drawn;
  onWrite: (note: string) => void;
  onClose: () => void;
}) {
  const t = useT("drawing");
  const [text, setText] = useState(label.data.note ?? "");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const written = useRef(text);
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
          clearTimeout(timer.current);
          timer.current = setTimeout(() => latest.current(), 400);
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
