/** Writing an amendment: fields found by name, each with its new value; what has no field in words; and why. */
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { changeProblem, saidIn } from "../../../src-shared/exams/amended.ts";
import { type Output, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, TextInput, usePlace, useT } from "../../ui/index.ts";
import { ValueInput } from "./amend-value.tsx";
import { type RecordField, recordFields, valueWords } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import { wordOf } from "./words.ts";

type Shown = Output<"exams.record">;
interface Choice {
  readonly key: string;
  readonly label: string;
  readonly where: string;
  /** Null for an entry of a list, which is struck out as a whole. */
  readonly field: RecordField | null;
}
interface Begun {
  readonly reason: string;
  readonly text: string;
  readonly changes: readonly { readonly key: string; readonly to: unknown }[];
}
/** What was begun and not signed stays until the window closes: closing the dialog loses nothing. */
const begun = new Map<string, Begun>();
const nothing: Begun = { reason: "", text: "", changes: [] };
const ofPrescription = /^([rl]_(?!va)|near\.inter_add|bvd$|rx_months$|purpose$)/;

export function AmendDialog({ record, onClose }: { record: Shown; onClose: () => void }) {
  const t = useT("record");
  const { examId, amended } = record;
  const amend = useAct("exams.amend");
  const [draft, setDraft] = useState<Begun>(begun.get(examId) ?? nothing);
  const [bad, setBad] = useState<ReadonlySet<string>>(new Set());
  const keep = (next: Begun) => {
    begun.set(examId, next);
    setDraft(next);
  };
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
      const problem = changeProblem(key, to ?? null);
      return problem ? [[key, problem] as const] : [];
    }),
  );
  const set = (key: string, to: unknown) =>
    keep({ ...draft, changes: draft.changes.map((change) => (change.key === key ? { key, to } : change)) });
  const submit = () =>
    void amend
      .act({ id: examId, reason: draft.reason, content: draft.text, changes: [...draft.changes] })
      .then(({ prescriptionId }) => {
        begun.delete(examId);
        notify({
          tone: "done",
          title: t("amended"),
          ...(prescriptionId ? { body: t("amendedIssued") } : {}),
        });
        onClose();
      })
      .catch(() => {});
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
      <div className="stack">
        <FindField
          choices={choices.filter(({ key }) => !draft.changes.some((change) => change.key === key))}
          choose={({ key, field }) =>
            keep({ ...draft, changes: [...draft.changes, { key, to: field ? saidIn(amended, key) : null }] })
          }
        />
        <div className="amend-changes" ref={list}>
          {draft.changes.map(({ key, to }) => {
            const choice = choices.find((each) => each.key === key);
            if (!choice) return null;
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
                  ) : (
                    <p>
                      <b>{t("strikeOut")}</b>: <del>{choice.label}</del>
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
                    keep({ ...draft, changes: draft.changes.filter((change) => change.key !== key) });
                  }}
                >
                  <X className="i s" aria-hidden />
                </button>
              </div>
            );
          })}
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
        {amend.error ? <Callout tone="stop">{amend.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
const nameOf = ({ label, where }: Choice) => (where ? `${label}, ${where}` : label);

/** Every field, and every entry of a list that stands in the record. */
function useChoices({ amended }: Shown): readonly Choice[] {
  const t = useT("record");
  const { timeZone } = usePlace();
  return useMemo(
    () => [
      ...recordFields(amended).map((field) => ({
        key: field.key,
        label: field.label,
        where: field.eye ? wordOf(field.eye).toLowerCase() : "",
        field,
      })),
      ...Object.entries(amended.items).flatMap(([list, items]) =>
        list === "stroke" || list === "supervision"
          ? []
          : items.map(({ id, ...data }) => ({
              key: `${list}:${id}`,
              label: `${t(`lists.${list}`)}: ${itemWords(list, data, timeZone)}`,
              where: "",
              field: null,
            })),
      ),
    ],
    [amended, t, timeZone],
  );
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
