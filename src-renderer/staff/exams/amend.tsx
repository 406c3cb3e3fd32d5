/**
 * Writing an amendment: fields and entries of lists found by name, each with its new value; entries added, drawings drawn
 * on; what has no field in words; and why.
 */
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { changeProblem, listOfFresh, saidIn } from "../../../src-shared/exams/amended.ts";
import type { Diagram } from "../../../src-shared/exams/diagram.ts";
import { type Output, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, TextInput, useLimits, useShortcuts, useT } from "../../ui/index.ts";
import { AmendDrawing } from "./amend-drawing.tsx";
import { type Choice, FindField, nameOf, useChoices } from "./amend-find.tsx";
import { ItemInput } from "./amend-item.tsx";
import { ValueInput } from "./amend-value.tsx";
import { AmendedRx } from "./amended-rx.tsx";
import { Begun, type BegunTexts } from "./begun.tsx";
import { type Halves, HalvesProvider } from "./fields/typing.ts";
import { valueWords } from "./record-fields.ts";

type Shown = Output<"exams.record">;
type Data = Readonly<Record<string, unknown>>;
interface Change {
  readonly key: string;
  /** Undefined while an entry is not whole. */
  readonly to: unknown;
  /** The parts of an entry, or of a contact lens, as they were typed. */
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
  const limits = useLimits();
  const [draft, setDraft] = useState<Amendment>(() => begun.get("amend") ?? nothing);
  const keep = (next: Amendment) => {
    begun.set("amend", next);
    setDraft(next);
  };
  const [anyHalf, setAnyHalf] = useState(false);
  const halves = useMemo(() => halvesOf(begun, setAnyHalf), [begun]);
  /** How often in a row it was to be signed over something half typed. */
  const [asked, setAsked] = useState(0);
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
  // The field may be out of sight in a long amendment.
  useEffect(() => {
    if (asked > 0) list.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [asked]);
  /** What was typed last is here before it is on the screen: Ctrl+Enter signs right behind leaving a field. */
  const latest = (): Amendment => begun.get("amend") ?? draft;
  const problemsOf = (changes: readonly Change[]) =>
    new Map(
      changes.flatMap(({ key, to }) => {
        if (to === undefined) return [[key, ""] as const];
        const problem = changeProblem(listOfFresh(key) ? `${listOfFresh(key)}:${noId}` : key, to, limits);
        return problem ? [[key, problem] as const] : [];
      }),
    );
  const problems = problemsOf(draft.changes);
  const set = (key: string, to: unknown, typed?: Data) =>
    keep({
      ...latest(),
      changes: latest().changes.map((change) =>
        change.key === key ? { key, to, ...(typed ? { typed } : {}) } : change,
      ),
    });
  const choose = ({ key, field, item, diagram }: Choice) => {
    if (diagram) return keep({ ...draft, drawings: [...draft.drawings, diagram] });
    if (!item) return keep({ ...draft, changes: [...draft.changes, { key, to: field ? saidIn(amended, key) : null }] });
    const typed = item.data ? item.kind.open(item.data) : item.kind.start();
    const made = item.kind.compose(typed, limits);
    const to = item.data ?? ("data" in made ? made.data : undefined);
    keep({ ...draft, changes: [...draft.changes, { key, to, typed }] });
  };
  const ofStrokes = draft.changes.filter(({ key }) => key.startsWith("stroke:"));
  const submit = () => {
    (document.activeElement as HTMLElement | null)?.blur();
    // What stands half typed in a field would not be in it.
    setAsked((times) => (halves.any() ? times + 1 : 0));
    setAnyHalf(halves.any());
    const { reason, text, changes } = latest();
    const empty = changes.length === 0 && text.trim() === "";
    if (amend.busy || empty || halves.any() || problemsOf(changes).size > 0) return;
    void amend
      .act({ id: examId, reason, content: text, changes: changes.map(({ key, to }) => ({ key, to })) })
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
  const blocked = problems.size > 0;
  const empty = draft.changes.length === 0 && draft.text.trim() === "";
  useShortcuts([{ keys: "Ctrl+Enter", label: t("amendDo"), group: t("title"), when: !blocked && !empty, run: submit }]);
  return (
    <Dialog
      title={t("amendTitle")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          keys="Ctrl Enter"
          busy={amend.busy}
          waits={blocked || (asked > 0 && anyHalf) ? t("amendProblem") : empty ? t("amendEmpty") : undefined}
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
                        typed={typed}
                        rigid={saidIn(amended, "contact_lenses.wear") === "rigid"}
                        onChange={(value, parts) => set(key, value, parts)}
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
                      halves.forget(key);
                      keep({ ...latest(), changes: latest().changes.filter((change) => change.key !== key) });
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
          <AmendedRx changes={draft.changes} content={amended} />
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
            onEnter={() => (blocked || empty ? undefined : submit())}
            autoComplete="off"
          />
          {draft.changes.some(({ key }) => ofPrescription.test(key)) ? <Callout>{t("amendRx")}</Callout> : null}
          {asked > 0 && anyHalf ? <Callout tone="stop">{t("amendHalf")}</Callout> : null}
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
/** What is half typed, or refused, in a field: beside the amendment on this PC's disk. */
function halvesOf(begun: BegunTexts, tell: (any: boolean) => void): AmendmentHalves {
  const name = "amend.halves";
  const all = () => begun.get<Data>(name) ?? {};
  const put = (next: Data) => {
    begun.set(name, Object.keys(next).length > 0 ? next : null);
    tell(Object.keys(next).length > 0);
  };
  return {
    half: (key) => all()[key] ?? null,
    typing(key, half) {
      const { [key]: _, ...others } = all();
      put(half === null ? others : { ...others, [key]: half });
    },
    any: () => Object.keys(all()).length > 0,
    forget: (change) => {
      const own = `amend.${change}`;
      put(
        Object.fromEntries(
          Object.entries(all()).filter(
            ([key]) => key !== own && !key.startsWith(`${own}.`) && !key.startsWith(`${own}:`),
          ),
        ),
      );
    },
  };
}

/** Stands in for the id that an entry gets when it is added. */
const noId = "0".repeat(32);

/** The key of the next entry of a list. */
function freshKey(key: string, changes: readonly Change[]): string {
  const list = listOfFresh(key);
  const used = changes.flatMap((change) =>
    listOfFresh(change.key) === list ? [Number(/\d+$/.exec(change.key)?.[0] ?? 0)] : [],
  );
  return `${list}:new${Math.max(0, ...used) + 1}`;
}
