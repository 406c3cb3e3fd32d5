/** An entry of a list that an amendment corrects, adds or strikes out. */
import { readValue, showValue } from "../../../src-shared/exams/reading.ts";
import { useT } from "../../ui/index.ts";
import { BareCell } from "./fields/bare-cell.tsx";
import type { ListKind } from "./sections/item-list.tsx";
import { wordOf } from "./words.ts";

type Data = Readonly<Record<string, unknown>>;

export function ItemInput({
  kind,
  dataKey,
  label,
  typed,
  onChange,
}: {
  kind: ListKind;
  dataKey: string;
  label: string;
  typed: Data;
  /** What stands in the parts now, and the entry that it makes; null while it makes none. */
  onChange: (typed: Data, data: Data | null) => void;
}) {
  const t = useT("exams");
  const r = useT("record");
  const made = kind.compose(typed);
  const missing = "part" in made ? made.part : null;
  return (
    <fieldset className="item-form amend-item">
      <legend className="label">{label}</legend>
      {kind.parts.map(({ name, shape, width, suggestions, words = wordOf }) => (
        <span key={name} className={`w-${width}`}>
          <BareCell
            shape={shape}
            value={typed[name] ?? null}
            dataKey={`${dataKey}.${name}`}
            label={`${label}: ${t(`lists.${name}`).toLowerCase()}`}
            caption={t(`lists.${name}`)}
            suggestions={suggestions ?? (shape.kind === "choice" ? shape.options.map(words) : [])}
            read={(text) => readValue({ shape }, text, words)}
            show={(stated) => showValue({ shape }, stated, words)}
            keep={(value) => {
              const next = { ...typed, [name]: value };
              const now = kind.compose(next);
              onChange(next, "data" in now ? now.data : null);
            }}
          />
        </span>
      ))}
      {missing && "part" in made ? (
        <p className="msg is-look">
          {made.message ?? r("amendMissing", { field: t(`lists.${missing}`).toLowerCase() })}
        </p>
      ) : null}
    </fieldset>
  );
}
