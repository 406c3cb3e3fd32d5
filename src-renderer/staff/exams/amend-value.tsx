/** The new value of a field, typed as it is typed in the exam. */
import { useState } from "react";
import { isUnusual } from "../../../src-shared/exams/check.ts";
import { type ContactLens, lensSchema } from "../../../src-shared/exams/contact-lens.ts";
import type { FieldShape } from "../../../src-shared/exams/field.ts";
import { AxisInput, Checkbox, PowerInput, Select, TextInput, translate, useLimits, useT } from "../../ui/index.ts";
import { FigureInput } from "./amend-figure.tsx";
import { decimals, type RecordField } from "./record-fields.ts";
import { earlyWord, wordOf } from "./words.ts";

interface ValueInputProps {
  readonly field: RecordField;
  readonly label: string;
  readonly value: unknown;
  readonly problem: string | null;
  readonly onChange: (value: unknown) => void;
  /** What was typed and is none of its values; the value stays what it was. */
  readonly refused: string | null;
  readonly onRefused: (text: string | null) => void;
}

export function ValueInput(props: ValueInputProps) {
  const { field, label, value, problem, onChange } = props;
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
      return <LensValue label={label} value={value as ContactLens | null} problem={problem} onChange={onChange} />;
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

const hundredths = ["base_curve", "diameter"] as const;
const powers = [
  ["sphere", "sphere"],
  ["cylinder", "cylinder"],
] as const;

function LensValue({
  label,
  value,
  problem,
  onChange,
}: Pick<ValueInputProps, "label" | "problem" | "onChange"> & { value: ContactLens | null }) {
  const t = useT("record");
  const empty = { brand: "", base_curve: null, diameter: null, sphere: null, cylinder: null, axis: null };
  // What a lens of an older version does not say.
  const nothing = { colour: null, replace_days: null };
  const lens: ContactLens = value
    ? { ...nothing, ...value }
    : { ...lensSchema.parse({ ...empty, brand: "-" }), brand: "" };
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(hundredths.map((name) => [name, lens[name] === null ? "" : decimals(lens[name], 100)])),
  );
  const set = (more: Partial<ContactLens>) => onChange({ ...lens, ...more });
  return (
    <fieldset className="amend-lens">
      <legend className="label">{label}</legend>
      {(["brand", "material", "design"] as const).map((name) => (
        <TextInput
          key={name}
          label={t(`lens.${name}`)}
          value={lens[name] ?? ""}
          onChange={(text) => set({ [name]: name === "brand" ? text : text || null })}
          autoComplete="off"
        />
      ))}
      {hundredths.map((name) => (
        <TextInput
          key={name}
          label={t(`lens.${name}`)}
          value={texts[name] ?? ""}
          inputMode="decimal"
          onChange={(text) => {
            setTexts({ ...texts, [name]: text });
            set({ [name]: text.trim() === "" ? null : Math.round(Number(text.replace(",", ".")) * 100) });
          }}
          autoComplete="off"
        />
      ))}
      {powers.map(([name, quantity]) => (
        <PowerInput
          key={name}
          label={t(`lens.${name}`)}
          quantity={quantity}
          value={lens[name]}
          onChange={(power) => set({ [name]: power })}
        />
      ))}
      <AxisInput label={t("lens.axis")} value={lens.axis} onChange={(axis) => set({ axis })} />
      <TextInput label={t("lens.add")} value={lens.add ?? ""} onChange={(add) => set({ add: add || null })} />
      <TextInput
        label={t("lens.colour")}
        value={lens.colour ?? ""}
        onChange={(colour) => set({ colour: colour || null })}
      />
      <TextInput
        label={t("lens.replace_days")}
        value={lens.replace_days === null ? "" : String(lens.replace_days)}
        inputMode="numeric"
        onChange={(text) => set({ replace_days: text.trim() === "" ? null : Number(text) })}
        autoComplete="off"
      />
      {problem ? <p className="msg is-stop">{problem}</p> : null}
    </fieldset>
  );
}
