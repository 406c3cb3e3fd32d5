/** A signed exam: readable like paper, as it was signed and as it reads today, with what can still be done about it. */
import { CloudUpload, Lock, Mail, PencilLine, Printer } from "lucide-react";
import { useState } from "react";
import { type Output, useLive } from "../../api/index.ts";
import {
  addTexts,
  Button,
  Chip,
  dateText,
  ErrorState,
  FootBar,
  go,
  instantText,
  notify,
  PageHead,
  Segmented,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { EmergencyStrip } from "../patients/index.tsx";
import { useSession } from "../shell/session.tsx";
import { AmendDialog } from "./amend.tsx";
import { ReferDialog } from "./documents/refer.tsx";
import { Imaging } from "./imaging.tsx";
import { RecordBody } from "./record-body.tsx";
import { enGB } from "./record-en-GB.ts";
import { Proposals } from "./record-proposals.tsx";
import { RecordSide } from "./record-side.tsx";
import { amendmentsByKey } from "./record-writers.tsx";
import { wordOf } from "./words.ts";
import "./record.css";

addTexts("record", enGB);
type Detail = Output<"exams.get">;

export function RecordScreen({ data }: { data: Detail }) {
  const t = useT("record");
  const { may } = useSession();
  const { data: record, error } = useLive("exams.record", { id: data.exam.id });
  const [view, setView] = useState<"amended" | "signed">("amended");
  const [open, setOpen] = useState<"amend" | "refer" | null>(null);
  const signs = may("exams:finalize");
  const refers = may("referrals:send");
  const visit = (which: "previous" | "next") => {
    const found = record?.visits[which];
    if (found) go(`/exam/${found.exam_id}`);
    else notify({ title: t(which === "previous" ? "noPrevious" : "noNext") });
  };
  const print = () => go(`/paper/${data.exam.id}?what=prescription&print=1`);
  const amended = record?.amendments.some(({ status, changes }) => status === null && changes.length > 0) ?? false;
  useShortcuts([
    { keys: "[", label: t("previousVisit"), group: t("title"), run: () => visit("previous") },
    { keys: "]", label: t("nextVisit"), group: t("title"), run: () => visit("next") },
    { keys: "A", label: t("amend"), group: t("title"), when: signs, run: () => setOpen("amend") },
    { keys: "Alt+R", label: t("refer"), group: t("title"), when: refers, run: () => setOpen("refer") },
    { keys: "P", label: t("print"), group: t("title"), run: print },
    {
      keys: "V",
      label: t("view"),
      group: t("title"),
      when: amended,
      run: () => setView(view === "amended" ? "signed" : "amended"),
    },
    {
      keys: "Escape",
      label: t("back"),
      group: t("title"),
      run: () => go(may("exams:create") ? "/exam" : `/patients/${record?.patient?.id ?? ""}`),
    },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!record) return null;
  const { patient, branch } = record;
  const zone = branch?.time_zone ?? "Europe/London";
  const names = Object.fromEntries(data.form.flatMap(({ section, label }) => (label ? [[section, label]] : [])));
  const kind = record.signed.exam.kind;
  const { exam: reads, items } = record.amended;
  const unwritten =
    reads.outcome === "refer" &&
    record.referrals.length === 0 &&
    !items.declined?.some(({ test }) => test === "referral");
  return (
    <Work
      head={
        <PageHead
          title={patient ? `${patient.given_name} ${patient.family_name}` : t("title")}
          meta={patient ? `${patient.age} · ${dateText(patient.date_of_birth)} · ${patient.number}` : ""}
        >
          {patient?.allergies ? <Chip tone="stop">{patient.allergies}</Chip> : null}
          {amended ? (
            <Segmented
              label={t("view")}
              value={view}
              options={[
                { value: "amended", label: t("asAmended") },
                { value: "signed", label: t("asSigned") },
              ]}
              onChange={(value) => setView(value as typeof view)}
            />
          ) : null}
        </PageHead>
      }
      context={<RecordSide record={record} />}
      foot={
        <FootBar
          actions={
            <span className="row g3">
              {refers ? (
                <Button icon={Mail} keys="Alt R" onClick={() => setOpen("refer")}>
                  {t("refer")}
                </Button>
              ) : null}
              {signs ? (
                <Button icon={PencilLine} keys="A" onClick={() => setOpen("amend")}>
                  {t("amend")}
                </Button>
              ) : null}
              <Button variant="primary" size="big" icon={Printer} keys="P" onClick={print}>
                {t("print")}
              </Button>
            </span>
          }
        >
          <span className="row g2">
            {unwritten ? (
              <button type="button" className="chip-button" disabled={!refers} onClick={() => setOpen("refer")}>
                <Chip tone="look" icon={Mail}>
                  {t("noLetter")}
                </Chip>
              </button>
            ) : null}
            <Chip icon={Lock}>{`${t("signedBy")} ${record.signedBy}`}</Chip>
            {record.final ? null : (
              <Chip tone="info" icon={CloudUpload}>
                {t("provisional")}
              </Chip>
            )}
          </span>
        </FootBar>
      }
      hints={[
        { keys: "[ ]", label: `${t("previousVisit")}, ${t("nextVisit").toLowerCase()}` },
        ...(amended ? [{ keys: "V", label: `${t("asAmended")}, ${t("asSigned").toLowerCase()}` }] : []),
        { keys: "P", label: t("print") },
        { keys: "Esc", label: t("back") },
      ]}
    >
      <EmergencyStrip opened={data.emergency} />
      <Proposals record={record} mayDecide={signs} />
      <p className="rec-when t2">
        {typeof kind === "string" ? wordOf(kind) : null} <b>{instantText(record.signedAt, zone, "date")}</b>
        {branch ? ` · ${branch.name}` : null}
      </p>
      <RecordBody
        examId={data.exam.id}
        shown={view === "amended" ? record.amended : record.signed}
        signed={record.signed}
        names={names}
        zone={zone}
        by={amendmentsByKey(record, zone)}
      />
      <div className="pad">
        <Imaging exam={data.exam} />
      </div>
      {open === "amend" ? <AmendDialog record={record} onClose={() => setOpen(null)} /> : null}
      {open === "refer" ? <ReferDialog examId={data.exam.id} onClose={() => setOpen(null)} /> : null}
    </Work>
  );
}
