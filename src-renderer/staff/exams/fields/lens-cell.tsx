/** One contact lens, part by part. It is kept once it can be one; until then it stays as typed, with what is missing. */
import { memo } from "react";
import { valueProblem } from "../../../../src-shared/exams/check.ts";
import { lookAtLens } from "../../../../src-shared/exams/contact-lens.ts";
import type { ExamField, FieldShape } from "../../../../src-shared/exams/field.ts";
import { lensShapes, trialLimits } from "../../../../src-shared/exams/item-limits.ts";
import { readValue, showValue } from "../../../../src-shared/exams/reading.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";
import { BareCell } from "./bare-cell.tsx";

type Lens = Readonly<Record<string, unknown>>;
const parts: readonly (readonly [name: string, shape: FieldShape])[] = [
  ["brand", { kind: "text", max: 120 }],
  ["base_curve", lensShapes.base_curve],
  ["diameter", lensShapes.diameter],
  ["sphere", { kind: "power", quantity: "sphere" }],
  ["cylinder", { kind: "power", quantity: "cylinder" }],
  ["axis", { kind: "axis" }],
  ["add", { kind: "text", max: 20 }],
  ["colour", { kind: "text", max: 40 }],
  ["replace_days", { kind: "number", unit: "days", min: 1, max: 730 }],
];
const figures = ["base_curve", "diameter", "sphere", "cylinder", "axis"] as const;
const isFigure = (name: string) => figures.find((each) => each === name);
const empty: Lens = Object.fromEntries(
  [...parts.map(([name]) => name), "material", "design"].map((name) => [name, null]),
);

export const LensCell = memo(function LensCell({
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
  const { value, held } = useCell(cellKey);
  const lens = { ...empty, ...((held?.value ?? value ?? {}) as Lens) };
  const { value: wear } = useCell("contact_lenses.wear");
  const limits = useLimits();
  // Its powers are those of contact lenses, not of glasses.
  const powers = { ...limits, rx: trialLimits(limits) };
  const before = last?.values[cellKey] ?? null;
  const keep = (name: string, part: unknown) => {
    const next: Lens = { ...lens, [name]: part };
    if (Object.values(next).every((each) => each === null)) {
      save.letGo(cellKey);
      save.set({ [cellKey]: null }, true);
      return;
    }
    const whole = { ...next, brand: next.brand ?? "" };
    const problem = valueProblem(field.shape, whole, limits.rx, limits.measures);
    if (problem) save.hold(cellKey, next, problem);
    else save.set({ [cellKey]: whole }, true);
  };
  return (
    <span className="lens-cell">
      {parts.map(([name, shape]) => (
        <span key={name} className={`lens-part ${name}`}>
          <BareCell
            shape={shape}
            value={lens[name]}
            dataKey={name === "brand" ? cellKey : `${cellKey}:${name}`}
            label={`${label}: ${t(`lens.${name}`).toLowerCase()}`}
            caption={t(`lens.${name}`)}
            keep={(part) => keep(name, part)}
            read={(text) => readValue({ shape }, text, wordOf, powers)}
            unusual={(part) => {
              const figure = isFigure(name);
              return figure ? lookAtLens(figure, { ...lens, [name]: part }, wear === "rigid", limits) : null;
            }}
          />
        </span>
      ))}
      {before ? <span className="gh">{showValue(field, before, wordOf)}</span> : null}
    </span>
  );
});
