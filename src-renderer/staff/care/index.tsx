/** How the data of this PC is: what keeps it from being opened, what happened to it, and its backups. */
import { type Output, useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, Callout, relative, useT } from "../../ui/index.ts";
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
  if (!data?.problem) return null;
  const { code, message } = data.problem;
  return (
    <>
      <h1>{t(`problem.${code in enGB.problem ? code : "title"}`)}</h1>
      <div className="stack">
        <Callout tone="stop">{message}</Callout>
        <p className="t2">{t("problem.safe")}</p>
        <div>
          <Button
            variant="primary"
            size="big"
            busy={retry.busy}
            onClick={() => void retry.act(undefined).catch(() => {})}
          >
            {t("retry")}
          </Button>
        </div>
      </div>
    </>
  );
}

export function Repairing() {
  const t = useT("care");
  return (
    <>
      <h1>{t("repairing")}</h1>
      <div className="stack">
        <p className="t2">{t("repairingText")}</p>
        <div className="bar">
          <progress aria-label={t("repairing")} />
        </div>
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
        {t("lost", { count: data.lost.groups, folder: data.lost.folder })}
      </Callout>
    );
  }
  const [latest] = data.events;
  return latest && !latest.seen ? <Happened event={latest} /> : null;
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
      {data.fence && data.fence.reason !== "adopted" ? (
        <Callout tone="stop" title={t("fence.title")}>
          {t("fence.text")}
        </Callout>
      ) : null}
      {latest && !latest.seen ? (
        <div className="row g3">
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
      {words(t, event)}
    </Callout>
  );
}

function words(t: ReturnType<typeof useT>, { unsent, missing, folder, goesOn }: Event): string {
  return [
    t("unsent", { count: unsent }),
    missing > 0 ? t("missing", { count: missing }) : "",
    t(`goesOn.${goesOn}`),
    folder ? t("kept", { folder }) : "",
  ]
    .filter(Boolean)
    .join(" ");
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
        <Button size="s" variant="quiet" busy={backUp.busy} onClick={() => void backUp.act(undefined).catch(() => {})}>
          {t("now")}
        </Button>
      </div>
      {problem ? <Callout tone="look">{problem.message}</Callout> : null}
      <p className="t2" title={folder}>
        {last === null ? t("none") : t("last", { age: relative(last) })}
      </p>
      {tested ? (
        <p className="small t3">
          {tested.ok
            ? t("tested", { age: relative(tested.at), patients: tested.patients.toLocaleString("en-GB") })
            : t("testFailed", { age: relative(tested.at) })}
        </p>
      ) : null}
      {data.events.length > 0 ? (
        <details>
          <summary className="small">{t("happened")}</summary>
          <ul className="stack">
            {data.events.map((event) => (
              <li key={event.at} className="small">
                <b>{t(`event.${event.kind}`)}</b> <span className="t3">{relative(event.at)}</span>
                <p className="t2">{words(t, event)}</p>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
