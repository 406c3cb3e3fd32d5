/** What there can be several of: each in a line, a new one typed below, what was taken out can be put back. */
import { Plus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FieldShape } from "../../../../src-shared/exams/field.ts";
import type { ExamList } from "../../../../src-shared/exams/items.ts";
import { readValue } from "../../../../src-shared/exams/reading.ts";
import type { LimitTables } from "../../../../src-shared/optics/index.ts";
import { Button, Kbd, useLimits, useT } from "../../../ui/index.ts";
import { BareCell } from "../fields/bare-cell.tsx";
import { useItemActs } from "../items.ts";
import { focusKey, moveOn } from "../moving.ts";
import { useItems, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";

type Data = Readonly<Record<string, unknown>>;
export interface AskedPart {
  readonly name: string;
  readonly shape: FieldShape;
  readonly width: "s" | "m" | "l";
  readonly suggestions?: readonly string[];
  /** How its options read, where that is not as anywhere else. */
  readonly words?: (option: string) => string;
  /** What is wrong with its text, or to be looked at, where that is more than its shape says. */
  readonly judge?: (value: unknown, limits: LimitTables) => Judged;
}
export interface Judged {
  readonly stop: string | null;
  readonly look: string | null;
}
/** How a list is typed and shown. */
export interface ListKind {
  readonly list: ExamList;
  readonly parts: readonly AskedPart[];
  /** What stands in a new line before anybody types. */
  start(): Data;
  /** What stands in the line of a row that is corrected. */
  open(data: Data): Data;
  /** The row as it is stored; or what is missing or wrong, in words of the part that it is about. */
  compose(
    typed: Data,
    limits: LimitTables,
  ): { readonly data: Data } | { readonly part: string; readonly message?: string };
  /** A row in a line. */
  show(data: Data): string;
}

/** How the text of a part is read and what is said about it, by the limits of the practice. */
export function judgedPart({ shape, judge, words = wordOf }: AskedPart, limits: LimitTables) {
  if (!judge) return {};
  return {
    read(text: string) {
      const read = readValue({ shape }, text, words, limits);
      const stop = read.ok ? judge(read.value, limits).stop : null;
      return stop === null ? read : { ok: false as const, message: stop };
    },
    unusual: (value: unknown) => judge(value, limits).look,
  };
}

/** Whether more stands in a line than it was opened with. */
const isBegun = (kind: ListKind, typed: Data) =>
  Object.entries(typed).some(([name, part]) => part !== null && !Object.hasOwn(kind.start(), name));

export function ItemList({ kind }: { kind: ListKind }) {
  const t = useT("exams");
  const items = useItems(kind.list);
  const acts = useItemActs();
  const { save } = useOpened();
  const limits = useLimits();
  const line = `${kind.list}.new`;
  const [typed, setTyped] = useState<Data | null>(() => save.half(line) as Data | null);
  useEffect(() => save.typing(line, typed), [save, line, typed]);
  const [error, setError] = useState<string | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const leaving = useRef<"stay" | "next" | null>(null);
  const close = (next = false) => {
    leaving.current = next ? "next" : "stay";
    setTyped(null);
    setError(null);
  };
  // Once the line is gone, and its focus with it.
  useEffect(() => {
    const button = box.current?.querySelector<HTMLElement>(".add-item");
    if (typed !== null || leaving.current === null || !button) return;
    button.focus();
    // What was added is done with: Enter goes on to the next field instead of opening another line.
    if (leaving.current === "next") moveOn(button);
    leaving.current = null;
  }, [typed]);
  const add = () => {
    if (!typed) return;
    const made = kind.compose(typed, limits);
    if ("part" in made) {
      setError(made.message ?? t("lists.missing", { field: t(`lists.${made.part}`).toLowerCase() }));
      focusKey(`${kind.list}.new.${made.part}`);
      return;
    }
    setError(null);
    void acts
      .add(kind.list, made.data)
      .then(() => close(true))
      .catch(() => {});
  };
  return (
    <div className="fr one items" ref={box}>
      <span className="lb">{t(`lists.${kind.list}`)}</span>
      <span className="stack items-in">
        {items.map(({ id, data }) => (
          <span key={id} className="item-line">
            {kind.show(data)}
            <button
              type="button"
              className="icon-button"
              aria-label={`${t("lists.remove")}: ${kind.show(data)}`}
              onClick={() =>
                void acts.remove([id]).then(
                  () => setRemoved(id),
                  () => {},
                )
              }
            >
              <X className="i s" aria-hidden />
            </button>
          </span>
        ))}
        {removed ? (
          <span className="row g2 small t2" role="status">
            {t("lists.removed")}
            <button
              type="button"
              className="link"
              onClick={() =>
                void acts.restore([removed]).then(
                  () => setRemoved(null),
                  () => {},
                )
              }
            >
              {t("undo")}
            </button>
          </span>
        ) : null}
        {typed ? (
          <fieldset
            className="item-form"
            onKeyDown={(event) => {
              if (event.key !== "Escape" || event.defaultPrevented) return;
              event.preventDefault();
              close();
            }}
          >
            {kind.parts.map((part, index) => (
              <span key={part.name} className={`w-${part.width}`}>
                <BareCell
                  shape={part.shape}
                  value={typed[part.name] ?? null}
                  dataKey={`${kind.list}.new.${part.name}`}
                  label={`${t(`lists.${kind.list}`)}: ${t(`lists.${part.name}`).toLowerCase()}`}
                  caption={t(`lists.${part.name}`)}
                  suggestions={part.suggestions}
                  autoFocus={index === 0}
                  keep={(value) => setTyped((now) => ({ ...now, [part.name]: value }))}
                  {...judgedPart(part, limits)}
                />
              </span>
            ))}
            <button
              type="button"
              className="btn s"
              data-key={`${kind.list}.new.save`}
              data-half={isBegun(kind, typed) ? "" : undefined}
              onClick={add}
            >
              {t("lists.save")}
            </button>
            <Button size="s" variant="quiet" aria-label={t("lists.remove")} onClick={() => close()}>
              <X className="i s" aria-hidden />
            </Button>
          </fieldset>
        ) : (
          <button
            type="button"
            className="link add-item"
            data-key={`${kind.list}.add`}
            data-skip="yes"
            onClick={() => {
              setError(null);
              setTyped(kind.start());
            }}
          >
            <Plus className="i s" aria-hidden />
            <span>
              {t("lists.add")}
              <span className="vh">: {t(`lists.${kind.list}`).toLowerCase()}</span>
            </span>
            <Kbd keys="Alt A" />
          </button>
        )}
        {error ? (
          <p className="msg is-stop" role="alert">
            {error}
          </p>
        ) : null}
      </span>
    </div>
  );
}
