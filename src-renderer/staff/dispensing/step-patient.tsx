import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { call, type Output } from "../../api/index.ts";
import { Button, Callout, EmptyState, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { PatientList, RegisterPatient, usePatientSearch } from "../patients/index.tsx";
import { emptyBasket } from "./basket.ts";
import type { StepProps } from "./wizard.tsx";

export function PatientStep({ basket, set, takeOn }: StepProps & { takeOn: (userId: string) => void }) {
  const t = useT("dispensing");
  const [text, setText] = useState("");
  const [registering, setRegistering] = useState(false);
  const { found, at, pick, arrow, enter } = usePatientSearch(text, (patient) =>
    set({ ...emptyBasket, patientId: patient.id, step: "frame" }),
  );
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <>
      <div className="pad row g3 finder">
        <TextInput
          onArrow={arrow}
          className="grow"
          label={t("find")}
          value={text}
          inputRef={box}
          autoComplete="off"
          onChange={setText}
          onEnter={enter}
        />
        <Button onClick={() => setRegistering(true)}>{t("register")}</Button>
      </div>
      {basket.patientId === null ? <Begun takeOn={takeOn} /> : null}
      {found.length > 0 ? (
        <PatientList patients={found} at={at} choose={pick} />
      ) : (
        <EmptyState icon={Search} title={t("start")}>
          {t("startText")}
        </EmptyState>
      )}
      {registering ? (
        <RegisterPatient
          initial={text}
          onClose={() => setRegistering(false)}
          onDone={(patientId) => {
            setRegistering(false);
            set({ ...emptyBasket, patientId, step: "frame" });
          }}
        />
      ) : null}
    </>
  );
}

/** What a colleague began at this till is taken on where they left it. */
function Begun({ takeOn }: { takeOn: (userId: string) => void }) {
  const t = useT("dispensing");
  const [begun, setBegun] = useState<Output<"dispensing.begun">>(null);
  useEffect(() => void call("dispensing.begun").then(setBegun, () => {}), []);
  const run = () => begun && takeOn(begun.userId);
  useShortcuts(begun ? [{ keys: "Alt+T", label: t("takeOn"), group: t("title"), run }] : []);
  if (!begun) return null;
  return (
    <div className="pad">
      <Callout tone="info">
        <div className="row g3">
          <span className="grow">{t("begun", { by: begun.by, patient: begun.patient })}</span>
          <Button size="s" keys="Alt T" onClick={run}>
            {t("takeOn")}
          </Button>
        </div>
      </Callout>
    </div>
  );
}
