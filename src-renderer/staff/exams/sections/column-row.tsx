/** A column of the exam as a row of the record. */

import { type ColumnName, columnField } from "../columns.ts";
import { FieldRow } from "../fields/field-row.tsx";
import { labelOf, type ShownField } from "../words.ts";

const made = new Map<ColumnName, ShownField>();
function shownColumn(name: ColumnName): ShownField {
  const known = made.get(name) ?? { field: columnField(name), label: labelOf(name) };
  made.set(name, known);
  return known;
}

export function ColumnRow({ name, autoFocus }: { name: ColumnName; autoFocus?: boolean }) {
  return <FieldRow shown={shownColumn(name)} {...(autoFocus ? { autoFocus } : {})} />;
}
