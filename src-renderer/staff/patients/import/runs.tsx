/** What was brought over so far, and taking one of it back. */
import { useState } from "react";
import { type Output, useAct, useLive } from "../../../api/index.ts";
import { Button, Callout, Chip, Dialog, dateText, Money, useT, When } from "../../../ui/index.ts";
import { count } from "./pages.tsx";
import { refreshDesk } from "./upload.ts";

export type Run = Output<"imports.runs">["runs"][number];

function stateOf(run: Run): "undone" | "finished" | "stopped" | "open" {
  if (run.undone_at !== null) return "undone";
  if (run.counts.stopped) return "stopped";
  return run.counts.finished ? "finished" : "open";
}
const tones = { undone: undefined, finished: "done", stopped: "look", open: "info" } as const;

export function Runs() {
  const t = useT("moving");
  const runs = useLive("imports.runs").data?.runs ?? [];
  const [undoing, setUndoing] = useState<Run | null>(null);
  if (runs.length === 0) return null;
  return (
    <section className="runs">
      <h2 className="section pad">{t("earlier")}</h2>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("run")}</th>
            <th>{t("when")}</th>
            <th>{t("by")}</th>
            <th className="num">{t("patientsHere")}</th>
            <th>{t("state")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const state = stateOf(run);
            return (
              <tr key={run.id}>
                <td>
                  <b>{run.name}</b>
                </td>
                <td>
                  <When at={run.started_at} mode="date" />
                </td>
                <td className="t2">{run.by}</td>
                <td className="num">{count(run.here)}</td>
                <td>
                  <Chip tone={tones[state]}>{t(`states.${state}`)}</Chip>
                </td>
                <td className="num">
                  {state === "undone" && run.here === 0 ? null : (
                    <Button size="s" onClick={() => setUndoing(run)}>
                      {t(state === "undone" ? "undoRest" : "undo")}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {undoing ? <UndoDialog run={undoing} onClose={() => setUndoing(null)} /> : null}
    </section>
  );
}

export function UndoDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useT("moving");
  const { data } = useLive("imports.undoing", { runId: run.id });
  const undo = useAct("imports.undo");
  const go = () =>
    void undo
      .act({ runId: run.id })
      .then(() => {
        onClose();
        return refreshDesk();
      })
      .catch(() => {});
  return (
    <Dialog
      title={t("undoTitle", { name: run.name })}
      open
      onClose={onClose}
      actions={
        <Button variant="danger" busy={undo.busy} onClick={go}>
          {t("undoDo")}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("undoText")}</p>
        {data ? (
          <dl className="bigcounts">
            {(
              [
                ["undoPatients", data.patients],
                ["undoBalances", data.balances],
                ["undoOrders", data.orders],
              ] as const
            ).map(([label, number]) => (
              <div key={label}>
                <dd className="tab">{count(number)}</dd>
                <dt>{t(label)}</dt>
              </div>
            ))}
          </dl>
        ) : null}
        {stateOf(run) === "open" ? <Callout tone="look">{t("notFinished")}</Callout> : null}
        {data && data.keptCount > 0 ? (
          <Callout tone="look" title={t("undoKeeps", { count: data.keptCount })}>
            <ul>
              {data.kept.slice(0, 8).map((patient) => (
                <li key={patient.id}>
                  {patient.given_name} {patient.family_name}, {dateText(patient.date_of_birth)}, {patient.number}
                </li>
              ))}
              {data.keptCount > 8 ? <li>{t("undoMore", { count: data.keptCount - 8 })}</li> : null}
            </ul>
          </Callout>
        ) : null}
        {data && data.taken.payments > 0 ? (
          <Callout tone="look" title={t("undoTaken", { count: data.taken.payments })}>
            <Money minor={data.taken.amount} /> {t("undoTakenText")}
          </Callout>
        ) : null}
        {undo.error ? <Callout tone="stop">{undo.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
