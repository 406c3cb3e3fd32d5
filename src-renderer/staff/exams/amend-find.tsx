/** What an amendment can correct or add, found by its name. */
import { useMemo, useState } from "react";
import type { Diagram } from "../../../src-shared/exams/diagram.ts";
import { diagrams } from "../../../src-shared/exams/items.ts";
import type { Output } from "../../api/index.ts";
import { TextInput, usePlace, useT } from "../../ui/index.ts";
import { amendKinds, isAmendedList } from "./amend-kinds.ts";
import { type RecordField, recordFields } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import type { ListKind } from "./sections/item-list.tsx";
import { wordOf } from "./words.ts";

type Data = Readonly<Record<string, unknown>>;
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly where: string;
  /** Null for what is no field: an entry of a list, or a drawing. */
  readonly field: RecordField | null;
  readonly item?: { readonly kind: ListKind; readonly data: Data | null };
  readonly diagram?: Diagram;
}
export const nameOf = ({ label, where }: Choice) => (where ? `${label}, ${where}` : label);

/** Every field, every entry of a list that stands in the record, what can be added to each list, and both drawings. */
export function useChoices({ amended, signedAt }: Output<"exams.record">): readonly Choice[] {
  const t = useT("record");
  const { timeZone } = usePlace();
  return useMemo(() => {
    const kinds = amendKinds(timeZone, signedAt);
    return [
      ...recordFields(amended).map((field) => ({
        key: field.key,
        label: field.label,
        where: field.eye ? wordOf(field.eye).toLowerCase() : "",
        field,
      })),
      ...Object.entries(amended.items).flatMap(([list, items]) =>
        isAmendedList(list)
          ? items.map(({ id, ...data }) => ({
              key: `${list}:${id}`,
              label: `${t(`lists.${list}`)}: ${itemWords(list, data, timeZone)}`,
              where: "",
              field: null,
              item: { kind: kinds[list], data },
            }))
          : [],
      ),
      ...Object.values(kinds).map((kind) => ({
        key: `${kind.list}:new0`,
        label: t("amendAdd", { list: t(`lists.${kind.list}`).toLowerCase() }),
        where: "",
        field: null,
        item: { kind, data: null },
      })),
      ...diagrams.map((diagram) => ({
        key: `drawing:${diagram}`,
        label: t(`amendDrawing.${diagram}`),
        where: "",
        field: null,
        diagram,
      })),
    ];
  }, [amended, signedAt, t, timeZone]);
}

export function FindField({ choices, choose }: { choices: readonly Choice[]; choose: (choice: Choice) => void }) {
  const t = useT("record");
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const sectionOf = ({ field }: Choice) => field?.section.replaceAll("_", " ") ?? "";
  const found =
    words.length === 0
      ? []
      : choices
          .filter((choice) => {
            const name = `${choice.label} ${choice.where} ${sectionOf(choice)}`.toLowerCase();
            return words.every((word) => name.includes(word));
          })
          .slice(0, 7);
  const pick = (choice: Choice | undefined) => {
    if (!choice) return;
    choose(choice);
    setText("");
    setAt(0);
  };
  return (
    <div className="amend-find">
      <TextInput
        label={t("amendFind")}
        hint={t("amendFindHint")}
        value={text}
        onChange={(value) => {
          setText(value);
          setAt(0);
        }}
        onEnter={() => pick(found[at])}
        onArrow={(by) => setAt((now) => Math.max(0, Math.min(found.length - 1, now + by)))}
        autoComplete="off"
      />
      {words.length > 0 && found.length === 0 ? <p className="t2">{t("amendNone")}</p> : null}
      {found.map((choice, index) => (
        <button
          key={choice.key}
          type="button"
          className="amend-found"
          aria-pressed={index === at}
          onClick={() => pick(choice)}
        >
          <span>{nameOf(choice)}</span>
          <span className="t3 push">{sectionOf(choice)}</span>
        </button>
      ))}
    </div>
  );
}
