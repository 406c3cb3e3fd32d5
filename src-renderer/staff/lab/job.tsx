/** One job on its own: what it is made from, and everything that happened to it. Prints as its ticket. */
import { Printer } from "lucide-react";
import type { Stage } from "../../../src-shared/lab/stages.ts";
import { useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  ContextSection,
  dayText,
  ErrorState,
  go,
  PageHead,
  Rx,
  useShortcuts,
  useT,
  When,
  Work,
} from "../../ui/index.ts";
import { useAdvance } from "./advance.tsx";
import { lensName, PromiseText, rxOfJob } from "./card.tsx";

const millimetres = (tenths: unknown) => (typeof tenths === "number" ? (tenths / 10).toFixed(1) : "–");

export function JobScreen({ id }: { id: string }) {
  const t = useT("lab");
  const { data, error } = useLive("lab.job", { id });
  const { move, dialog } = useAdvance();
  const job = data?.job;
  const next = () => job?.next && move(id, job.next as Stage);
  useShortcuts([
    { keys: ">", label: t("keys.next"), group: t("title"), when: Boolean(job?.next), run: () => next() },
    { keys: "Escape", label: t("toBoard"), group: t("title"), run: () => go("/lab") },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!data || !job) return null;
  const { r, l } = rxOfJob(job);
  const m = job.content.measurements;
  return (
    <Work
      head={
        <PageHead title={job.number} meta={job.patientName}>
          <Button icon={Printer} onClick={() => window.print()}>
            {t("ticket")}
          </Button>
          {job.next ? (
            <Button variant="primary" keys=">" onClick={next}>
              {t(`next.${job.next}`)}
            </Button>
          ) : null}
        </PageHead>
      }
      context={
        <ContextSection title={t("history")}>
          <ol className="stack">
            {data.events.map((event) => (
              <li key={event.id} className="row g2 top">
                <span className="grow">
                  <b>{t(`stage.${event.kind}`)}</b>{" "}
                  {event.registrant ? t("registrant.said", { ...event.registrant }) : event.text}
                  <span className="small t3 block">{event.who}</span>
                </span>
                <When at={event.at} />
              </li>
            ))}
          </ol>
        </ContextSection>
      }
      hints={[
        { keys: ">", label: t("keys.next") },
        { keys: "Esc", label: t("toBoard") },
      ]}
    >
      <div className="pad stack ticket paper">
        {job.late > 0 ? <Callout tone="look">{t("lateEvents", { count: job.late })}</Callout> : null}
        <div className="row g4">
          <span className="section">{t(`stage.${job.held ? "held" : job.stage}`)}</span>
          <PromiseText job={job} />
          <span className="t2">{job.tray ? `${t("tray")} ${job.tray}` : t("noTray")}</span>
        </div>
        <Rx r={r} l={l} full />
        <dl className="kv record">
          <dt>{t("lens")}</dt>
          <dd>{lensName(job)}</dd>
          <dt>{t("frame")}</dt>
          <dd>{job.content.frame?.name ?? "–"}</dd>
          <dt>{t("coatings")}</dt>
          <dd>{job.content.coatings.join(", ") || "–"}</dd>
          <dt>{t("pupils")}</dt>
          <dd className="tab">
            {millimetres(m.pd_r)} / {millimetres(m.pd_l)}
          </dd>
          <dt>{t("heights")}</dt>
          <dd className="tab">
            {millimetres(m.height_r)} / {millimetres(m.height_l)}
          </dd>
          <dt>{t("promised")}</dt>
          <dd>{dayText(job.promisedOn)}</dd>
        </dl>
      </div>
      {dialog}
    </Work>
  );
}
