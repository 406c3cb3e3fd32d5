/** Changing what a booking is for, and calling one off. */
import { useState } from "react";
import { localTime } from "../../../src-shared/calendar/index.ts";
import { type AppointmentKind, appointmentKinds } from "../../../src-shared/scheduling/states.ts";
import { Button, Dialog, Select, TextInput, useT } from "../../ui/index.ts";
import type { DiaryActs } from "./acts.tsx";
import type { Visit } from "./geometry.ts";
import { nameOf } from "./visit.tsx";

interface Props {
  readonly visit: Visit;
  readonly acts: DiaryActs;
  onClose(): void;
}

export function EditDialog({ visit, acts, onClose }: Props) {
  const t = useT("diary");
  const [kind, setKind] = useState<AppointmentKind>(
    appointmentKinds.find((each) => each === visit.kind) ?? ("other" as const),
  );
  const [note, setNote] = useState(visit.note ?? "");
  // A kind of a newer version stays as it is unless somebody chooses another.
  const submit = () =>
    acts.change({ id: visit.id, note, ...(kind === visit.kind || isNewer(visit) ? {} : { kind }) }, onClose);
  return (
    <Dialog
      title={t("editTitle")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Enter" onClick={submit}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput label={t("note")} hint={t("noteHint")} value={note} onChange={setNote} onEnter={submit} autoFocus />
        <Select
          label={t("kind")}
          value={kind}
          options={appointmentKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChange={(value) => setKind(value as AppointmentKind)}
        />
      </div>
    </Dialog>
  );
}

const isNewer = (visit: Visit): boolean => !(appointmentKinds as readonly string[]).includes(visit.kind);

const reasons = ["rang", "ill", "moved", "practice"] as const;

export function CancelDialog({ visit, acts, zone, onClose }: Props & { readonly zone: string }) {
  const t = useT("diary");
  const [reason, setReason] = useState("");
  const submit = (text: string) => acts.cancel(visit, text, onClose);
  return (
    <Dialog
      title={t("cancelTitle", { name: nameOf(visit), time: localTime(visit.starts_at, zone) })}
      open
      onClose={onClose}
      actions={
        <Button variant="danger" keys="Enter" onClick={() => submit(reason)}>
          {t("cancelDo")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput
          label={t("cancelWhy")}
          value={reason}
          onChange={setReason}
          onEnter={() => submit(reason)}
          autoFocus
          maxLength={400}
        />
        <div className="row g2 wrap">
          {reasons.map((key) => (
            <Button key={key} size="s" onClick={() => submit(t(`cancelReasons.${key}`))}>
              {t(`cancelReasons.${key}`)}
            </Button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
