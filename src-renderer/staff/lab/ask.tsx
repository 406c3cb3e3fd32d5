import { useState } from "react";
import { useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, TextInput, useT } from "../../ui/index.ts";

export type AskKind = "hold" | "reject" | "tray" | "note";

/** One line of text that a move needs: a reason, a tray, a note. */
export function AskForReason({ kind, jobId, onClose }: { kind: AskKind; jobId: string; onClose: () => void }) {
  const t = useT("lab");
  const hold = useAct("lab.hold");
  const reject = useAct("lab.reject");
  const tray = useAct("lab.tray");
  const note = useAct("lab.note");
  const [text, setText] = useState("");
  const acts = {
    hold: () => hold.act({ jobId, reason: text }),
    reject: () => reject.act({ jobId, reason: text }),
    tray: () => tray.act({ jobId, tray: text }),
    note: () => note.act({ jobId, text }),
  };
  const error = { hold, reject, tray, note }[kind].error;
  const submit = () =>
    void acts[kind]()
      .then(onClose)
      .catch(() => {});
  const label = kind === "tray" ? t("trayNumber") : kind === "note" ? t("noteText") : t("reason");
  return (
    <Dialog
      title={t(kind)}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Enter" onClick={submit}>
          {t("do")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput label={label} value={text} onChange={setText} onEnter={submit} autoFocus autoComplete="off" />
        {error ? <Callout tone="stop">{error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
