/** What is printed of a visit: prescription or statement, contact lenses, the record, letters. `#/paper/<exam>?what=`. */
import { ArrowLeft, FileJson, Printer } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLive } from "../../../api/index.ts";
import {
  addTexts,
  Button,
  ErrorState,
  go,
  notify,
  PageHead,
  Segmented,
  useParam,
  useQueryParam,
  useShortcuts,
  useT,
  Work,
} from "../../../ui/index.ts";
import { useSession } from "../../shell/session.tsx";
import { enGB as exams } from "../en-GB.ts";
import { enGB as record } from "../record-en-GB.ts";
import { enGB } from "./en-GB.ts";
import { download, exported } from "./fhir-export.ts";
import { LensSheet } from "./lens-sheet.tsx";
import { LetterSheet } from "./letter-sheet.tsx";
import { keepSize, lastSize, type PaperSize, paperSizes } from "./paper-size.ts";
import { PrescriptionSheet } from "./prescription-sheet.tsx";
import { RecordSheet } from "./record-sheet.tsx";
import "../record.css";
import "./papers.css";

// Titles of sections, for who comes here without having seen an exam.
addTexts("exams", exams);
addTexts("papers", enGB);
addTexts("record", record);

export default function Papers() {
  const examId = useParam();
  const what = useQueryParam("what") ?? "prescription";
  if (!examId) return null;
  if (what === "record") return <RecordPaper examId={examId} />;
  if (what !== "prescription" && what !== "lenses") return <LetterPaper examId={examId} id={what} />;
  return <PatientPaper examId={examId} what={what} />;
}

function PatientPaper({ examId, what }: { examId: string; what: "prescription" | "lenses" }) {
  const t = useT("papers");
  const { data: paper, error } = useLive("exams.paper", { examId });
  const [size, setSize] = useState<PaperSize>(lastSize);
  if (error) return <ErrorState error={error} />;
  if (!paper) return null;
  const file = exported(paper, what);
  const choose = (value: string) => {
    keepSize(value as PaperSize);
    setSize(value as PaperSize);
  };
  return (
    <Frame
      examId={examId}
      what={what}
      has={{ lenses: paper.spec !== null, rx: paper.prescription !== null }}
      patientId={paper.summary.patient_id}
      exportFile={file ? () => notify({ tone: "done", title: t("exported", { name: download(file) }) }) : null}
      tools={
        <Segmented
          label={t("size")}
          value={size}
          onChange={choose}
          options={paperSizes.map((value) => ({ value, label: t(`sizes.${value}`) }))}
        />
      }
    >
      {what === "lenses" ? <LensSheet paper={paper} size={size} /> : <PrescriptionSheet paper={paper} size={size} />}
    </Frame>
  );
}

function RecordPaper({ examId }: { examId: string }) {
  const { data, error } = useLive("exams.record", { id: examId });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const { issued } = data;
  return (
    <Frame
      examId={examId}
      what="record"
      has={{ lenses: Boolean(issued?.spec), rx: Boolean(issued?.prescription) }}
      patientId={data.patient?.id ?? null}
    >
      <RecordSheet record={data} />
    </Frame>
  );
}

function LetterPaper({ examId, id }: { examId: string; id: string }) {
  const { data, error } = useLive("exams.letter", { id });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  return (
    <Frame examId={examId} what={id} has={null} patientId={data.patientId}>
      <LetterSheet letter={data} />
    </Frame>
  );
}

function Frame({
  examId,
  what,
  has,
  patientId,
  tools,
  exportFile,
  children,
}: {
  examId: string;
  what: string;
  /** Which papers there are beside this one; null where it stands alone. */
  has: { readonly lenses: boolean; readonly rx: boolean } | null;
  patientId: string | null;
  tools?: ReactNode;
  exportFile?: (() => void) | null;
  children: ReactNode;
}) {
  const t = useT("papers");
  const { may, device } = useSession();
  const printing = useQueryParam("print") === "1";
  const printed = useRef(false);
  // Asked for with the paper: the dialog of the printer opens as soon as the paper is there, once.
  useEffect(() => {
    if (!printing || printed.current) return;
    printed.current = true;
    window.print();
  }, [printing]);
  const reads = may("patients:view_clinical") && ["exam", "single"].includes(device.profile);
  const back = () => go(reads ? `/exam/${examId}` : patientId ? `/patients/${patientId}` : "/today");
  useShortcuts([
    { keys: "P", label: t("print"), group: t("title"), run: () => window.print() },
    { keys: "E", label: t("export"), group: t("title"), when: Boolean(exportFile), run: () => exportFile?.() },
    { keys: "Escape", label: t("back"), group: t("title"), run: back },
  ]);
  const tabs = has
    ? [
        { value: "prescription", label: t(has.rx ? "tabs.prescription" : "tabs.statement") },
        ...(has.lenses ? [{ value: "lenses", label: t("tabs.lenses") }] : []),
        ...(reads ? [{ value: "record", label: t("tabs.record") }] : []),
      ]
    : [];
  return (
    <Work
      head={
        <PageHead title={t("title")}>
          {tabs.length > 1 ? (
            <Segmented
              label={t("what")}
              value={what}
              options={tabs}
              onChange={(value) => go(`/paper/${examId}?what=${value}`)}
            />
          ) : null}
          {tools}
          <Button icon={ArrowLeft} keys="Esc" onClick={back}>
            {t("back")}
          </Button>
          {exportFile ? (
            <Button icon={FileJson} keys="E" onClick={exportFile}>
              {t("export")}
            </Button>
          ) : null}
          <Button variant="primary" icon={Printer} keys="P" onClick={() => window.print()}>
            {t("print")}
          </Button>
        </PageHead>
      }
      hints={[
        { keys: "P", label: t("print") },
        ...(exportFile ? [{ keys: "E", label: t("export") }] : []),
        { keys: "Esc", label: t("back") },
      ]}
    >
      <div className="sheet-desk">{children}</div>
    </Work>
  );
}
