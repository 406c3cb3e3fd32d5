import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Dialog, Select, TextInput, useT } from "../../ui/index.ts";
import { PatientList, usePatientSearch } from "../patients/index.tsx";

export function NewCase({
  patientId,
  onClose,
  onDone,
}: {
  patientId: string | null;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const t = useT("cases");
  const open = useAct("cases.open");
  const [chosen, setChosen] = useState(patientId);
  const [search, setSearch] = useState("");
  const [subject, setSubject] = useState("");
  const [channel, setChannel] = useState("phone");
  const [urgency, setUrgency] = useState("R");
  const [body, setBody] = useState("");
  const { found, at, pick, arrow, enter } = usePatientSearch(chosen ? "" : search, ({ id }) => setChosen(id));
  const patient = useLive("patients.summary", { id: chosen ?? "" }, { enabled: chosen !== null }).data?.patient;
  const submit = () =>
    void open
      .act({ patientId: chosen, subject, channel: channel as "phone", urgency: urgency as "R", body })
      .then(({ id }) => onDone(id))
      .catch(() => {});
  return (
    <Dialog
      title={t("newCase")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={open.busy} onClick={submit}>
          {t("open")}
        </Button>
      }
    >
      <div className="stack">
        {chosen && patient ? (
          <div className="row g3">
            <span className="grow">
              <span className="label">{t("patient")}</span>{" "}
              <b>
                {patient.given_name} {patient.family_name}
              </b>{" "}
              <span className="t3">{patient.number}</span>
            </span>
            <Button size="s" onClick={() => setChosen(null)}>
              ×
            </Button>
          </div>
        ) : (
          <>
            <TextInput
              label={t("findPatient")}
              value={search}
              onChange={setSearch}
              autoComplete="off"
              onArrow={arrow}
              onEnter={enter}
            />
            <PatientList patients={found.slice(0, 5)} at={at} choose={pick} />
          </>
        )}
        <TextInput label={t("subject")} value={subject} onChange={setSubject} autoComplete="off" />
        <div className="grid2">
          <Select
            label={t("channel")}
            value={channel}
            onChange={setChannel}
            options={["phone", "counter", "email"].map((value) => ({ value, label: t(`channels.${value}`) }))}
          />
          <Select
            label={t("urgency")}
            value={urgency}
            onChange={setUrgency}
            options={["R", "W", "U", "E1", "E0"].map((value) => ({ value, label: t(`levels.${value}`) }))}
          />
        </div>
        <TextInput label={t("words")} value={body} onChange={setBody} multiline={4} />
        {open.error ? <Callout tone="stop">{open.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
