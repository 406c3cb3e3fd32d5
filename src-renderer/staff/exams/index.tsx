import { CheckCheck, CloudUpload, Eye, UsersRound } from "lucide-react";
import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import {
  addTexts,
  Callout,
  Chip,
  dateText,
  EmptyState,
  go,
  PageHead,
  TextInput,
  translate,
  useParam,
  useT,
  When,
  Work,
} from "../../ui/index.ts";
import { RoomNext, useRoomNext } from "../diary/index.tsx";
import { PatientList, usePatientSearch } from "../patients/index.tsx";
import { DiscardedDrafts } from "./discarded.tsx";
import { enGB } from "./en-GB.ts";
import { ExamScreen } from "./exam.tsx";
import "./exams.css";

export { ExamForms } from "./forms/index.tsx";

addTexts("exams", enGB);

export default function Exams() {
  const id = useParam();
  return id ? <ExamScreen key={id} id={id} /> : <ExamList />;
}

function ExamList() {
  const t = useT("exams");
  const { data } = useLive("exams.list");
  const start = useAct("exams.start");
  const [text, setText] = useState("");
  const { found, nobody, at, pick, arrow, enter } = usePatientSearch(
    text,
    (patient) =>
      void start
        .act({ patientId: patient.id })
        .then(({ id }) => go(`/exam/${id}`))
        .catch(() => {}),
  );
  // While nothing is typed, Enter opens whom the room sees next.
  const next = useRoomNext();
  const [mark, setMark] = useState<string | null>(null);
  const searching = text.trim() !== "";
  const marked = Math.max(
    0,
    next.visits.findIndex((visit) => visit.id === mark),
  );
  const openAt = (index: number) => {
    const visit = next.visits[index];
    if (visit) next.open(visit);
  };
  const walk = (by: number) =>
    setMark(next.visits[Math.max(0, Math.min(next.visits.length - 1, marked + by))]?.id ?? null);
  return (
    <Work
      head={<PageHead title={t("list")} />}
      hints={[
        { keys: "↑ ↓", label: t("keys.choose") },
        { keys: "Enter", label: t("keys.open") },
      ]}
    >
      <div className="pad finder">
        <TextInput
          onArrow={searching ? arrow : walk}
          label={t("find")}
          value={text}
          onChange={setText}
          onEnter={searching ? enter : () => openAt(marked)}
          autoFocus
          autoComplete="off"
        />
        {start.error ? <Callout tone="stop">{start.error.message}</Callout> : null}
      </div>
      {nobody ? (
        <p className="pad t2" role="status">
          {t("nobody")}
        </p>
      ) : null}
      {found.length > 0 ? <PatientList patients={found} at={at} choose={pick} /> : null}
      {searching ? null : <RoomNext next={next} at={marked} choose={next.open} />}
      {data && next.visits.length === 0 && data.drafts.length + data.submitted.length + data.recent.length === 0 ? (
        <EmptyState icon={Eye} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : null}
      <Open title={t("waiting")} exams={data?.submitted ?? []} />
      <Open title={t("drafts")} exams={data?.drafts ?? []} />
      {data?.recent.length ? (
        <section>
          <h2 className="section pad">{t("recent")}</h2>
          <table className="tbl">
            <thead>
              <tr>
                <th>{t("patient")}</th>
                <th>{t("outcomeHead")}</th>
                <th>{t("by")}</th>
                <th>{t("signed")}</th>
                <th>{t("stateHead")}</th>
              </tr>
            </thead>
            <tbody>
              {data.recent.map((exam) => (
                <tr key={exam.id}>
                  <td>
                    <a href={`#/exam/${exam.id}`}>
                      <b>
                        {exam.given_name} {exam.family_name}
                      </b>
                    </a>
                  </td>
                  <td>{exam.outcome ? translate("today", `outcome.${exam.outcome}`) : ""}</td>
                  <td>
                    {exam.signed_by}
                    {exam.signed_by === exam.optometrist ? null : (
                      <span className="t3"> {t("preparedBy", { name: exam.optometrist })}</span>
                    )}
                  </td>
                  <td>
                    <When at={exam.signed_at} />
                  </td>
                  <td>
                    <span className="row g2">
                      <Chip tone={exam.final ? "done" : "info"} icon={exam.final ? CheckCheck : CloudUpload}>
                        {t(exam.final ? "final" : "provisional")}
                      </Chip>
                      {exam.proposals > 0 ? (
                        <Chip tone="look" icon={UsersRound}>
                          {t("toDecide", { count: exam.proposals })}
                        </Chip>
                      ) : null}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <DiscardedDrafts />
    </Work>
  );
}

/** Exams that are not signed yet, with whose they are. */
function Open({ title, exams }: { title: string; exams: Output<"exams.list">["drafts"] }) {
  const t = useT("exams");
  if (exams.length === 0) return null;
  return (
    <section>
      <h2 className="section pad">{title}</h2>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("patient")}</th>
            <th>{t("reason")}</th>
            <th>{t("by")}</th>
            <th>{t("begun")}</th>
          </tr>
        </thead>
        <tbody>
          {exams.map((exam) => (
            <tr key={exam.id}>
              <td>
                <a href={`#/exam/${exam.id}`}>
                  <b>
                    {exam.given_name} {exam.family_name}
                  </b>
                </a>{" "}
                <span className="t3">{dateText(exam.date_of_birth)}</span>
              </td>
              <td className="t2">{exam.reason}</td>
              <td>{exam.optometrist}</td>
              <td>
                <When at={exam.started_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
