/** Between trainee and supervisor: who signed and waits, what the supervisor wants to be seen to. */
import { useState } from "react";
import { useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, notify, TextInput, useT, When } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { type Detail, useItems, useOpened } from "./opened.ts";

export function Supervision({ data: { submission } }: { data: Detail }) {
  const t = useT("exams");
  const { person } = useSession();
  const notes = useItems("supervision");
  const latest = notes.at(-1);
  // A note that is older than the last signature has been seen to.
  const open = latest && (!submission || Number(latest.data.at) > submission.at) ? latest : null;
  if (!submission && !open) return null;
  return (
    <div className="pad stack">
      {open ? (
        <Callout tone="look" title={t("supervision")}>
          <p>{String(open.data.note)}</p>
          <p className="small t3">
            <When at={Number(open.data.at)} />
          </p>
        </Callout>
      ) : submission ? (
        <Callout
          tone="info"
          title={submission.authorId === person.id ? t("submittedMine") : t("submittedBy", { name: submission.author })}
        >
          <When at={submission.at} />
        </Callout>
      ) : null}
    </div>
  );
}

const half = "supervision.note";

/** Back to whoever signed, with what to see to. */
export function SendBack({ data: { exam, submission } }: { data: Detail }) {
  const t = useT("exams");
  const give = useAct("exams.return");
  const [open, setOpen] = useState(false);
  const { save } = useOpened();
  const [note, setText] = useState(() => String(save.half(half) ?? ""));
  const setNote = (text: string) => {
    setText(text);
    save.typing(half, text === "" ? null : text);
  };
  const send = () =>
    void give
      .act({ id: exam.id, note })
      .then(() => {
        setOpen(false);
        setNote("");
        notify({ tone: "done", title: t("sentBack") });
      })
      .catch(() => {});
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("sendBack")}</Button>
      <Dialog
        title={t("sendBackTitle")}
        open={open}
        onClose={() => setOpen(false)}
        actions={
          <Button variant="primary" busy={give.busy} onClick={send}>
            {t("sendBack")}
          </Button>
        }
      >
        <div className="stack">
          <TextInput
            label={t("sendBackNote", { name: submission?.author ?? "" })}
            value={note}
            onChange={setNote}
            multiline={3}
          />
          {give.error ? <Callout tone="stop">{give.error.message}</Callout> : null}
        </div>
      </Dialog>
    </>
  );
}
