/** What two versions of a table say differently, number by number, in the order in which they stand on the screen. */
import type { LimitTable } from "../../../src-shared/optics/index.ts";
import type { CellValue } from "./cell.tsx";
import { differences, valueAt } from "./edits.ts";
import { type Figure, figureText } from "./figures.ts";
import { cellsOf, groupNames, rowsOf } from "./groups.ts";

export interface NumberChange {
  readonly key: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly unit: string;
}

const textOf = (value: CellValue, figure: Figure) =>
  (Array.isArray(value) ? value : [value]).map((each) => figureText(each as number | null, figure)).join("  ");

export function changesBetween(
  table: LimitTable,
  before: unknown,
  after: unknown,
  t: (key: string) => string,
): NumberChange[] {
  return groupNames.flatMap((group) =>
    rowsOf(group)
      .filter((row) => row.table === table)
      .flatMap((row) =>
        cellsOf(row).flatMap(({ column, path }) => {
          const [from, to] = [valueAt(before, path), valueAt(after, path)] as [CellValue, CellValue];
          if (differences(from, to).length === 0) return [];
          return {
            key: `${table}.${path}`,
            name: `${t(`rows.${row.id}`)}, ${t(`cells.${column}`)}`,
            from: textOf(from, row.figure),
            to: textOf(to, row.figure),
            unit: row.figure.unit,
          };
        }),
      ),
  );
}
