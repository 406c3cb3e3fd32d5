/** A refraction: the row of each eye beside the other, prism folded away until there is one. */
import { memo, type ReactNode, useCallback, useMemo, useState } from "react";
import { cellsOf, readRefractionLine } from "../../../../src-shared/exams/refraction-line.ts";
import { Kbd, useLimits, useT } from "../../../ui/index.ts";
import { EyeHeads } from "../fields/field-row.tsx";
import { Notes } from "../fields/notes.tsx";
import { PrismCell } from "../fields/prism-cell.tsx";
import { ValueCell } from "../fields/value-cell.tsx";
import { eyeAtCursor } from "../moving.ts";
import { useCells, useOpened } from "../opened.ts";
import type { ShownField } from "../words.ts";
import { AcuityFindings } from "./eye-findings.tsx";
import { RxFindings } from "./rx-findings.tsx";

const rowCells = ["sphere", "cylinder", "axis", "add", "va"] as const;
const prismCells = ["prism_h", "base_h", "prism_v", "base_v"] as const;
const sides = ["r", "l"] as const;
type Side = (typeof sides)[number];

/** The fields of a section that stand in its grid; the rest follow one by one. */
export function isGridField(section: string, key: string): boolean {
  const name = key.slice(section.length + 1);
  return [...rowCells, ...prismCells].some((cell) => cell === name);
}

export const RefractionGrid = memo(function RefractionGrid({
  section,
  fields,
  rowLabel,
}: {
  section: string;
  fields: readonly ShownField[];
  rowLabel: string;
}) {
  const t = useT("exams");
  const { save, last } = useOpened();
  const named = useMemo(
    () => new Map(fields.map((shown) => [shown.field.key.slice(section.length + 1), shown])),
    [fields, section],
  );
  const columns = rowCells.filter((cell) => named.has(cell));
  const hasPrism = prismCells.every((cell) => named.has(cell));
  const prismKeys = sides.flatMap((side) => prismCells.map((cell) => `${section}.${cell}.${side}`));
  useCells([...prismKeys, ...sides.map((side) => `${section}.cylinder.${side}`)]);
  /** The eye whose prism was asked for. */
  const [prism, setPrism] = useState<Side | null>(null);
  const known = sides.some((side) =>
    columns.some((cell) => (last?.values[`${section}.${cell}.${side}`] ?? null) !== null),
  );
  const showPrism = hasPrism && (prism !== null || prismKeys.some((key) => save.value(key) !== null));
  const noted = useMemo(
    () =>
      sides.flatMap((side) =>
        fields
          .filter(({ field }) => isGridField(section, field.key))
          .map(({ field, label }) => ({
            key: `${field.key}.${side}`,
            field,
            label: `${t(side === "r" ? "right" : "left")}, ${label.toLowerCase()}`,
          })),
      ),
    [fields, section, t],
  );
  const limits = useLimits();
  const lines = useMemo(() => {
    const take = (side: Side) => (text: string) => {
      const read = readRefractionLine(text, limits.rx, side);
      if (!read.ok) return read.message;
      const known = Object.entries(cellsOf(read.value)).filter(([cell]) => named.has(cell));
      save.letGo(`${section}.sphere.${side}`);
      save.set(Object.fromEntries(known.map(([cell, value]) => [`${section}.${cell}.${side}`, value])), true);
      return null;
    };
    return { r: take("r"), l: take("l") };
  }, [limits, named, save, section]);
  const strip = (side: Side, children: ReactNode) => (
    <span className={`strip c${columns.length}`} data-strip={side}>
      {children}
    </span>
  );
  const keyOf = useCallback((cell: string, side: Side) => `${section}.${cell}.${side}`, [section]);
  const eye = { r: t("right").toLowerCase(), l: t("left").toLowerCase() };
  return (
    <>
      <EyeHeads />
      <div className="fr rl rxgrid">
        <span />
        {sides.map((side) => (
          <span key={side} className={`strip c${columns.length} h`} aria-hidden>
            {columns.map((cell) => (
              <span key={cell}>{t(`short.${cell}`)}</span>
            ))}
          </span>
        ))}
        <span className="lb">
          {rowLabel}
          {known && last ? <small className="gh">{t("sinceVisit", { date: last.label })}</small> : null}
          {hasPrism && !showPrism ? (
            <button
              type="button"
              className="link small add-prism"
              tabIndex={-1}
              onClick={() => setPrism(eyeAtCursor())}
            >
              {t("addPrism")} <Kbd keys="Alt X" />
            </button>
          ) : null}
        </span>
        {sides.map((side) => (
          <span key={side}>
            {strip(
              side,
              <>
                {columns.map((cell) => {
                  const { field, label } = named.get(cell) as ShownField;
                  return (
                    <ValueCell
                      key={cell}
                      field={field}
                      cellKey={`${field.key}.${side}`}
                      label={`${label}, ${eye[side]}`}
                      line={cell === "sphere" ? lines[side] : undefined}
                      row={known}
                      skip={cell === "axis" && !save.value(`${section}.cylinder.${side}`)}
                    />
                  );
                })}
                {showPrism ? (
                  <PrismCell
                    keys={(part) => `${section}.${part}.${side}`}
                    eye={side}
                    label={`${t("prism")}, ${eye[side]}`}
                    autoFocus={prism === side}
                  />
                ) : null}
              </>,
            )}
          </span>
        ))}
        <Notes cells={noted} />
        <RxFindings keyOf={keyOf} worn={section === "subjective"} />
        {section === "subjective" ? <AcuityFindings /> : null}
      </div>
    </>
  );
});
