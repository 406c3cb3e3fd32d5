/** The numbers of one subject: possible, usual, unit, step, source and date. */
import { Fragment } from "react";
import { useT } from "../../ui/index.ts";
import { LimitCell } from "./cell.tsx";
import { originOf } from "./edits.ts";
import type { Figure } from "./figures.ts";
import { type LimitGroup, type LimitRow, rowsOf } from "./groups.ts";
import { SourceCells } from "./source.tsx";
import type { Editing } from "./use-editing.ts";

export function GroupTable({ group, editing }: { group: LimitGroup; editing: Editing }) {
  const t = useT("limits");
  const rows = rowsOf(group);
  return (
    <table className="tbl limits-table">
      <thead>
        <tr>
          <th rowSpan={2} scope="col">
            {t("columns.quantity")}
          </th>
          <th colSpan={2} scope="colgroup" className="span">
            {t("columns.possible")}
          </th>
          <th colSpan={2} scope="colgroup" className="span">
            {t("columns.usual")}
          </th>
          <th rowSpan={2} scope="col">
            {t("columns.unit")}
          </th>
          <th rowSpan={2} scope="col" className="num">
            {t("columns.step")}
          </th>
          <th rowSpan={2} scope="col">
            {t("columns.source")}
          </th>
          <th rowSpan={2} scope="col">
            {t("columns.date")}
          </th>
        </tr>
        <tr>
          {["possible", "usual"].map((column) => (
            <Fragment key={column}>
              <th scope="col" className="num">
                {t("columns.from")}
              </th>
              <th scope="col" className="num">
                {t("columns.to")}
              </th>
            </Fragment>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const before = rows[index - 1];
          const follows = before?.table === row.table && before.part === row.part;
          const name = t(`rows.${row.id}`);
          return (
            <tr key={row.id}>
              <th scope="row">{name}</th>
              <Numbers row={row} name={name} editing={editing} />
              {follows ? null : (
                <SourceCells
                  origin={originOf(editing.tables[row.table], row.part)}
                  name={name}
                  span={spanOf(rows, index)}
                  waits={editing.isEdited(row.table) ? t("saveFirst") : undefined}
                  onConfirm={() => editing.confirm(row.table, row.part)}
                />
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** How many rows from here on share their source. */
function spanOf(rows: readonly LimitRow[], from: number): number {
  const first = rows[from];
  const rest = rows.slice(from);
  const end = rest.findIndex(({ table, part }) => table !== first?.table || part !== first.part);
  return end < 0 ? rest.length : end;
}

function Numbers({ row, name, editing }: { row: LimitRow; name: string; editing: Editing }) {
  const t = useT("limits");
  const cell = (path: string | null | undefined, column: string, figure: Figure, wide = false) =>
    path ? (
      <LimitCell
        name={`${name}, ${t(`cells.${column}`)}`}
        figure={figure}
        wide={wide}
        open={row.open && column.startsWith("usual")}
        {...editing.cell(row.table, path)}
      />
    ) : null;
  // A step has no sign.
  const unsigned = { ...row.figure, signed: false };
  return (
    <>
      <td className="num">{cell(row.possible?.[0], "possibleFrom", row.figure)}</td>
      <td className="num">{cell(row.possible?.[1], "possibleTo", row.figure)}</td>
      {row.single ? (
        <td className="num" colSpan={2}>
          {cell(row.single, "single", row.figure, row.id === "cylinders")}
        </td>
      ) : (
        <>
          <td className="num">{cell(row.usual?.[0], "usualFrom", row.figure)}</td>
          <td className="num">{cell(row.usual?.[1], "usualTo", row.figure)}</td>
        </>
      )}
      <td className="t3">{row.figure.unit}</td>
      <td className="num">{cell(row.step, "step", unsigned)}</td>
    </>
  );
}
