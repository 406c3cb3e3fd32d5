/** Clinical data in an emergency: the reason is asked for, and who opened it when and why stands over what is shown. */
import { ShieldAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { emergencyLasts, emergencyReason } from "../../../src-shared/patients/emergency.ts";
import { queryClient, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, instantText, TextInput, usePlace, useShortcuts, useT } from "../../ui/index.ts";

const minutes = emergencyLasts / 60_000;

export function EmergencyButton({ open }: { open: () => void }) {
  const t = useT("patients");
  return (
    <Button icon={ShieldAlert} keys="G" onClick={open}>
      {t("emergency.open")}
    </Button>
  );
}

export function EmergencyDialog({ patientId, onClose }: { patientId: string; onClose: () => void }) {
  const t = useT("patients");
  const { act, busy, error } = useAct("patients.breakGlass");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < emergencyReason.least;
  const submit = () => {
    setTried(true);
    if (!short)
      void act({ patientId, reason })
        .then(onClose)
        .catch(() => {});
  };
  useShortcuts([{ keys: "Ctrl+Enter", label: t("emergency.open"), group: t("title"), run: submit }]);
  return (
    <Dialog
      title={t("emergency.title")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" busy={busy} onClick={submit}>
          {t("emergency.do", { minutes })}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("emergency.text", { minutes })}</p>
        <TextInput
          label={t("emergency.reason")}
          value={reason}
          onChange={setReason}
          multiline={3}
          autoFocus
          error={tried && short ? t("emergency.short") : null}
        />
        {error ? <Callout tone="stop">{error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}

interface Opened {
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly reason: string;
}
/** Stands over what is shown for as long as it is open; when the time is over, everything is asked for anew. */
export function EmergencyStrip({ opened }: { opened: Opened | null }) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  const until = opened?.until ?? null;
  useEffect(() => {
    if (until === null) return;
    const over = setTimeout(() => void queryClient.resetQueries(), Math.max(0, until - Date.now()) + 100);
    return () => clearTimeout(over);
  }, [until]);
  if (!opened) return null;
  const time = (at: number) => instantText(at, timeZone, "time");
  return (
    <div className="pt-strip">
      <Callout tone="stop" title={t("emergency.is")}>
        {t("emergency.by", { who: opened.by, time: time(opened.at), reason: opened.reason, until: time(opened.until) })}
      </Callout>
    </div>
  );
}
