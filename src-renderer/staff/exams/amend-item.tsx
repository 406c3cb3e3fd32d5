/** An entry of a list that an amendment corrects, adds or strikes out. */

import { readValue, showValue } from "../../../src-shared/exams/reading.ts";
import type { LimitTables } from "../../../src-shared/optics/index.ts";
import { useLimits, useT } from "../../ui/index.ts";
import { BareCell } from "./fields/bare-cell.tsx";
import { type AskedPart, judgedPart, type ListKind } from "./sections/item-list.tsx";
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
  const limits = useLimits();
  const t = useT("exams");
  const r = useT("record");
  const made = kind.compose(typed, limits);
  const missing = "part" in made ? made.part : null;
  return (
    <fieldset className="item-form amend-item">
      <legend className="label">{label}</legend>
      {kind.parts.map((part) => (
        <span key={part.name} className={`w-${part.width}`}>
          <BareCell
            shape={part.shape}
            value={typed[part.name] ?? null}
            dataKey={`${dataKey}.${part.name}`}
            label={`${label}: ${t(`lists.${part.name}`).toLowerCase()}`}
            caption={t(`lists.${part.name}`)}
            {...asked(part, limits)}
            keep={(value) => {
              const next = { ...typed, [part.name]: value };
              const now = kind.compose(next, limits);
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

/** How a part is offered, read and shown. */
function asked(part: AskedPart, limits: LimitTables) {
  const { shape, suggestions, words = wordOf } = part;
  return {
    suggestions: suggestions ?? (shape.kind === "choice" ? shape.options.map(words) : []),
    read: (text: string) => readValue({ shape }, text, words, limits),
    show: (stated: unknown) => showValue({ shape }, stated, words),
    ...judgedPart(part, limits),
  };
}
