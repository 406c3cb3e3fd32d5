import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, EmptyState, TextInput, useT } from "../../ui/index.ts";
import { PatientList, RegisterPatient, usePatientSearch } from "../patients/index.tsx";
import { emptyBasket } from "./basket.ts";
import type { StepProps } from "./wizard.tsx";

export function PatientStep({ set }: StepProps) {
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
