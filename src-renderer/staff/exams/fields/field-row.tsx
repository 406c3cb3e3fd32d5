/** A field of the form with its name: once, or right and left beside each other as on paper. */
import { memo, type ReactNode, useMemo } from "react";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { useT } from "../../../ui/index.ts";
import type { ShownField } from "../words.ts";
import { ChoiceCell } from "./choice-cell.tsx";
import { LensCell } from "./lens-cell.tsx";
import { ManyCell } from "./many-cell.tsx";
import { Notes } from "./notes.tsx";
import { TextCell } from "./text-cell.tsx";
import { ValueCell } from "./value-cell.tsx";
import { YesNoCell } from "./yes-no-cell.tsx";

interface CellProps {
  readonly field: ExamField;
  readonly cellKey: string;
  readonly label: string;
  readonly autoFocus?: boolean | undefined;
}
export function FieldCell({ field, cellKey, label, autoFocus }: CellProps) {
  switch (field.shape.kind) {
    case "text":
      // What may be refused is kept once it is whole, as figures are.
      if (field.shape.refraction) return <ValueCell field={field} cellKey={cellKey} label={label} />;
      return <TextCell field={field} cellKey={cellKey} label={label} autoFocus={autoFocus} />;
    case "choice":
    case "base":
      return <ChoiceCell field={field} cellKey={cellKey} label={label} />;
    case "many":
      return <ManyCell field={field} cellKey={cellKey} label={label} />;
    case "yes_no":
      return <YesNoCell cellKey={cellKey} label={label} />;
    case "lens":
      return <LensCell field={field} cellKey={cellKey} label={label} />;
    default:
      return <ValueCell field={field} cellKey={cellKey} label={label} unit />;
  }
}

const eyesOf = { none: [""], rl: [".r", ".l"], rlb: [".r", ".l", ".b"] } as const;

/** `before` and `after`: a field that stands in the same line, since people write them together. */
export const FieldRow = memo(function FieldRow({
  shown,
  before,
  after,
  both,
  autoFocus,
}: {
  shown: ShownField;
  before?: ShownField | undefined;
  after?: ShownField | undefined;
  /** Other rows of the section have a third column, for both eyes together. */
  both?: boolean;
  autoFocus?: boolean;
}) {
  const t = useT("exams");
  const { field, label } = shown;
  const suffixes = eyesOf[field.eyes];
  const together = useMemo(() => [before, shown, after].filter((each) => each !== undefined), [before, shown, after]);
  const cells = useMemo(
    () => together.flatMap((each) => suffixes.map((eye) => ({ ...each, key: each.field.key + eye }))),
    [together, suffixes],
  );
  const eyeName = { "": "", ".r": t("right"), ".l": t("left"), ".b": t("both") };
  return (
    <div className={`fr ${field.eyes === "none" ? "one" : both ? "rlb" : field.eyes} k-${field.shape.kind}`}>
      <span className="lb" aria-hidden>
        {label}
      </span>
      {suffixes.map((eye) => (
        <span key={eye} className="fc">
          {together.map((each) => (
            <FieldCell
              key={each.field.key}
              field={each.field}
              cellKey={each.field.key + eye}
              label={eye === "" ? each.label : `${each.label}, ${eyeName[eye].toLowerCase()}`}
              autoFocus={autoFocus}
            />
          ))}
        </span>
      ))}
      <Notes cells={cells} />
    </div>
  );
});

/** The names of the two columns; what stands per eye has them above it. */
export function EyeHeads({ both, children }: { both?: boolean; children?: (eye: "r" | "l") => ReactNode }) {
  const t = useT("exams");
  return (
    <div className={`fr heads ${both ? "rlb" : "rl"}`}>
      <span />
      <span className="hd">
        <b>{t("right")}</b>
        {children?.("r")}
      </span>
      <span className="hd">
        <b>{t("left")}</b>
        {children?.("l")}
      </span>
      {both ? (
        <span className="hd">
          <b>{t("both")}</b>
        </span>
      ) : null}
    </div>
  );
}
