/** The practice's data on its way to this PC: how far it is, and how long it still takes. */
import { useRef } from "react";
import type { Output } from "../../api/index.ts";
import { megabytes, ProgressBar, useT } from "../../ui/index.ts";

type Progress = Output<"setup.state">["progress"];

export function Filling({ progress }: { progress: Progress }) {
  const t = useT("setup");
  const filling = progress?.filling ?? null;
  const bytes = progress?.reachable ? (filling?.bytes ?? null) : null;
  const minutes = useMinutesLeft(bytes);
  const words = !progress?.reachable
    ? t("waitingLine")
    : bytes
      ? t("downloading")
      : filling
        ? t("preparing")
        : t("fillingText", { rows: progress.rows.toLocaleString("en-GB") });
  return (
    <>
      <h1>{t("filling")}</h1>
      <p className="lead">{words}</p>
      {progress?.reachable || filling ? <ProgressBar label={t("filling")} done={filling?.done ?? null} /> : null}
      {bytes ? (
        <p className="row g3 t2 tab filling-foot">
          <span>{t("megabytes", megabytes(bytes))}</span>
          <span className="push">
            {minutes === null ? "" : minutes < 1 ? t("secondsLeft") : t("minutesLeft", { count: Math.ceil(minutes) })}
          </span>
        </p>
      ) : null}
    </>
  );
}

/** From the pace so far; null until there is one to go by. */
function useMinutesLeft(bytes: { done: number; total: number } | null): number | null {
  const began = useRef<{ at: number; done: number } | null>(null);
  if (!bytes) {
    began.current = null;
    return null;
  }
  began.current ??= { at: Date.now(), done: bytes.done };
  const seconds = (Date.now() - began.current.at) / 1000;
  const came = bytes.done - began.current.done;
  if (seconds < 2 || came <= 0) return null;
  return ((bytes.total - bytes.done) * seconds) / came / 60;
}
