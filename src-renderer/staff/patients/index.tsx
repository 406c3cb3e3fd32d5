/** Finding a patient, and everything about one. */
import { FolderInput, Search, UserPlus } from "lucide-react";
import { lazy, useEffect, useRef, useState } from "react";
import { useLive } from "../../api/index.ts";
import {
  addTexts,
  Button,
  dateText,
  EmptyState,
  go,
  PageHead,
  TextInput,
  useParam,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { enGB } from "./en-GB.ts";
import { PatientScreen } from "./patient.tsx";
import { AddPrescription, EyeFields } from "./prescription.tsx";
import { RegisterPatient } from "./register.tsx";
import "./patients.css";

addTexts("patients", enGB);

export { AddPrescription, EyeFields, RegisterPatient };

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
  const { found, at, pick, arrow, enter } = usePatientSearch(text, ({ id }) => go(`/patients/${id}`));
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
        { keys: "↑ ↓", label: t("start") },
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
      ) : found.length === 0 ? (
        <EmptyState
          icon={Search}
          title={t("none")}
          action={
            may("patients:create") ? <Button onClick={() => setRegistering(true)}>{t("register")}</Button> : undefined
          }
        >
          {t("noneText")}
        </EmptyState>
      ) : (
        <PatientList patients={found} at={at} choose={pick} />
      )}
      {registering ? (
        <RegisterPatient initial={text} onClose={() => setRegistering(false)} onDone={(id) => go(`/patients/${id}`)} />
      ) : null}
    </Work>
  );
}

export interface FoundPatient {
  readonly id: string;
  readonly number: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone: string | null;
  readonly postcode: string | null;
}
/**
 * Who is found while somebody types, and where the arrow keys are. `enter` waits for the answer to what is typed now:
 * Enter pressed quickly must not open whom the text before had found.
 */
export function usePatientSearch(text: string, choose: (patient: FoundPatient) => void) {
  const enabled = text.trim().length > 0;
  const answer = useLive("patients.search", { text }, { enabled });
  const found: readonly FoundPatient[] = enabled ? (answer.data?.patients ?? []) : [];
  // Another text starts at its first row.
  const [mark, setMark] = useState({ text: "", index: 0 });
  const at = mark.text === text ? mark.index : 0;
  const [asked, setAsked] = useState<string | null>(null);
  const fresh = answer.isSuccess && !answer.isPlaceholderData;
  const pick = (index: number) => {
    const patient = found[index];
    if (patient) choose(patient);
  };
  const latest = useRef(pick);
  latest.current = pick;
  useEffect(() => {
    if (asked === null || (asked === text && !fresh)) return;
    setAsked(null);
    if (asked === text) latest.current(0);
  }, [asked, text, fresh]);
  return {
    found,
    at,
    pick,
    arrow: (by: number) => setMark({ text, index: Math.max(0, Math.min(found.length - 1, at + by)) }),
    enter: () => (fresh ? pick(at) : setAsked(text)),
  };
}

export function PatientList({
  patients,
  at,
  choose,
}: {
  patients: readonly FoundPatient[];
  at: number;
  choose: (index: number) => void;
}) {
  return (
    <ul className="list">
      {patients.map((patient, index) => (
        <li key={patient.id}>
          <button type="button" className="pickrow" aria-pressed={index === at} onClick={() => choose(index)}>
            <span className="grow">
              <span className="name">
                {patient.given_name} {patient.family_name}
              </span>{" "}
              <span className="t2 tab">{dateText(patient.date_of_birth)}</span>
            </span>
            <span className="t3 tab">{patient.phone}</span>
            <span className="t3 tab">{patient.postcode}</span>
            <span className="t3 tab">{patient.number}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
