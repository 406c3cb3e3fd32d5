/** What can be done about a card: one primary act, the others beside it, a word of why where somebody else reads it. */
import { useState } from "react";
import { formatMoney } from "../../../src-shared/money/money.ts";
import { type Input, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, TextInput, usePlace, useShortcuts, useT } from "../../ui/index.ts";
import { EditValues, editKey } from "./attention-values.tsx";
import { type Card, type Typed, valueText } from "./fields.ts";
import { cardName, takenFor } from "./words.ts";

type Action = Card["actions"][number];
/** Acts that ask for words first. */
const asks: Partial<Record<Action, "must" | "may">> = {
  discard: "must",
  approve: "must",
  decline: "must",
  give_back: "must",
  follow_up: "must",
  hand_over: "may",
};
export const actionKeys: Partial<Record<Action, string>> = {
  edit: "E",
  retry: "S",
  send: "S",
  hand_over: "H",
  approve: "A",
  decline: "D",
  keep: "1",
  restore: "2",
  noted: "N",
  follow_up: "F",
  give_back: "G",
};
/** In the order of the buttons; the last is the one to press. */
const order: readonly Action[] = [
  "discard",
  "give_back",
  "decline",
  "follow_up",
  "hand_over",
  "keep",
  "restore",
  "edit",
  "noted",
  "retry",
  "send",
  "approve",
];

export function CardActions({ card }: { card: Card }) {
  const t = useT("sync");
  const place = usePlace();
  const decide = useAct("sync.decide");
  const [asking, setAsking] = useState<Action | null>(null);
  const actions = order.filter((action) => card.actions.includes(action));
  const send = async (action: Action, more: Partial<Input<"sync.decide">> = {}) => {
    await decide.act({ id: card.id, action, ...more });
    setAsking(null);
    notify({ tone: "done", title: t(`did.${action}`), body: cardName(t, card) });
  };
  const press = (action: Action) => {
    decide.reset();
    if (asks[action] || action === "edit" || (action === "restore" && card.conflict?.changedSince)) setAsking(action);
    else void send(action, card.conflict ? { seen: card.conflict.now } : {}).catch(() => {});
  };
  useShortcuts(
    actions.map((action) => ({
      keys: actionKeys[action] ?? "",
      label: t(`act.${action}`),
      group: t("needs"),
      when: asking === null && actionKeys[action] !== undefined,
      run: () => press(action),
    })),
  );
  if (actions.length === 0) return null;
  /** Of two values each button names its own. */
  const wordsOf = (action: Action) => {
    const { conflict } = card;
    const value = action === "keep" ? conflict?.now : action === "restore" ? conflict?.lost : null;
    return conflict && value
      ? t(`act.${action}This`, { value: short(valueText(conflict, value, place)) })
      : t(`act.${action}`);
  };
  const primary = card.kind === "conflict" ? null : actions.at(-1);
  return (
    <>
      {decide.error && !asking ? <Callout tone="stop">{decide.error.message}</Callout> : null}
      <div className="acts">
        {actions.map((action) => (
          <Button
            key={action}
            variant={action === primary ? "primary" : action === "discard" ? "quiet" : "default"}
            {...(actionKeys[action] ? { keys: actionKeys[action] } : {})}
            busy={decide.busy}
            onClick={() => press(action)}
          >
            {wordsOf(action)}
          </Button>
        ))}
      </div>
      {asking === "edit" ? (
        <EditDialog
          card={card}
          error={decide.error?.message}
          onClose={() => setAsking(null)}
          onSend={(edits) => send("edit", { edits })}
        />
      ) : asking ? (
        <ReasonDialog
          card={card}
          action={asking}
          error={decide.error?.message}
          onClose={() => setAsking(null)}
          onSend={(reason) =>
            send(asking, { ...(reason ? { reason } : {}), ...(card.conflict ? { seen: card.conflict.now } : {}) })
          }
        />
      ) : null}
    </>
  );
}

/** What fits on a button. */
function short(words: string): string {
  return words.length > 24 ? `${words.slice(0, 23).trimEnd()}…` : words;
}

function ReasonDialog({
  card,
  action,
  error,
  onClose,
  onSend,
}: {
  card: Card;
  action: Action;
  error: string | undefined;
  onClose: () => void;
  onSend: (reason: string) => Promise<void>;
}) {
  const t = useT("sync");
  const { currency } = usePlace();
  const [reason, setReason] = useState("");
  const words = { name: cardName(t, card), who: card.who ?? t("somebody"), count: card.following.length };
  const taken = action === "discard" ? takenFor(card) : 0;
  const needed = asks[action] === "must" && reason.trim().length < 3;
  const submit = () => {
    if (!needed) void onSend(reason.trim()).catch(() => {});
  };
  return (
    <Dialog
      title={t(`ask.${action}`, words)}
      open
      onClose={onClose}
      actions={
        <Button
          variant={action === "discard" || action === "decline" ? "danger" : "primary"}
          keys="Enter"
          {...(needed ? { waits: t("reasonFirst") } : {})}
          onClick={submit}
        >
          {t(`act.${action}`)}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t(`askText.${action}`, words)}</p>
        {taken > 0 ? <Callout tone="look">{t("moneyTaken", { amount: formatMoney(taken, currency) })}</Callout> : null}
        {asks[action] ? (
          <TextInput label={t(`why.${action}`, words)} value={reason} onChange={setReason} onEnter={submit} />
        ) : null}
        {error ? <Callout tone="stop">{error}</Callout> : null}
      </div>
    </Dialog>
  );
}

function EditDialog({
  card,
  error,
  onClose,
  onSend,
}: {
  card: Card;
  error: string | undefined;
  onClose: () => void;
  onSend: (edits: { body: string; field: string; value: unknown }[]) => Promise<void>;
}) {
  const t = useT("sync");
  const [edits, setEdits] = useState<ReadonlyMap<string, unknown>>(new Map());
  const all = [card.typed, ...card.following.map(({ typed }) => typed)].flat();
  const change = (value: Typed, next: unknown) => {
    const changed = new Map(edits);
    if (next === value.value) changed.delete(editKey(value));
    else changed.set(editKey(value), next);
    setEdits(changed);
  };
  const submit = () =>
    void onSend(
      all
        .filter((value) => edits.has(editKey(value)))
        .map((value) => ({ body: value.body, field: value.field, value: edits.get(editKey(value)) })),
    ).catch(() => {});
  useShortcuts([{ keys: "Ctrl+Enter", label: t("act.edit"), group: t("needs"), run: submit }]);
  return (
    <Dialog
      title={t("ask.edit", { name: cardName(t, card) })}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" onClick={submit}>
          {t(edits.size > 0 ? "sendCorrected" : "act.retry")}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("askText.edit", { count: card.following.length })}</p>
        {all.some(({ entity }) => entity === "sale_line") ? <p className="t2">{t("linesFixed")}</p> : null}
        <EditValues typed={all} edits={edits} onChange={change} />
        {error ? <Callout tone="stop">{error}</Callout> : null}
      </div>
    </Dialog>
  );
}
