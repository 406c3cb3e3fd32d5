/** What can be done about a card: one primary act, the others beside it, a word of why where somebody else reads it. */
import { useState } from "react";
import { type Input, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { EditValues, editKey } from "./attention-values.tsx";
import type { Card, Typed } from "./fields.ts";

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
const keys: Partial<Record<Action, string>> = {
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
  const decide = useAct("sync.decide");
  const [asking, setAsking] = useState<Action | null>(null);
  const actions = order.filter((action) => card.actions.includes(action));
  const send = async (action: Action, more: Partial<Input<"sync.decide">> = {}) => {
    await decide.act({ id: card.id, action, ...more });
    setAsking(null);
  };
  const press = (action: Action) => {
    decide.reset();
    if (asks[action] || action === "edit" || (action === "restore" && card.conflict?.changedSince)) setAsking(action);
    else void send(action, card.conflict ? { seen: card.conflict.now } : {}).catch(() => {});
  };
  useShortcuts(
    actions.map((action) => ({
      keys: keys[action] ?? "",
      label: t(`act.${action}`),
      group: t("needs"),
      when: asking === null && keys[action] !== undefined,
      run: () => press(action),
    })),
  );
  if (actions.length === 0) return null;
  const primary = card.kind === "conflict" ? null : actions.at(-1);
  return (
    <>
      {decide.error && !asking ? <Callout tone="stop">{decide.error.message}</Callout> : null}
      <div className="acts">
        {actions.map((action) => (
          <Button
            key={action}
            variant={action === primary ? "primary" : action === "discard" ? "quiet" : "default"}
            {...(keys[action] ? { keys: keys[action] } : {})}
            busy={decide.busy}
            onClick={() => press(action)}
          >
            {t(`act.${action}`)}
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
  const [reason, setReason] = useState("");
  const needed = asks[action] === "must" && reason.trim().length < 3;
  const submit = () => {
    if (!needed) void onSend(reason.trim()).catch(() => {});
  };
  return (
    <Dialog
      title={t(`ask.${action}`)}
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
        <p className="t2">{t(`askText.${action}`, { count: card.following.length + 1 })}</p>
        {asks[action] ? (
          <TextInput label={t(`why.${action}`)} value={reason} onChange={setReason} onEnter={submit} />
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
  return (
    <Dialog
      title={t("ask.edit")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={submit}>
          {t(edits.size > 0 ? "sendCorrected" : "act.retry")}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("askText.edit", { count: card.following.length + 1 })}</p>
        <EditValues typed={all} edits={edits} onChange={change} />
        {error ? <Callout tone="stop">{error}</Callout> : null}
      </div>
    </Dialog>
  );
}
