/** Lens materials: a row each, with what they are reckoned with. */
import { useT } from "../../ui/index.ts";
import { LimitCell } from "./cell.tsx";
import { originOf } from "./edits.ts";
import { figures } from "./figures.ts";
import { SourceCells } from "./source.tsx";
import type { Editing } from "./use-editing.ts";

const columns = [
  ["nd", figures.index],
  ["ne", figures.index],
  ["abbe", figures.count],
  ["density", figures.density],
] as const;

export function MaterialsTable({ editing }: { editing: Editing }) {
  const t = useT("limits");
  const table = editing.tables.materials;
  return (
    <table className="tbl limits-table">
      <thead>
        <tr>
          <th scope="col">{t("materials.name")}</th>
          {columns.map(([name]) => (
            <th key={name} scope="col" className="num">
              {t(`materials.${name}`)}
            </th>
          ))}
          <th scope="col">{t("materials.note")}</th>
          <th scope="col">{t("columns.source")}</th>
          <th scope="col">{t("columns.date")}</th>
        </tr>
      </thead>
      <tbody>
        {table.materials.map((material, index) => (
          <tr key={material.id}>
            <th scope="row">{material.name}</th>
            {columns.map(([name, figure]) => (
              <td key={name} className="num">
                <LimitCell
                  name={`${material.name}, ${t(`materials.${name}`)}`}
                  figure={figure}
                  open={name === "ne"}
                  {...editing.cell("materials", `materials.${index}.${name}`)}
                />
              </td>
            ))}
            <td className="small t2">{material.note}</td>
            {index === 0 ? (
              <SourceCells
                origin={originOf(table, "")}
                name={t("groups.materials")}
                span={table.materials.length}
                waits={editing.isEdited("materials") ? t("saveFirst") : undefined}
                onConfirm={() => editing.confirm("materials", "")}
              />
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
