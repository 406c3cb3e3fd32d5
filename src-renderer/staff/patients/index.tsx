/** Finding a patient, and everything about one. */
import { FolderInput, Search, UserPlus } from "lucide-react";
import { lazy, useEffect, useRef, useState } from "react";
import {
  addTexts,
  Button,
  EmptyState,
  go,
  PageHead,
  TextInput,
  useParam,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { openFound } from "../shell/search.tsx";
import { useSession } from "../shell/session.tsx";
import { EmergencyStrip } from "./emergency.tsx";
import { enGB } from "./en-GB.ts";
import { PatientScreen } from "./patient.tsx";
import { AddPrescription } from "./prescription.tsx";
import { RegisterPatient } from "./register.tsx";
import { PatientList, ThingList, useEverything, usePatientSearch } from "./search.tsx";
import "./patients.css";

addTexts("patients", enGB);

export type { FoundPatient } from "./search.tsx";
export { AddPrescription, EmergencyStrip, PatientList, RegisterPatient, usePatientSearch };

const MovingIn = lazy(() => import("./import/index.tsx"));

export default function Patients() {
  const id = useParam();
  if (id === "import") return <MovingIn />;
  return id ? <PatientScreen key={id} id={id} /> : <Finder />;
}

function Finder() {
  const t = useT("patients");
  const { may } = useSession();
  const [text, setText] = useState("");
  const [registering, setRegistering] = useState(false);
  const { patients, things, at, pick, arrow, enter } = useEverything(text, {
    patient: ({ id }) => go(`/patients/${id}`),
    thing: openFound,
  });
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  useShortcuts([
    {
      keys: "F2",
      label: t("register"),
      group: t("title"),
      when: may("patients:create"),
      run: () => setRegistering(true),
    },
  ]);
  return (
    <Work
      head={
        <PageHead title={t("title")}>
          {may("patients:merge") ? (
            <Button variant="quiet" icon={FolderInput} onClick={() => go("/patients/import")}>
              {t("moveIn")}
            </Button>
          ) : null}
          {may("patients:create") ? (
            <Button icon={UserPlus} keys="F2" onClick={() => setRegistering(true)}>
              {t("register")}
            </Button>
          ) : null}
        </PageHead>
      }
      hints={[
        { keys: "↑ ↓", label: t("upDown") },
        { keys: "Enter", label: t("openThem") },
      ]}
    >
      <div className="pad finder">
        <TextInput
          onArrow={arrow}
          label={t("search")}
          value={text}
          onChange={setText}
          hint={t("hint")}
          inputRef={box}
          onEnter={enter}
          autoComplete="off"
        />
      </div>
      {text.trim() === "" ? (
        <EmptyState icon={Search} title={t("start")}>
          {t("startText")}
        </EmptyState>
      ) : patients.length + things.length === 0 ? (
        <EmptyState
          icon={Search}
          title={t("none")}
          action={
            may("patients:create") ? (
              <Button keys="F2" onClick={() => setRegistering(true)}>
                {t("register")}
              </Button>
            ) : undefined
          }
        >
          {t("noneText")}
        </EmptyState>
      ) : (
        <>
          <PatientList patients={patients} at={at} choose={pick} />
          <ThingList things={things} from={patients.length} at={at} choose={pick} />
        </>
      )}
      {registering ? (
        <RegisterPatient initial={text} onClose={() => setRegistering(false)} onDone={(id) => go(`/patients/${id}`)} />
      ) : null}
    </Work>
  );
}
