/** A figure, an acuity or a date that an amendment corrects: read, refused and stepped as in an exam that is open. */
import { useState } from "react";
import { isUnusual } from "../../../src-shared/exams/check.ts";
import { type Reading, readValue, showValue } from "../../../src-shared/exams/reading.ts";
import { focusNext, TextInput, translate, useLimits } from "../../ui/index.ts";
import { stepped, stepsOf } from "./fields/steps.ts";
import { useHalf } from "./fields/typing.ts";
import type { RecordField } from "./record-fields.ts";
import { wordOf } from "./words.ts";

const wrongIn = (reading: Reading) => (reading.ok ? null : reading.message);

export function FigureInput({
  field,
  label,
  value,
  problem,
  onChange,
}: {
  field: RecordField;
  label: string;
  value: unknown;
  problem: string | null;
  onChange: (value: unknown) => void;
}) {
  const { shape } = field;
  const limits = useLimits();
  const read = (text: string) => readValue(field, text, wordOf, limits);
  // What is typed and not left yet, or none of its values; until then the value stays what it was.
  const half = useHalf(`amend.${field.key}`);
  const [typed, setTyped] = useState(half.start);
  const [error, setError] = useState(() =>
    half.start === null ? null : (wrongIn(read(half.start)) ?? translate("exams", "halfTyped")),
  );
  const steps = stepsOf(shape, limits);
  const leave = () => {
    setTyped(null);
    setError(null);
    half.type(null);
  };
  const say = (next: unknown) => {
    onChange(next);
    leave();
  };
  /** Why what is typed is refused is said once it is whole; as long as it is, the amendment cannot be signed. */
  const commit = (): boolean => {
    if (typed === null) return true;
    const reading = read(typed);
    setError(wrongIn(reading));
    if (reading.ok) say(reading.value);
    return reading.ok;
  };
  const unusual = error === null && isUnusual(shape, value, limits.rx, limits.measures);
  return (
    <TextInput
      label={label}
      value={typed ?? showValue(field, value, wordOf)}
      unit={shape.kind === "number" ? shape.unit : shape.kind === "prism" ? "Δ" : undefined}
      error={error ?? problem}
      warning={unusual ? translate("exams", "unusual", { label }) : null}
      inputMode={shape.kind === "acuity" || shape.kind === "date" ? "text" : "decimal"}
      autoComplete="off"
      spellCheck={false}
      onChange={(text) => {
        setTyped(text);
        setError(null);
        half.type(text);
      }}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Enter") {
          event.preventDefault();
          if (commit()) focusNext(event.currentTarget, event.shiftKey);
        } else if (event.key === "Escape" && typed !== null) {
          event.preventDefault();
          event.stopPropagation();
          leave();
        } else if (steps && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
          event.preventDefault();
          const by = event.shiftKey ? steps[1] : steps[0];
          say(stepped(shape, value, event.key === "ArrowUp" ? by : -by, limits));
        }
      }}
    />
  );
}
