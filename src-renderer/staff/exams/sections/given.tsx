/** The prescription that is given, where it is not what was found: the columns that all rules read. */

import { useMemo } from "react";
import type { ExamField, FieldShape } from "../../../../src-shared/exams/field.ts";
import { cellsOf, readRefractionLine } from "../../../../src-shared/exams/refraction-line.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { type Autosave, same } from "../autosave.ts";
import { EyeHeads } from "../fields/field-row.tsx";
import { Notes } from "../fields/notes.tsx";
import { PrismCell } from "../fields/prism-cell.tsx";
import { ValueCell } from "../fields/value-cell.tsx";
import { useOpened } from "../opened.ts";
import { labelOf } from "../words.ts";
import { RxFindings } from "./rx-findings.tsx";

const shapes = {
  sphere: { kind: "power", quantity: "sphere" },
  cylinder: { kind: "power", quantity: "cylinder" },
  axis: { kind: "axis" },
  add: { kind: "power", quantity: "add" },
  va: { kind: "acuity", max: 16 },
} as const satisfies Record<string, FieldShape>;
const cells = Object.keys(shapes) as readonly (keyof typeof shapes)[];
const prism = ["prism_h", "base_h", "prism_v", "base_v"] as const;
const sides = ["r", "l"] as const;

const field = (cell: keyof typeof shapes, side: "r" | "l"): ExamField => ({
  key: `${side}_${cell}`,
  section: "outcome",
  shape: shapes[cell],
  eyes: "none",
});
const row = (side: "r" | "l") => cells.map((cell) => ({ cell, field: field(cell, side) }));
const fields = { r: row("r"), l: row("l") };
const columnOf = (cell: string, side: "r" | "l") => `${side}_${cell}`;
const prismKeys = { r: (part: string) => columnOf(part, "r"), l: (part: string) => columnOf(part, "l") };
const noted = sides.flatMap((side) => [
  ...fields[side].map(({ cell, field: given }) => ({ key: given.key, field: given, label: labelOf(cell) })),
  ...(["horizontal", "vertical"] as const).map((way) => {
    const name = way === "horizontal" ? "prism_h" : "prism_v";
    const key = `${side}_${name}`;
    return {
      key,
      field: { key, section: "outcome", shape: { kind: "prism", way }, eyes: "none" } as ExamField,
      label: labelOf(name),
    };
  }),
]);
export const givenKeys: readonly string[] = sides.flatMap((side) =>
  [...cells, ...prism].flatMap((cell) => [`${side}_${cell}`, `subjective.${cell}.${side}`]),
);

/** Whether anything that is given was found otherwise. */
export function givenDiffers(save: Autosave): boolean {
  return sides.some((side) =>
    [...cells, ...prism].some((cell) => !same(save.value(`${side}_${cell}`), save.value(`subjective.${cell}.${side}`))),
  );
}

export function GivenPrescription() {
  const t = useT("exams");
  const { save } = useOpened();
  const limits = useLimits();
  const lines = useMemo(() => {
    const take = (side: "r" | "l") => (text: string) => {
      const read = readRefractionLine(text, limits.rx, side);
      if (!read.ok) return read.message;
      save.letGo(columnOf("sphere", side));
      const stated = Object.entries(cellsOf(read.value));
      save.set(Object.fromEntries(stated.map(([cell, value]) => [columnOf(cell, side), value])), true);
      return null;
    };
    return { r: take("r"), l: take("l") };
  }, [limits, save]);
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
                  line={cell === "sphere" ? lines[side] : undefined}
                  label={`${labelOf(cell)}, ${t(side === "r" ? "right" : "left").toLowerCase()}`}
                />
              ))}
              <PrismCell
                keys={prismKeys[side]}
                eye={side}
                label={`${t("given")}: ${t("prism").toLowerCase()}, ${t(side === "r" ? "right" : "left").toLowerCase()}`}
              />
            </span>
          </span>
        ))}
        <Notes cells={noted} />
        <RxFindings keyOf={columnOf} worn />
      </div>
    </>
  );
}
