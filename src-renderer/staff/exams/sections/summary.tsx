/** What is in a section, in a line. */
import { showValue } from "../../../../src-shared/exams/reading.ts";
import { useT } from "../../../ui/index.ts";
import { columnField, columnsOf } from "../columns.ts";
import { useWritten } from "../opened.ts";
import { labelOf, type ShownField, type ShownSection, wordOf } from "../words.ts";

type Value = (key: string) => unknown;

interface Stated {
  readonly key: string;
  readonly label: string;
  readonly text: string;
}

/** What is stated in a section, in the order of the form. */
export function statedIn({ section, fields, questions }: ShownSection, value: Value): readonly Stated[] {
  const columns = (columnsOf[section] ?? []).map((key) => ({ field: columnField(key), label: labelOf(key) }));
  return [...columns, ...fields, ...questions].flatMap((shown) => {
    const text = fieldText(shown, value);
    return text === "" ? [] : [{ key: shown.field.key, label: shown.label, text }];
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
  const parts = statedIn(shown, (key) => (key.includes(".") ? entries[key] : columns[key]));
  return (
    <span className="t3 clip sect-sum">
      {parts.length > 0 ? parts.map(({ label, text }) => `${label} ${text}`).join(" · ") : t("emptySection")}
    </span>
  );
}
