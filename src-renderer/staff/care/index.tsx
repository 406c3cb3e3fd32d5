/** How the data of this PC is: what keeps it from being opened, what happened to it, and its backups. */
import { Check, DatabaseBackup, ListChecks, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, Callout, ProgressBar, relative, type Translate, useT } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import "./care.css";

addTexts("care", enGB);

type State = Output<"care.state">;
type Event = State["events"][number];

/** In place of every other screen: why there is data but it is not open, what is safe, what to do. */
export function DataProblem() {
  const t = useT("care");
  const { data } = useLive("care.state");
  const retry = useAct("care.retry");
  const [tried, setTried] = useState<number | null>(null);
  if (!data?.problem) return null;
  const { code, message } = data.problem;
  const known = code in enGB.problem ? code : "other";
  const steps = [1, 2, 3].map((n) => t(`problem.${known}.steps.${n}`, { defaultValue: "" })).filter(Boolean);
  const tryAgain = () =>
    void retry
      .act(undefined)
      .catch(() => {})
      .finally(() => setTried(Date.now()));
  return (
    <>
      <h1>{t(`problem.${known}.title`)}</h1>
      <p className="lead">{t(`problem.${known}.what`) || message}</p>
      <div className="care-facts">
        <section>
          <h2 className="section">
            <ShieldCheck className="i is-done" aria-hidden />
            {t("safeTitle")}
          </h2>
          <p className="t2">{t("safe")}</p>
        </section>
        <section>
          <h2 className="section">
            <ListChecks className="i" aria-hidden />
            {t("doTitle")}
          </h2>
          <ol className="care-steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      </div>
      <div className="row g3">
        <Button variant="primary" size="big" keys="Enter" autoFocus busy={retry.busy} onClick={tryAgain}>
          {t("retry")}
        </Button>
        <span className="t2" role="status">
          {tried && !retry.busy ? t("stillSo", { time: new Date(tried).toLocaleTimeString("en-GB", clockStyle) }) : ""}
        </span>
      </div>
      <details className="care-support small">
        <summary>{t("forSupport")}</summary>
        <p className="t2">
          {code}: {message}
        </p>
      </details>
    </>
  );
}
const clockStyle = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;

export function Repairing() {
  const t = useT("care");
  return (
    <>
      <h1>{t("repairing")}</h1>
      <p className="lead">{t("repairingText")}</p>
      <div className="stack">
        <ProgressBar label={t("repairing")} done={null} />
        <ul className="care-repair">
          <li className="t2">
            <Check className="i is-done" aria-hidden />
            <span>
              {t("repairSteps.aside")} <span className="vh">({t("done")})</span>
            </span>
          </li>
          <li aria-current="step">
            <span className="dot" aria-hidden />
            {t("repairSteps.read")}
          </li>
          <li className="t3">
            <span className="dot pale" aria-hidden />
            {t("repairSteps.fetch")}
          </li>
        </ul>
      </div>
    </>
  );
}

/** On the screens before the work: that this PC has to join again, or what was just put in order. */
export function CareAtTheDoor() {
  const t = useT("care");
  const { data } = useLive("care.state");
  if (!data) return null;
  if (data.lost) {
    return (
      <Callout tone="look" title={t("lostTitle")}>
        <p>{t("lost")}</p>
        <p>{t("lostSaved", { count: data.lost.groups })}</p>
        <p className="small">{t("kept", { folder: data.lost.folder })}</p>
      </Callout>
    );
  }
  const [latest] = data.events;
  return (
    <div className="stack at-door">
      <FenceNote fence={data.fence} />
      {latest && !latest.seen ? <Happened event={latest} /> : null}
    </div>
  );
}

/** Nothing can be saved yet. A new device that waits for its first words from the centre has nothing to warn of. */
function FenceNote({ fence }: { fence: State["fence"] }) {
  const t = useT("care");
  if (!fence || fence.reason === "adopted") return null;
  return (
    <Callout tone="stop" title={t("fence.title")}>
      <p>{t("fence.text")}</p>
    </Callout>
  );
}

/** Above the work, while something was not acknowledged or nothing can be saved. */
export function CareBanner() {
  const t = useT("care");
  const { data } = useLive("care.state");
  const acknowledge = useAct("care.acknowledge");
  const [latest] = data?.events ?? [];
  if (!data || (!data.fence && (!latest || latest.seen))) return null;
  return (
    <div className="carebanner">
      <FenceNote fence={data.fence} />
      {latest && !latest.seen ? (
        <div className="happened">
          <Happened event={latest} />
          <Button size="s" busy={acknowledge.busy} onClick={() => void acknowledge.act(undefined).catch(() => {})}>
            {t("understood")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Happened({ event }: { event: Event }) {
  const t = useT("care");
  return (
    <Callout tone="look" title={t(`event.${event.kind}`)}>
      <p>{words(t, event)}</p>
      {event.folder ? <p className="small t2">{t("kept", { folder: event.folder })}</p> : null}
    </Callout>
  );
}

function words(t: Translate, { unsent, missing, goesOn }: Event): string {
  return [t("unsent", { count: unsent }), missing > 0 ? t("missing", { count: missing }) : "", t(`goesOn.${goesOn}`)]
    .filter(Boolean)
    .join(" ");
}

function ago(t: Translate, at: number): string {
  const age = relative(at);
  return age === relative(Date.now()) ? t("ago.now") : t("ago.before", { age });
}

/** In the sync panel: the backups, and what ever happened to the data. */
export function CareSection() {
  const t = useT("care");
  const { data } = useLive("care.state");
  const backUp = useAct("care.backUpNow");
  if (!data?.backups) return null;
  const { last, problem, tested, folder } = data.backups;
  return (
    <section>
      <div className="row g2">
        <h2 className="section">{t("backups")}</h2>
        <span className="push" />
        <Button
          size="s"
          icon={DatabaseBackup}
          busy={backUp.busy}
          onClick={() => void backUp.act(undefined).catch(() => {})}
        >
          {t("now")}
        </Button>
      </div>
      {problem ? <Callout tone="look">{problem.message}</Callout> : null}
      <p className="t2">
        {last === null ? t("none") : t("last", { age: ago(t, last) })}{" "}
        {tested
          ? t(tested.ok ? "tested" : "testFailed", {
              age: ago(t, tested.at),
              patients: tested.patients.toLocaleString("en-GB"),
            })
          : ""}
      </p>
      {last === null ? null : <p className="small t3 care-path">{t("keptIn", { folder })}</p>}
      {data.events.length > 0 ? (
        <details className="care-happened">
          <summary className="small">{t("happened")}</summary>
          <ul className="stack">
            {data.events.map((event) => (
              <li key={event.at} className="small">
                <b>{t(`event.${event.kind}`)}</b> <span className="t3">{ago(t, event.at)}</span>
                <p className="t2">{words(t, event)}</p>
                {event.folder ? <p className="t3">{t("kept", { folder: event.folder })}</p> : null}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
