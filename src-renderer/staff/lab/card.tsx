import { CircleAlert, Clock, Zap } from "lucide-react";
import type { PointerEvent } from "react";
import { formatEyeShort, rxOf } from "../../../src-shared/optics/index.ts";
import type { Output } from "../../api/index.ts";
import { shortDayText, useT } from "../../ui/index.ts";

export type BoardJob = Output<"lab.board">["jobs"][number];

export function rxOfJob(job: BoardJob) {
  return rxOf(job.content.rx as never);
}
/** The end of the number; the ordinal only where a sale has more than one pair. */
export const shortNumber = (number: string) => (number.split("-").at(-1) ?? number).replace(/\/1$/, "");
/** Branch and terminal, without which two branches' numbers are the same: `LDS-T9`. */
export const seriesOf = (number: string) => number.split("-").slice(0, -1).join("-");
export const lensName = (job: BoardJob) => job.content.lens.name;

export function PromiseText({ job }: { job: BoardJob }) {
  const t = useT("lab");
  const tone = job.held ? "is-look" : job.promise === "late" ? "is-stop" : job.promise === "today" ? "is-look" : "t3";
  const Icon = job.promise === "late" || job.held ? CircleAlert : Clock;
  return (
    <span className={`pr ${tone}`}>
      <Icon className="i" aria-hidden />
      <span className="clip">
        {job.held ? (job.holdReason ?? t("stage.held")) : shortDayText(job.promisedOn)}
        {job.promise === "late" && !job.held ? (
          <span className="late-word">, {t("late", { count: "" }).trim()}</span>
        ) : null}
      </span>
    </span>
  );
}

export function JobCard({
  job,
  selected,
  ghost,
  onSelect,
  onDrag,
}: {
  job: BoardJob;
  selected: boolean;
  ghost?: string | null;
  onSelect: () => void;
  onDrag: (event: PointerEvent<HTMLButtonElement>) => void;
}) {
  const t = useT("lab");
  const { r, l } = rxOfJob(job);
  return (
    <button
      type="button"
      className={`job ${ghost ? "ghost" : ""}`}
      aria-pressed={selected}
      data-job={job.id}
      onClick={onSelect}
      onPointerDown={onDrag}
    >
      <span className="row g1">
        <b className="no">{shortNumber(job.number)}</b>
        {job.rush ? (
          <span className="flag rush">
            <Zap className="i s" aria-hidden />
            <span className="rush-word">{t("rush")}</span>
          </span>
        ) : null}
        <span className={`push tray ${job.tray ? "" : "none"}`}>{job.tray ?? t("noTray")}</span>
      </span>
      <span className="pw">
        <i>R</i>
        <span>{formatEyeShort(r)}</span>
        <i>L</i>
        <span>{formatEyeShort(l)}</span>
      </span>
      <span className="ln">
        <span className="clip">{lensName(job)}</span>
        <span className="ini">{job.initials}</span>
      </span>
      <span className="ln">
        {ghost ? <span className="pr t3">{ghost}</span> : <PromiseText job={job} />}
        <span className="ini tab">{seriesOf(job.number)}</span>
      </span>
    </button>
  );
}
