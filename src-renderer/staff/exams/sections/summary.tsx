/** What is in a section, in a line. */
import { showValue } from "../../../../src-shared/exams/reading.ts";
import { useT } from "../../../ui/index.ts";
import { columnField, columnsOf } from "../columns.ts";
import { useWritten } from "../opened.ts";
import { labelOf, type ShownField, type ShownSection, wordOf } from "../words.ts";

type Value = (key: string) => unknown;

/** `Lids Clear · Cornea R scar L Clear`: what is stated, in the order of the form. */
export function summaryOf({ section, fields, questions }: ShownSection, value: Value): readonly string[] {
  const columns = (columnsOf[section] ?? []).map((key) => ({ field: columnField(key), label: labelOf(key) }));
  return [...columns, ...fields, ...questions].flatMap((shown) => {
    const text = fieldText(shown, value);
    return text === "" ? [] : [`${shown.label} ${text}`];
  });
}

function fieldText({ field }: ShownField, value: Value): string {
  if (field.eyes === "none") return showValue(field, value(field.key), wordOf);
  const [r, l, b] = ["r", "l", "b"].map((eye) => showValue(field, value(`${field.key}.${eye}`), wordOf));
  if (r && r === l) return [r, b && `B ${b}`].filter(Boolean).join(" ");
  return [r && `R ${r}`, l && `L ${l}`, b && `B ${b}`].filter(Boolean).join(" ");
}

export function SectionSummary({ shown }: { shown: ShownSection }) {
  const t = useT("exams");
  const { columns, entries } = useWritten();
  const parts = summaryOf(shown, (key) => (key.includes(".") ? entries[key] : columns[key]));
  return <span className="t3 clip sect-sum">{parts.length > 0 ? parts.join(" · ") : t("emptySection")}</span>;
}
