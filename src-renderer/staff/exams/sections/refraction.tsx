/** A refraction: the row of each eye beside the other, prism folded away until there is one. */
import { Plus } from "lucide-react";
import { memo, type ReactNode, useCallback, useMemo, useState } from "react";
import { cellsOf, readRefractionLine } from "../../../../src-shared/exams/refraction-line.ts";
import { checkRx, type Rx } from "../../../../src-shared/optics/index.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { EyeHeads } from "../fields/field-row.tsx";
import { Notes } from "../fields/notes.tsx";
import { PrismCell } from "../fields/prism-cell.tsx";
import { ValueCell } from "../fields/value-cell.tsx";
import { monthOf, useCells, useOpened } from "../opened.ts";
import type { ShownField } from "../words.ts";

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
  const [prism, setPrism] = useState(false);
  const known = sides.some((side) =>
    columns.some((cell) => (last?.values[`${section}.${cell}.${side}`] ?? null) !== null),
  );
  const showPrism = hasPrism && (prism || prismKeys.some((key) => save.value(key) !== null));
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
      const read = readRefractionLine(text, limits.rx);
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
          {known && last ? <small className="gh">{t("sinceVisit", { date: monthOf(last.on(section)) })}</small> : null}
          {hasPrism && !showPrism ? (
            <button type="button" className="link small" tabIndex={-1} onClick={() => setPrism(true)}>
              <Plus className="i" aria-hidden />
              {t("addPrism")}
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
                    label={`${t("prism")}, ${eye[side]}`}
                    autoFocus={prism && side === "r"}
                  />
                ) : null}
              </>,
            )}
          </span>
        ))}
        <Notes cells={noted} />
        <RxFindings keyOf={keyOf} />
      </div>
    </>
  );
});

/** What no lens could be as it stands, and what is seldom meant; said when the row has come as far. */
export const RxFindings = memo(function RxFindings({ keyOf }: { keyOf: (cell: string, side: Side) => string }) {
  const { save } = useOpened();
  const limits = useLimits();
  const cells = ["sphere", "cylinder", "axis", "add", ...prismCells];
  useCells(sides.flatMap((side) => cells.map((cell) => keyOf(cell, side))));
  const rx = Object.fromEntries(
    sides.map((side) => [side, Object.fromEntries(cells.map((cell) => [cell, save.value(keyOf(cell, side))]))]),
  ) as unknown as Rx;
  const t = useT("exams");
  const said = checkRx(rx, {}, limits.rx).filter(
    ({ code, eye }) =>
      !["unusual", "out_of_range", "unusual_step"].includes(code) &&
      (code !== "adds_differ" || (rx.r.add !== null && rx.l.add !== null)) &&
      !(code === "axis_required" && eye !== "both" && rx[eye].cylinder === null),
  );
  return said.map(({ eye, code, severity, message }) => (
    <p key={eye + code + message} className={`msg notes ${severity === "block" ? "is-stop" : "is-look"}`}>
      {eye === "both" ? "" : `${t(eye === "r" ? "right" : "left")}: `}
      {message}
    </p>
  ));
});
