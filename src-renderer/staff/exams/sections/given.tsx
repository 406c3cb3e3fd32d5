/** The prescription that is given, where it is not what was found: the columns that all rules read. */
import type { ExamField, FieldShape } from "../../../../src-shared/exams/field.ts";
import { useT } from "../../../ui/index.ts";
import { type Autosave, same } from "../autosave.ts";
import { EyeHeads } from "../fields/field-row.tsx";
import { Notes } from "../fields/notes.tsx";
import { ValueCell } from "../fields/value-cell.tsx";
import { labelOf } from "../words.ts";

const shapes = {
  sphere: { kind: "power", quantity: "sphere" },
  cylinder: { kind: "power", quantity: "cylinder" },
  axis: { kind: "axis" },
  add: { kind: "power", quantity: "add" },
  va: { kind: "acuity" },
} as const satisfies Record<string, FieldShape>;
const cells = Object.keys(shapes) as readonly (keyof typeof shapes)[];
const sides = ["r", "l"] as const;

const field = (cell: keyof typeof shapes, side: "r" | "l"): ExamField => ({
  key: `${side}_${cell}`,
  section: "outcome",
  shape: shapes[cell],
  eyes: "none",
});
const row = (side: "r" | "l") => cells.map((cell) => ({ cell, field: field(cell, side) }));
const fields = { r: row("r"), l: row("l") };
export const givenKeys: readonly string[] = sides.flatMap((side) =>
  cells.flatMap((cell) => [`${side}_${cell}`, `subjective.${cell}.${side}`]),
);

/** Whether anything that is given was found otherwise. */
export function givenDiffers(save: Autosave): boolean {
  return sides.some((side) =>
    cells.some((cell) => !same(save.value(`${side}_${cell}`), save.value(`subjective.${cell}.${side}`))),
  );
}

export function GivenPrescription() {
  const t = useT("exams");
  return (
    <>
      <EyeHeads />
      <div className="fr rl rxgrid">
        <span className="lb">{t("given")}</span>
        {sides.map((side) => (
          <span key={side}>
            <span className="strip c5" data-strip={side}>
              {fields[side].map(({ cell, field: given }) => (
                <ValueCell
                  key={cell}
                  field={given}
                  cellKey={given.key}
                  label={`${labelOf(cell)}, ${t(side === "r" ? "right" : "left").toLowerCase()}`}
                />
              ))}
            </span>
          </span>
        ))}
        <Notes
          cells={sides.flatMap((side) =>
            fields[side].map(({ cell, field: given }) => ({ key: given.key, field: given, label: labelOf(cell) })),
          )}
        />
      </div>
    </>
  );
}
