/** One contact lens, part by part. It is kept once it can be one; until then it stays as typed, with what is missing. */
import { memo } from "react";
import { valueProblem } from "../../../../src-shared/exams/check.ts";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { showValue } from "../../../../src-shared/exams/reading.ts";
import { useLimits } from "../../../ui/index.ts";
import { useCell, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";
import { emptyLens, type Lens, LensParts, lensOf } from "./lens-parts.tsx";

export const LensCell = memo(function LensCell({
  field,
  cellKey,
  label,
}: {
  field: ExamField;
  cellKey: string;
  label: string;
}) {
  const { save, last } = useOpened();
  const { value, held } = useCell(cellKey);
  const lens = { ...emptyLens, ...((held?.value ?? value ?? {}) as Lens) };
  const { value: wear } = useCell("contact_lenses.wear");
  const limits = useLimits();
  const before = last?.values[cellKey] ?? null;
  const keep = (name: string, part: unknown) => {
    const next: Lens = { ...lens, [name]: part };
    const whole = lensOf(next);
    const problem = whole && valueProblem(field.shape, whole, limits.rx, limits.measures);
    if (problem) return save.hold(cellKey, next, problem);
    if (!whole) save.letGo(cellKey);
    save.set({ [cellKey]: whole }, true);
  };
  return (
    <span className="lens-cell">
      <LensParts lens={lens} label={label} dataKey={cellKey} rigid={wear === "rigid"} keep={keep} />
      {before ? <span className="gh">{showValue(field, before, wordOf)}</span> : null}
    </span>
  );
});
