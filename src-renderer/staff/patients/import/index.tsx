/** Bringing records over from another system, step by step; nothing is written before the last one. */
import { useEffect, useRef, useState } from "react";
import { type Output, send, toUiError, useAct, useLive } from "../../../api/index.ts";
import {
  addTexts,
  Button,
  Callout,
  dateText,
  ErrorState,
  FootBar,
  go,
  PageHead,
  type Step,
  Steps,
  usePlace,
  useShortcuts,
  useT,
  Work,
} from "../../../ui/index.ts";
import { Checking, CheckStep } from "./check.tsx";
import { ColumnsStep } from "./columns.tsx";
import { enGB } from "./en-GB.ts";
import { type ChosenFile, FilesStep } from "./files.tsx";
import { count } from "./pages.tsx";
import { type Naming, Result, Running, RunStep } from "./run.tsx";
import { SameStep } from "./same.tsx";
import { refreshDesk } from "./upload.ts";
import "./import.css";

addTexts("moving", enGB);

const stepIds = ["files", "columns", "check", "same", "run"] as const;
type StepId = (typeof stepIds)[number];
type Report = Output<"imports.report">;

export default function MovingIn() {
  const t = useT("moving");
  const { data: now, error } = useLive("imports.progress");
  const runs = useLive("imports.runs").data?.runs ?? [];
  // The run that was seen at work here: once it is no longer, this is where it says what came of it.
  const [watched, setWatched] = useState<string | null>(null);
  const work = now?.work ?? null;
  useEffect(() => {
    if (work) setWatched(work.run);
  }, [work]);
  if (error) return <ErrorState error={error} />;
  if (!now) return null;
  const ended = runs.find(({ id }) => id === watched);
  if (!work && !ended) return <Wizard onBegun={setWatched} />;
  return (
    <Work head={<PageHead title={t("title")} />}>
      {work ? <Running work={work} /> : null}
      {!work && ended ? <Result run={ended} onMore={() => setWatched(null)} /> : null}
    </Work>
  );
}

/** `onBegun`: a small import is over before anybody has seen it at work. */
function Wizard({ onBegun }: { onBegun: (runId: string) => void }) {
  const t = useT("moving");
  const { timeZone } = usePlace();
  const files = useLive("imports.files").data?.files ?? [];
  const report = useLive("imports.report").data ?? null;
  const here = useLive("imports.branches").data?.here ?? "";
  const { check, checking, problem } = useChecking();
  const begin = useAct("imports.begin");
  const [step, setStep] = useState<StepId>("files");
  const [naming, setNaming] = useState<Naming | null>(null);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone }).format(Date.now());
  const named = naming ?? { name: t("defaultName", { date: dateText(today) }), branchId: here };
  const checked = report !== null && report.done === report.total && !checking;
  const lacking = files.find(({ lacks }) => lacks.length > 0);
  const at = stepIds.indexOf(step);

  const waits =
    files.length === 0
      ? t("needFiles")
      : step !== "files" && lacking
        ? t("needColumns", { name: lacking.name, what: lacking.lacks.map((each) => t(`targets.${each}`)).join(", ") })
        : undefined;
  // A file that was exchanged a moment ago takes the dry run with it: where its outcome is looked at, another begins.
  const wanting = at > 1 && files.length > 0 && !lacking && !checked && !checking && problem === null;
  const again = useRef(check);
  again.current = check;
  useEffect(() => {
    if (wanting) void again.current();
  }, [wanting]);
  const move = (to: StepId | undefined) => {
    if (!to || (stepIds.indexOf(to) > at && waits)) return;
    // Beyond the columns stands what the dry run says, so there has to be one.
    if (stepIds.indexOf(to) > 1 && lacking) return setStep("columns");
    setStep(to);
    if (stepIds.indexOf(to) > 1 && problem !== null) void check();
  };
  const bring = () =>
    void begin
      .act(named)
      .then(({ runId }) => {
        onBegun(runId);
        return refreshDesk();
      })
      .catch(() => {});
  const goOn = () => {
    if (waits || checking) return;
    if (step === "run") bring();
    else move(stepIds[at + 1]);
  };
  useShortcuts([
    ...stepIds.map((id, index) => ({
      keys: `Alt+${index + 1}`,
      label: t(`steps.${id}`),
      group: t("title"),
      run: () => move(id),
    })),
    { keys: "Ctrl+Enter", label: step === "run" ? t("begin") : t(`next.${step}`), group: t("title"), run: goOn },
    {
      keys: "Escape",
      label: t("back"),
      group: t("title"),
      run: () => (at === 0 ? go("/patients") : setStep(stepIds[at - 1] ?? "files")),
    },
  ]);
  return (
    <Work
      side={
        <Steps
          steps={stepsOf(files, checked ? report : null, step, t)}
          current={step}
          onSelect={(id) => move(id as StepId)}
        />
      }
      head={<PageHead title={t(`steps.${step}`)} meta={step === "files" ? t("title") : undefined} />}
      foot={
        <FootBar
          actions={
            <Button
              variant="primary"
              size="big"
              keys="Ctrl Enter"
              busy={begin.busy}
              {...(waits === undefined ? {} : { waits })}
              onClick={goOn}
            >
              {step === "run" ? t("begin") : t(`next.${step}`)}
            </Button>
          }
        />
      }
      hints={[
        { keys: "Alt 1 – 5", label: t("stepKey") },
        { keys: "Esc", label: t("back") },
      ]}
    >
      {problem ? (
        <div className="pad">
          <Callout tone="stop">{problem}</Callout>
        </div>
      ) : null}
      {begin.error ? (
        <div className="pad">
          <Callout tone="stop">{begin.error.message}</Callout>
        </div>
      ) : null}
      {step === "files" ? <FilesStep /> : null}
      {step === "columns" ? <ColumnsStep files={files} /> : null}
      {at > 1 && checking ? <Checking {...checking} /> : null}
      {step === "check" && checked ? <CheckStep report={report} onAgain={() => setStep("files")} /> : null}
      {step === "same" && checked ? <SameStep /> : null}
      {step === "run" && checked ? <RunStep report={report} naming={named} set={setNaming} /> : null}
    </Work>
  );
}

/** The dry run goes on slice by slice, and says how far it is. */
function useChecking() {
  const [checking, setChecking] = useState<{ done: number; total: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const check = async () => {
    setProblem(null);
    setChecking({ done: 0, total: 0 });
    try {
      let far = await send("imports.check", { again: true });
      while (here.current && far.done < far.total) {
        setChecking(far);
        far = await send("imports.check", { again: false });
      }
      await refreshDesk();
    } catch (error) {
      setProblem(toUiError(error).message);
    }
    setChecking(null);
  };
  return { check, checking, problem };
}

function stepsOf(
  files: readonly ChosenFile[],
  report: Report,
  current: StepId,
  t: ReturnType<typeof useT>,
): readonly Step[] {
  const lacking = files.some(({ lacks }) => lacks.length > 0);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const details: Record<StepId, { state: Step["state"]; detail?: string | undefined }> = {
    files: {
      state: files.length > 0 ? "ok" : "todo",
      detail: files.length > 0 ? t("lines", { count: lines, replace: { count: count(lines) } }) : undefined,
    },
    columns: { state: files.length === 0 ? "todo" : lacking ? "warn" : current === "files" ? "todo" : "ok" },
    check: {
      state: report ? (report.bad > 0 ? "warn" : "ok") : "todo",
      detail: report && report.bad > 0 ? `${count(report.bad)} ${t("staysOut").toLowerCase()}` : undefined,
    },
    same: {
      state: report && (current === "same" || current === "run") ? "ok" : "todo",
      detail: report && report.duplicates > 0 ? count(report.duplicates) : undefined,
    },
    run: { state: "todo" },
  };
  return stepIds.map((id, index) => ({ id, label: t(`steps.${id}`), keys: `Alt ${index + 1}`, ...details[id] }));
}
