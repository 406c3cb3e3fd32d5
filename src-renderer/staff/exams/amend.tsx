/**
 * Writing an amendment: fields and entries of lists found by name, each with its new value; entries added, drawings drawn
 * on; what has no field in words; and why.
 */
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { changeProblem, listOfFresh, saidIn } from "../../../src-shared/exams/amended.ts";
import type { Diagram } from "../../../src-shared/exams/diagram.ts";
import { diagrams } from "../../../src-shared/exams/items.ts";
import { type Output, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, TextInput, usePlace, useT } from "../../ui/index.ts";
import { AmendDrawing } from "./amend-drawing.tsx";
import { ItemInput } from "./amend-item.tsx";
import { amendKinds, isAmendedList } from "./amend-kinds.ts";
import { ValueInput } from "./amend-value.tsx";
import { Begun, type BegunTexts } from "./begun.tsx";
import { type Halves, HalvesProvider } from "./fields/typing.ts";
import { type RecordField, recordFields, valueWords } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import type { ListKind } from "./sections/item-list.tsx";
import { wordOf } from "./words.ts";

type Shown = Output<"exams.record">;
interface Choice {
  readonly key: string;
  readonly label: string;
  readonly where: string;
  /** Null for what is no field: an entry of a list, or a drawing. */
  readonly field: RecordField | null;
  readonly item?: { readonly kind: ListKind; readonly data: Data | null };
  readonly diagram?: Diagram;
}
type Data = Readonly<Record<string, unknown>>;
interface Change {
  readonly key: string;
  /** Undefined while an entry is not whole. */
  readonly to: unknown;
  /** The parts of an entry as they were typed. */
  readonly typed?: Data;
}
interface Amendment {
  readonly reason: string;
  readonly text: string;
  readonly changes: readonly Change[];
  /** Drawings that are open, whether anything was drawn yet or not. */
  readonly drawings: readonly Diagram[];
}
const nothing: Amendment = { reason: "", text: "", changes: [], drawings: [] };
const ofPrescription = /^([rl]_(?!va)|near\.inter_add|bvd$|rx_months$|purpose$)/;

export function AmendDialog({ record, onClose }: { record: Shown; onClose: () => void }) {
  return <Begun examId={record.examId}>{(begun) => <Amend record={record} begun={begun} onClose={onClose} />}</Begun>;
}

function Amend({ record, begun, onClose }: { record: Shown; begun: BegunTexts; onClose: () => void }) {
  const t = useT("record");
  const { examId, amended } = record;
  const amend = useAct("exams.amend");
  const [draft, setDraft] = useState<Amendment>(() => begun.get("amend") ?? nothing);
  const [bad, setBad] = useState<ReadonlySet<string>>(new Set());
  const keep = (next: Amendment) => {
    begun.set("amend", next);
    setDraft(next);
  };
  const halves = useMemo(() => halvesOf(begun), [begun]);
  const [half, setHalf] = useState(false);
  const choices = useChoices(record);
  const list = useRef<HTMLDivElement>(null);
  const chosen = draft.changes.length;
  const shown = useRef(chosen);
  // Whoever chose a field types its value next.
  useEffect(() => {
    if (chosen > shown.current)
      list.current?.querySelector<HTMLElement>(".amend-change:last-child :is(input, select, textarea)")?.focus();
    shown.current = chosen;
  }, [chosen]);
  const problems = new Map(
    draft.changes.flatMap(({ key, to }) => {
      if (to === undefined) return [[key, ""] as const];
      const problem = listOfFresh(key) ? null : changeProblem(key, to);
      return problem ? [[key, problem] as const] : [];
    }),
  );
  const set = (key: string, to: unknown, typed?: Data) =>
    keep({
      ...draft,
      changes: draft.changes.map((change) => (change.key === key ? { key, to, ...(typed ? { typed } : {}) } : change)),
    });
  const choose = ({ key, field, item, diagram }: Choice) => {
    if (diagram) return keep({ ...draft, drawings: [...draft.drawings, diagram] });
    if (!item) return keep({ ...draft, changes: [...draft.changes, { key, to: field ? saidIn(amended, key) : null }] });
    const typed = item.data ? item.kind.open(item.data) : item.kind.start();
    const made = item.kind.compose(typed);
    const to = item.data ?? ("data" in made ? made.data : undefined);
    keep({ ...draft, changes: [...draft.changes, { key, to, typed }] });
  };
  const ofStrokes = draft.changes.filter(({ key }) => key.startsWith("stroke:"));
  const submit = () => {
    // What stands half typed in a field would not be in it.
    setHalf(halves.any());
    if (halves.any()) return;
    void amend
      .act({
        id: examId,
        reason: draft.reason,
        content: draft.text,
        changes: draft.changes.map(({ key, to }) => ({ key, to })),
      })
      .then(({ prescriptionId }) => {
        begun.set("amend", null);
        notify({
          tone: "done",
          title: t("amended"),
          ...(prescriptionId ? { body: t("amendedIssued") } : {}),
        });
        onClose();
      })
      .catch(() => {});
  };
  const blocked = problems.size > 0 || bad.size > 0;
  return (
    <Dialog
      title={t("amendTitle")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          busy={amend.busy}
          waits={
            blocked
              ? t("amendProblem")
              : draft.changes.length === 0 && draft.text.trim() === ""
                ? t("amendEmpty")
                : undefined
          }
          onClick={submit}
        >
          {t("amendDo")}
        </Button>
      }
    >
      <HalvesProvider value={halves}>
        <div className="stack">
          <FindField
            choices={choices
              .filter(({ key, diagram }) =>
                diagram ? !draft.drawings.includes(diagram) : !draft.changes.some((change) => change.key === key),
              )
              .map((choice) =>
                // Each one that is added has a name of its own until it is signed.
                listOfFresh(choice.key) ? { ...choice, key: freshKey(choice.key, draft.changes) } : choice,
              )}
            choose={choose}
          />
          <div className="amend-changes" ref={list}>
            {draft.changes.map(({ key, to, typed }) => {
              const choice = choices.find((each) => each.key === (listOfFresh(key) ? `${listOfFresh(key)}:new0` : key));
              if (!choice) return null;
              const { item } = choice;
              const was = choice.field ? valueWords(choice.field, saidIn(amended, key)) : choice.label;
              return (
                <div key={key} className="amend-change">
                  <div className="grow">
                    {choice.field ? (
                      <ValueInput
                        field={choice.field}
                        label={nameOf(choice)}
                        value={to}
                        problem={problems.get(key) ?? null}
                        onChange={(value) => set(key, value)}
                        onBad={(yes) =>
                          setBad((now) => {
                            const next = new Set(now);
                            if (yes) next.add(key);
                            else next.delete(key);
                            return next;
                          })
                        }
                      />
                    ) : item && to !== null ? (
                      <>
                        <ItemInput
                          kind={item.kind}
                          dataKey={`amend.${key}`}
                          label={choice.label}
                          typed={typed ?? {}}
                          onChange={(now, data) => set(key, data ?? undefined, now)}
                        />
                        {problems.get(key) ? <p className="msg is-stop">{problems.get(key)}</p> : null}
                        {item.data ? (
                          <button
                            type="button"
                            className="link small"
                            onClick={() => {
                              halves.forget(key);
                              set(key, null, typed);
                            }}
                          >
                            {t("strikeOut")}
                          </button>
                        ) : null}
                      </>
                    ) : (
                      <p className="row g2">
                        <span>
                          <b>{t("struckOut")}</b>: <del>{choice.label}</del>
                        </span>
                        {item?.data ? (
                          <button
                            type="button"
                            className="link small"
                            onClick={() => set(key, item.data, typed ?? item.kind.open(item.data as Data))}
                          >
                            {t("strikeBack")}
                          </button>
                        ) : null}
                      </p>
                    )}
                    {choice.field ? <p className="small t3">{t("amendWas", { was: was || t("nothing") })}</p> : null}
                  </div>
                  <button
                    type="button"
                    className="btn quiet s"
                    aria-label={t("remove", { field: nameOf(choice) })}
                    onClick={() => {
                      setBad((now) => new Set([...now].filter((each) => each !== key)));
                      halves.forget(key);
                      keep({ ...draft, changes: draft.changes.filter((change) => change.key !== key) });
                    }}
                  >
                    <X className="i s" aria-hidden />
                  </button>
                </div>
              );
            })}
            {draft.drawings.map((diagram) => (
              <AmendDrawing
                key={diagram}
                diagram={diagram}
                content={amended}
                changes={ofStrokes}
                onChange={(strokes) =>
                  keep({
                    ...draft,
                    changes: [...draft.changes.filter(({ key }) => !key.startsWith("stroke:")), ...strokes],
                  })
                }
              />
            ))}
          </div>
          <TextInput
            label={t("amendText")}
            value={draft.text}
            onChange={(text) => keep({ ...draft, text })}
            multiline={3}
          />
          <TextInput
            label={t("why")}
            hint={t("whyHint")}
            value={draft.reason}
            onChange={(reason) => keep({ ...draft, reason })}
            onEnter={() => (blocked ? undefined : submit())}
            autoComplete="off"
          />
          {draft.changes.some(({ key }) => ofPrescription.test(key)) ? <Callout>{t("amendRx")}</Callout> : null}
          {half ? <Callout tone="stop">{t("amendHalf")}</Callout> : null}
          {amend.error ? <Callout tone="stop">{amend.error.message}</Callout> : null}
        </div>
      </HalvesProvider>
    </Dialog>
  );
}

interface AmendmentHalves extends Halves {
  any(): boolean;
  /** Of a change that was taken out again. */
  forget(change: string): void;
}
/** What is half typed in the fields of an amendment, beside it on this PC's disk. */
function halvesOf(begun: BegunTexts): AmendmentHalves {
  const name = "amend.halves";
  const all = () => begun.get<Data>(name) ?? {};
  const put = (next: Data) => begun.set(name, Object.keys(next).length > 0 ? next : null);
  return {
    half: (key) => all()[key] ?? null,
    typing(key, half) {
      const { [key]: _, ...others } = all();
      put(half === null ? others : { ...others, [key]: half });
    },
    any: () => Object.keys(all()).length > 0,
    forget: (change) => {
      const own = `amend.${change}`;
      put(Object.fromEntries(Object.entries(all()).filter(([key]) => key !== own && !key.startsWith(`${own}.`))));
    },
  };
}

const nameOf = ({ label, where }: Choice) => (where ? `${label}, ${where}` : label);

/** The key of the next entry of a list. */
function freshKey(key: string, changes: readonly Change[]): string {
  const list = listOfFresh(key);
  const used = changes.flatMap((change) =>
    listOfFresh(change.key) === list ? [Number(/\d+$/.exec(change.key)?.[0] ?? 0)] : [],
  );
  return `${list}:new${Math.max(0, ...used) + 1}`;
}

/** Every field, every entry of a list that stands in the record, what can be added to each list, and both drawings. */
function useChoices({ amended, signedAt }: Shown): readonly Choice[] {
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

function FindField({ choices, choose }: { choices: readonly Choice[]; choose: (choice: Choice) => void }) {
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
