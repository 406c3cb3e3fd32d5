/** The parts of a contact lens side by side, each read and judged by the practice's limits of contact lenses. */
import { lookAtLens } from "../../../../src-shared/exams/contact-lens.ts";
import type { FieldShape } from "../../../../src-shared/exams/field.ts";
import { lensShapes, trialLimits } from "../../../../src-shared/exams/item-limits.ts";
import { readValue } from "../../../../src-shared/exams/reading.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { wordOf } from "../words.ts";
import { BareCell } from "./bare-cell.tsx";

export type Lens = Readonly<Record<string, unknown>>;
type Part = readonly [name: string, shape: FieldShape];
const parts: readonly Part[] = [
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
/** What a lens that was made to order says besides; nobody is asked for it in an exam. */
const madeParts: readonly Part[] = [
  ["material", { kind: "text", max: 80 }],
  ["design", { kind: "text", max: 80 }],
];
const figures = ["base_curve", "diameter", "sphere", "cylinder", "axis"] as const;
const isFigure = (name: string) => figures.find((each) => each === name);

export const emptyLens: Lens = Object.fromEntries([...parts, ...madeParts].map(([name]) => [name, null]));

/** The lens that its parts make; null where nothing is stated. */
export function lensOf(stated: Lens): Lens | null {
  return Object.values(stated).every((each) => each === null) ? null : { ...stated, brand: stated.brand ?? "" };
}

export function LensParts({
  lens,
  label,
  dataKey,
  rigid,
  made = false,
  keep,
}: {
  lens: Lens;
  label: string;
  dataKey: string;
  rigid: boolean;
  /** Whether what a lens made to order says besides is asked for too. */
  made?: boolean;
  keep: (name: string, part: unknown) => void;
}) {
  const t = useT("exams");
  const limits = useLimits();
  // Its powers are those of contact lenses, not of glasses.
  const powers = { ...limits, rx: trialLimits(limits) };
  return (made ? [...parts, ...madeParts] : parts).map(([name, shape]) => (
    <span key={name} className={`lens-part of-${name}`}>
      <BareCell
        shape={shape}
        value={lens[name] === "" ? null : lens[name]}
        dataKey={name === "brand" ? dataKey : `${dataKey}:${name}`}
        label={`${label}: ${t(`lens.${name}`).toLowerCase()}`}
        caption={t(`lens.${name}`)}
        keep={(part) => keep(name, part)}
        read={(text) => readValue({ shape }, text, wordOf, powers)}
        unusual={(part) => {
          const figure = isFigure(name);
          return figure ? lookAtLens(figure, { ...lens, [name]: part }, rigid, limits) : null;
        }}
      />
    </span>
  ));
}
