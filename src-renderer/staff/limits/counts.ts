/** How much of a group differs from what was delivered, and how much nobody has vouched for yet. */
import { builtInTables, type LimitTables } from "../../../src-shared/optics/index.ts";
import { differences, isToConfirm, originOf, valueAt } from "./edits.ts";
import { cellsOf, type LimitGroup, rowsOf } from "./groups.ts";

export function differencesFromDelivered(group: LimitGroup, tables: LimitTables): number {
  return rowsOf(group).flatMap((row) =>
    cellsOf(row).filter(
      ({ path }) => differences(valueAt(tables[row.table], path), valueAt(builtInTables[row.table], path)).length > 0,
    ),
  ).length;
}

export function partsToConfirm(group: LimitGroup, tables: LimitTables): number {
  const parts = rowsOf(group).map(({ table, part }) => ({ table, part }));
  const distinct = new Map(parts.map((each) => [`${each.table}.${each.part}`, each]));
  return [...distinct.values()].filter(({ table, part }) => isToConfirm(originOf(tables[table], part))).length;
}
