/** What is about to be saved, number by number, and where the new numbers are from. */
import { useState } from "react";
import { Button, Callout, DateInput, Dialog, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import type { CellValue } from "./cell.tsx";
import { valueAt } from "./edits.ts";
import { type Figure, figures, figureText } from "./figures.ts";
import { cellsOf, groupNames, rowsOf } from "./groups.ts";
import type { Editing } from "./use-editing.ts";

const textOf = (value: CellValue, figure: Figure) =>
  (Array.isArray(value) ? value : [value]).map((each) => figureText(each as number | null, figure)).join("  ");

export function SaveLimits({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = useT("limits");
  const [source, setSource] = useState("");
  const [date, setDate] = useState(editing.today());
  const [asked, setAsked] = useState(false);
  const missing = source.trim().length < 3;
  const save = () => {
    setAsked(true);
    if (missing || date === "" || editing.busy) return;
    void editing
      .save({ source: source.trim(), date })
      .then(onClose)
      .catch(() => {});
  };
  useShortcuts([{ keys: "Ctrl+Enter", label: t("save"), run: save }]);
  return (
    <Dialog
      title={t("save")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" busy={editing.busy} onClick={save}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <ul className="limit-changes">
          {useChanges(editing).map(({ key, name, from, to, unit }) => (
            <li key={key}>
              <span>{name}</span>
              <span className="tab">
                <s className="t3">{from || t("open")}</s> {t("to")} <b>{to || t("open")}</b> {unit}
              </span>
            </li>
          ))}
        </ul>
        <div className="limit-origin">
          <TextInput
            label={t("sourceLabel")}
            value={source}
            onChange={setSource}
            hint={t("sourceHint")}
            error={asked && missing ? t("sourceNeeded") : null}
            maxLength={300}
          />
          <DateInput label={t("dateLabel")} value={date} onChange={setDate} />
        </div>
        {editing.error ? <Callout tone="stop">{editing.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}

/** The changed numbers in the order in which they stand on the screen. */
function useChanges({ unsaved, tables, standing }: Editing) {
  const t = useT("limits");
  const isUnsaved = (table: string, path: string) =>
    unsaved.some((each) => each.table === table && (each.path === path || each.path.startsWith(`${path}.`)));
  const ranged = groupNames.flatMap((group) =>
    rowsOf(group).flatMap((row) =>
      cellsOf(row)
        .filter(({ path }) => isUnsaved(row.table, path))
        .map(({ column, path }) => {
          const text = (whole: unknown) => textOf(valueAt(whole, path) as CellValue, row.figure);
          return {
            key: `${row.table}.${path}`,
            name: `${t(`rows.${row.id}`)}, ${t(`cells.${column}`)}`,
            from: text(standing[row.table]),
            to: text(tables[row.table]),
            unit: row.figure.unit,
          };
        }),
    ),
  );
  const materials = tables.materials.materials.flatMap((material, index) =>
    (["nd", "ne", "abbe", "density"] as const)
      .filter((name) => isUnsaved("materials", `materials.${index}.${name}`))
      .map((name) => {
        const figure = name === "density" ? figures.density : name === "abbe" ? figures.count : figures.index;
        return {
          key: `${material.id}.${name}`,
          name: `${material.name}, ${t(`materials.${name}`)}`,
          from: figureText(standing.materials.materials[index]?.[name] ?? null, figure),
          to: figureText(material[name], figure),
          unit: "",
        };
      }),
  );
  return [...ranged, ...materials];
}
