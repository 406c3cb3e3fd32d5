/** Finding a patient while somebody types. */

import { useEffect, useRef, useState } from "react";
import { usualPostcode } from "../../../src-shared/patients/postcode.ts";
import { type Output, useLive } from "../../api/index.ts";
import { dateText, translate, useT } from "../../ui/index.ts";
import { standing } from "../shell/search.tsx";

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
/** Anything else that bears what was typed: a job, a sale, a case, a product. */
type FoundThing = Output<"search.universal">["items"][number];

/**
 * Where the arrow keys are among what is found, and what Enter takes. `enter` waits for the answer to what is typed now:
 * Enter pressed quickly must not open whom the text before had found.
 */
function useChoice<T>(text: string, found: readonly T[], fresh: boolean, choose: (each: T) => void) {
  // Another text starts at its first row.
  const [mark, setMark] = useState({ text: "", index: 0 });
  const at = mark.text === text ? mark.index : 0;
  const [asked, setAsked] = useState<string | null>(null);
  const pick = (index: number) => {
    const each = found[index];
    if (each !== undefined) choose(each);
  };
  const latest = useRef(pick);
  latest.current = pick;
  useEffect(() => {
    if (asked === null || (asked === text && !fresh)) return;
    setAsked(null);
    if (asked === text) latest.current(0);
  }, [asked, text, fresh]);
  return {
    at,
    pick,
    arrow: (by: number) => setMark({ text, index: Math.max(0, Math.min(found.length - 1, at + by)) }),
    enter: () => (fresh ? pick(at) : setAsked(text)),
  };
}

function usePatients(text: string) {
  const enabled = text.trim().length > 0;
  const answer = useLive("patients.search", { text }, { enabled });
  const patients: readonly FoundPatient[] = enabled ? (answer.data?.patients ?? []) : [];
  return { patients, fresh: answer.isSuccess && !answer.isPlaceholderData };
}

/** Who is found while somebody types; `without`: who is not looked for. */
export function usePatientSearch(text: string, choose: (patient: FoundPatient) => void, without?: string) {
  const { patients, fresh } = usePatients(text);
  const found = patients.filter(({ id }) => id !== without);
  const nobody = fresh && text.trim() !== "" && found.length === 0;
  return { found, nobody, ...useChoice(text, found, fresh, choose) };
}

/** Patients, and whatever else the universal search finds: the one box answers both. Patients come first. */
export function useEverything(
  text: string,
  { patient, thing }: { patient: (each: FoundPatient) => void; thing: (each: FoundThing) => void },
) {
  const { patients, fresh } = usePatients(text);
  const enabled = text.trim().length > 1;
  const answer = useLive("search.universal", { text }, { enabled });
  const things = enabled ? (answer.data?.items ?? []).filter(({ kind }) => kind !== "patient") : [];
  const known = fresh && (!enabled || (answer.isSuccess && !answer.isPlaceholderData));
  const choice = useChoice<FoundPatient | FoundThing>(text, [...patients, ...things], known, (each) =>
    "kind" in each ? thing(each) : patient(each),
  );
  return { patients, things, ...choice };
}

/** Jobs, sales, cases and products below the patients; `from`: how many rows stand above. */
export function ThingList({
  things,
  from,
  at,
  choose,
}: {
  things: readonly FoundThing[];
  from: number;
  at: number;
  choose: (index: number) => void;
}) {
  return (
    <ul className="list">
      {things.map((thing, index) => (
        <li key={thing.kind + thing.id}>
          <button
            type="button"
            className="pickrow"
            aria-pressed={from + index === at}
            onClick={() => choose(from + index)}
          >
            <span className="small t3 found-kind">{translate("shell", `kinds.${thing.kind}`)}</span>
            <span className="grow">
              <span className="name tab">{thing.title}</span> <span className="t2">{thing.subtitle}</span>
            </span>
            <span className="t3 tab">{standing(thing)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
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
              <span className="t3 tab">{patient.postcode && usualPostcode(patient.postcode)}</span>
              <span className="t3 tab">{patient.number}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
