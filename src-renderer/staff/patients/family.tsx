/** Same household, family and carers. */
import { ShieldAlert, UserPlus, X } from "lucide-react";
import { useState } from "react";
import { type Relation, relations } from "../../../src-shared/patients/lists.ts";
import { useAct, useLive } from "../../api/index.ts";
import {
  Avatar,
  Button,
  Callout,
  Chip,
  ContextSection,
  Dialog,
  notify,
  Select,
  TextInput,
  useT,
} from "../../ui/index.ts";
import { ageOf, initialsOf } from "./age.ts";
import type { Summary } from "./entry.ts";
import { PatientList, usePatientSearch } from "./search.tsx";

type Tie = Summary["family"][number];
const monthText = (date: string) =>
  new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(date));
type Told = Relation | "cared_for";

export function FamilySection({ data, today, add }: { data: Summary; today: string; add?: (() => void) | undefined }) {
  const t = useT("patients");
  const remove = useAct("patients.unlink");
  const drop = (tie: Tie) =>
    void remove
      .act({ id: tie.link })
      .then(() => notify({ tone: "done", title: t("untied", { who: `${tie.given_name} ${tie.family_name}` }) }))
      .catch(() => {});
  if (data.family.length === 0 && !add) return null;
  return (
    <ContextSection title={t("household")}>
      <ul className="fam">
        {data.family.map((tie) => {
          const age = ageOf(tie, today);
          return (
            <li key={tie.link}>
              <Avatar initials={initialsOf(tie)} />
              <span className="grow">
                <a href={`#/patients/${tie.id}`}>
                  {tie.given_name} {tie.family_name}, {age}
                </a>
                <span className="small t3 block">
                  {t(`relation.${tie.relation}`)}
                  {tie.recall_on
                    ? ` · ${t(tie.recall_on < today ? "recallDue" : "recallOn", { date: monthText(tie.recall_on) })}`
                    : ""}
                </span>
              </span>
              {age < 16 ? (
                <Chip tone="stop" icon={ShieldAlert}>
                  {t("flags.u16")}
                </Chip>
              ) : null}
              {add ? (
                <button
                  type="button"
                  className="btn quiet s"
                  aria-label={t("untie", { who: `${tie.given_name} ${tie.family_name}` })}
                  title={t("untie", { who: `${tie.given_name} ${tie.family_name}` })}
                  onClick={() => drop(tie)}
                >
                  <X className="i s" aria-hidden />
                </button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {add ? (
        <Button variant="quiet" size="s" icon={UserPlus} keys="F" onClick={add}>
          {t("addFamily")}
        </Button>
      ) : null}
    </ContextSection>
  );
}

/** Whoever lives at the same address or has the same phone is offered; anybody else is searched for. */
export function AddFamily({ data, onClose }: { data: Summary; onClose: () => void }) {
  const t = useT("patients");
  const link = useAct("patients.link");
  const near = useLive("patients.near", { id: data.patient.id });
  const [relation, setRelation] = useState<Told>("household");
  const [text, setText] = useState("");
  const tie = (otherId: string) =>
    void link
      .act({ patientId: data.patient.id, otherId, relation })
      .then(onClose)
      .catch(() => {});
  const { found, at, pick, arrow, enter } = usePatientSearch(text, ({ id }) => tie(id), data.patient.id);
  const household = near.data?.household ?? [];
  return (
    <Dialog title={t("addFamily")} open onClose={onClose}>
      <div className="stack">
        <div className="grid2">
          <TextInput
            label={t("search")}
            hint={t("familyHint")}
            value={text}
            onChange={setText}
            onEnter={enter}
            onArrow={arrow}
            autoComplete="off"
          />
          <Select
            label={t("isToPatient", { who: data.patient.given_name })}
            value={relation}
            onChange={(value) => setRelation(value as Told)}
            options={[...relations, "cared_for" as const].map((value) => ({ value, label: t(`relation.${value}`) }))}
          />
        </div>
        {text.trim() !== "" ? (
          found.length > 0 ? (
            <PatientList patients={found} at={at} choose={pick} />
          ) : (
            <p className="t2">{t("none")}</p>
          )
        ) : household.length > 0 ? (
          <>
            <p className="section">{t("livesHere")}</p>
            <PatientList
              patients={household.map((person) => ({ ...person, formerly: null, alike: false }))}
              at={-1}
              choose={(index) => {
                const person = household[index];
                if (person) tie(person.id);
              }}
            />
          </>
        ) : null}
        {link.error ? <Callout tone="stop">{link.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
