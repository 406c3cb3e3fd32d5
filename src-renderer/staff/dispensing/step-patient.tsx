import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, EmptyState, TextInput, useT } from "../../ui/index.ts";
import { PatientList, RegisterPatient, usePatientSearch } from "../patients/index.tsx";
import { emptyBasket } from "./basket.ts";
import type { StepProps } from "./wizard.tsx";

export function PatientStep({ set }: StepProps) {
  const t = useT("dispensing");
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [registering, setRegistering] = useState(false);
  const found = usePatientSearch(text);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const choose = (index: number) => {
    const patient = found[index];
    if (patient) set({ ...emptyBasket, patientId: patient.id, step: "frame" });
  };
  return (
    <>
      <div className="pad row g3 finder">
        <TextInput
          onArrow={(by) => setAt((index) => Math.max(0, Math.min(found.length - 1, index + by)))}
          className="grow"
          label={t("find")}
          value={text}
          inputRef={box}
          autoComplete="off"
          onChange={(value) => {
            setText(value);
            setAt(0);
          }}
          onEnter={() => choose(at)}
        />
        <Button onClick={() => setRegistering(true)}>{t("register")}</Button>
      </div>
      {found.length > 0 ? (
        <PatientList patients={found} at={at} choose={choose} />
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
