/** The new value of a field, typed as it is typed in the exam. */
import { useState } from "react";
import { isUnusual, valueProblem } from "../../../src-shared/exams/check.ts";
import type { FieldShape } from "../../../src-shared/exams/field.ts";
import { Checkbox, Select, TextInput, translate, useLimits, useT } from "../../ui/index.ts";
import { FigureInput } from "./amend-figure.tsx";
import { emptyLens, type Lens, LensParts, lensOf } from "./fields/lens-parts.tsx";
import type { RecordField } from "./record-fields.ts";
import { earlyWord, wordOf } from "./words.ts";

interface ValueInputProps {
  readonly field: RecordField;
  readonly label: string;
  readonly value: unknown;
  /** The parts of a lens as they were typed, while they make none. */
  readonly typed: Lens | undefined;
  /** Whether the lenses of the record are rigid. */
  readonly rigid: boolean;
  readonly problem: string | null;
  /** Undefined, with its parts, while a lens is not whole. */
  readonly onChange: (value: unknown, typed?: Lens) => void;
}

export function ValueInput(props: ValueInputProps) {
  const { field, label, value, onChange } = props;
  const { shape, key } = field;
  const t = useT("record");
  switch (shape.kind) {
    case "power":
    case "axis":
    case "number":
    case "prism":
    case "grade":
    case "acuity":
    case "date":
      return <FigureInput {...props} />;
    case "yes_no":
      return (
        <Select
          label={label}
          value={value === null ? "" : String(value)}
          onChange={(next) => onChange(next === "" ? null : next === "true")}
          options={[
            { value: "", label: t("clear") },
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
        />
      );
    case "base":
      return <ChoiceValue {...props} options={shape.options} word={wordOf} />;
    case "choice":
      return shape.free ? (
        <WordsValue {...props} />
      ) : (
        <ChoiceValue {...props} options={shape.options} word={key === "early_recall" ? earlyWord : wordOf} />
      );
    case "many":
      return <ManyValue {...props} options={shape.options} />;
    case "lens":
      return <LensValue {...props} />;
    default:
      return <WordsValue {...props} />;
  }
}

/** Text; a code that the exam filled in stands there in words, and the same words are the code again. */
function WordsValue({ field: { shape }, label, value, problem, onChange }: ValueInputProps) {
  const code = typeof value === "string" ? value : "";
  const [text, setText] = useState(wordOf(code));
  const { rx } = useLimits();
  return (
    <TextInput
      label={label}
      value={text}
      error={problem}
      warning={isUnusual(shape, value, rx) ? translate("exams", "unusual", { label }) : null}
      onChange={(next) => {
        setText(next);
        const known = [code, ...optionsOf(shape)].find((each) => each !== "" && wordOf(each) === next.trim());
        onChange(next.trim() === "" ? null : (known ?? next));
      }}
      {...("long" in shape && shape.long ? { multiline: 3 } : {})}
      autoComplete="off"
    />
  );
}
const optionsOf = (shape: FieldShape): readonly string[] => ("options" in shape ? shape.options : []);

function ChoiceValue({
  label,
  value,
  onChange,
  options,
  word,
}: ValueInputProps & { options: readonly string[]; word: (option: string) => string }) {
  const t = useT("record");
  return (
    <Select
      label={label}
      value={(value as string | null) ?? ""}
      onChange={(next) => onChange(next || null)}
      options={[{ value: "", label: t("clear") }, ...options.map((option) => ({ value: option, label: word(option) }))]}
    />
  );
}

function ManyValue({ label, value, onChange, options }: ValueInputProps & { options: readonly string[] }) {
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const all = [...options, ...chosen.filter((each) => !options.includes(each))];
  return (
    <fieldset className="amend-many">
      <legend className="label">{label}</legend>
      {all.map((option) => (
        <Checkbox
          key={option}
          label={wordOf(option)}
          checked={chosen.includes(option)}
          onChange={(on) => {
            const next = on ? [...chosen, option] : chosen.filter((each) => each !== option);
            onChange(next.length > 0 ? next : null);
          }}
        />
      ))}
    </fieldset>
  );
}

/** A contact lens, part by part as in the exam, by the limits of contact lenses. */
function LensValue({ field, label, value, typed, rigid, onChange }: ValueInputProps) {
  const limits = useLimits();
  const lens = { ...emptyLens, ...(typed ?? (value as Lens | null)) };
  const problemOf = (parts: Lens) => {
    const whole = lensOf(parts);
    return whole && valueProblem(field.shape, whole, limits.rx, limits.measures);
  };
  const problem = problemOf(lens);
  return (
    <fieldset className="amend-item">
      <legend className="label">{label}</legend>
      <span className="lens-cell">
        <LensParts
          lens={lens}
          label={label}
          dataKey={`amend.${field.key}`}
          rigid={rigid}
          made
          keep={(name, part) => {
            const next = { ...lens, [name]: part };
            onChange(problemOf(next) ? undefined : lensOf(next), next);
          }}
        />
      </span>
      {problem ? <p className="msg is-stop">{problem}</p> : null}
    </fieldset>
  );
}
