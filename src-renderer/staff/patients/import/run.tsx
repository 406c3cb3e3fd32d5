/** The last step, how far it is, and what came of it. */
import { CircleCheck, Undo2 } from "lucide-react";
import { useState } from "react";
import { type Output, useAct, useLive } from "../../../api/index.ts";
import {
  Button,
  Callout,
  ConfirmButton,
  EmptyState,
  go,
  ProgressBar,
  Select,
  TextInput,
  useT,
} from "../../../ui/index.ts";
import type { Report } from "./check.tsx";
import { count } from "./pages.tsx";
import { type Run, UndoDialog } from "./runs.tsx";
import { refreshDesk } from "./upload.ts";

export interface Naming {
  readonly name: string;
  readonly branchId: string;
}

const comingFirst = ["patients", "prescriptions", "orders", "balances", "same", "had", "skipped", "bad"] as const;

export function RunStep({ report, naming, set }: { report: Report; naming: Naming; set: (naming: Naming) => void }) {
  const t = useT("moving");
  const branches = useLive("imports.branches").data?.branches ?? [];
  return (
    <div className="pad stack last-step">
      <TextInput
        label={t("name")}
        hint={t("nameHint")}
        value={naming.name}
        onChange={(name) => set({ ...naming, name })}
        autoComplete="off"
      />
      {branches.length > 1 ? (
        <Select
          label={t("branch")}
          value={naming.branchId}
          options={branches.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(branchId) => set({ ...naming, branchId })}
        />
      ) : null}
      <section>
        <h2 className="section">{t("willCome")}</h2>
        <dl className="bigcounts">
          {comingFirst.map((name) =>
            name === "patients" || report.coming[name] > 0 ? (
              <div key={name}>
                <dd className="tab">{count(report.coming[name])}</dd>
                <dt>{t(`coming.${name}`)}</dt>
              </div>
            ) : null,
          )}
        </dl>
      </section>
      <p className="t2">{t("beginText")}</p>
    </div>
  );
}

type Work = NonNullable<Output<"imports.progress">["work"]>;

function timeLeft(work: Work, t: ReturnType<typeof useT>): string | null {
  if (!work.rate || work.rate <= 0) return null;
  const seconds = Math.ceil((work.total - work.done) / work.rate);
  const time = seconds < 90 ? t("seconds", { count: seconds }) : t("minutes", { count: Math.ceil(seconds / 60) });
  return t("left", { time });
}

export function Running({ work }: { work: Work }) {
  const t = useT("moving");
  const stop = useAct("imports.stop");
  const goOn = useAct("imports.goOn");
  const label = t(work.is === "bring" ? "running" : "undoing", { name: work.name });
  const parts = [
    t("progress", { done: count(work.done), total: count(work.total) }),
    work.rate ? t("rate", { rate: count(Math.round(work.rate)) }) : null,
    timeLeft(work, t),
  ];
  return (
    <div className="pad stack working">
      <h2 className="section">{label}</h2>
      <ProgressBar label={label} done={work.total === 0 ? null : work.done / work.total} />
      <p className="t2 tab">{parts.filter((part) => part !== null).join(" · ")}</p>
      {work.problem ? (
        <Callout tone="stop" title={t("stands")}>
          {work.problem}
        </Callout>
      ) : (
        <p className="t2">{t("leave")}</p>
      )}
      <div className="row g3">
        {work.problem ? (
          <Button variant="primary" onClick={() => void goOn.act(undefined).then(refreshDesk)}>
            {t("goOn")}
          </Button>
        ) : null}
        {work.is === "bring" ? (
          <ConfirmButton
            title={t("stopTitle")}
            text={t("stopText")}
            confirm={t("stopDo")}
            onConfirm={() => void stop.act({ runId: work.run }).catch(() => {})}
          >
            {t("stop")}
          </ConfirmButton>
        ) : null}
      </div>
      {stop.error ? <Callout tone="stop">{stop.error.message}</Callout> : null}
    </div>
  );
}

const shown = ["patients", "prescriptions", "orders", "balances", "same", "had", "bad"] as const;
/** What a run that has just ended has come to. */
export function Result({ run, onMore }: { run: Run; onMore: () => void }) {
  const t = useT("moving");
  const [undoing, setUndoing] = useState(false);
  const undone = run.undone_at !== null;
  const title = undone ? "undoneTitle" : run.counts.stopped ? "stoppedTitle" : "doneTitle";
  return (
    <>
      <EmptyState
        icon={undone ? Undo2 : CircleCheck}
        title={t(title, { name: run.name })}
        action={
          <span className="row g3">
            {undone ? null : <Button onClick={() => setUndoing(true)}>{t("undo")}</Button>}
            <Button onClick={onMore}>{t("more")}</Button>
            <Button variant="primary" onClick={() => go("/patients")}>
              {t("findPatients")}
            </Button>
          </span>
        }
      >
        {undone ? (
          <>
            <p>{t("undoneText")}</p>
            {run.here > 0 ? <p>{t("stayed", { count: run.here })}</p> : null}
          </>
        ) : run.counts.stopped ? (
          <p className="tab">
            {count(run.here)} {t("doneCounts.patients")}
          </p>
        ) : (
          <dl className="bigcounts">
            {shown
              .filter((name) => (run.counts[name] ?? 0) > 0)
              .map((name) => (
                <div key={name}>
                  <dd className="tab">{count(run.counts[name] ?? 0)}</dd>
                  <dt>{t(`doneCounts.${name}`)}</dt>
                </div>
              ))}
          </dl>
        )}
      </EmptyState>
      {undoing ? <UndoDialog run={run} onClose={() => setUndoing(false)} /> : null}
    </>
  );
}
