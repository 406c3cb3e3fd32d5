/** Finding a patient while somebody types. */
import { useEffect, useRef, useState } from "react";
import { useLive } from "../../api/index.ts";
import { dateText, useT } from "../../ui/index.ts";

export interface FoundPatient {
  readonly id: string;
  readonly number: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone: string | null;
  readonly postcode: string | null;
  /** Found under another name and number: that of a record which was merged into this one. */
  readonly formerly: string | null;
  /** Nobody is written as it was typed, and this name is like it. */
  readonly alike: boolean;
}
/**
 * Who is found while somebody types, and where the arrow keys are. `enter` waits for the answer to what is typed now:
 * Enter pressed quickly must not open whom the text before had found. `without`: who is not looked for.
 */
export function usePatientSearch(text: string, choose: (patient: FoundPatient) => void, without?: string) {
  const enabled = text.trim().length > 0;
  const answer = useLive("patients.search", { text }, { enabled });
  const all: readonly FoundPatient[] = enabled ? (answer.data?.patients ?? []) : [];
  const found = all.filter(({ id }) => id !== without);
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
  const t = useT("patients");
  return (
    <>
      {patients[0]?.alike ? (
        <p className="small t2 alikes" role="status">
          {t("alike")}
        </p>
      ) : null}
      <ul className="list">
        {patients.map((patient, index) => (
          <li key={patient.id}>
            <button type="button" className="pickrow" aria-pressed={index === at} onClick={() => choose(index)}>
              <span className="grow">
                <span className="name">
                  {patient.given_name} {patient.family_name}
                </span>{" "}
                <span className="t2 tab">{dateText(patient.date_of_birth)}</span>
                {patient.formerly ? (
                  <span className="small t3 block">{t("formerly", { who: patient.formerly })}</span>
                ) : null}
              </span>
              <span className="t3 tab">{patient.phone}</span>
              <span className="t3 tab">{patient.postcode}</span>
              <span className="t3 tab">{patient.number}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
