/** The bench: every job where it stands, moved by mouse or by keys, on every screen at once. */
import { ChevronRight, CloudOff, FlaskConical } from "lucide-react";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { type BoardColumn, boardColumns, stageForColumn } from "../../../src-shared/lab/flow.ts";
import type { Stage } from "../../../src-shared/lab/stages.ts";
import { useAct, useLive } from "../../api/index.ts";
import {
  Button,
  EmptyState,
  ErrorState,
  Hints,
  instantText,
  PageHead,
  Rx,
  relative,
  Segmented,
  usePlace,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { useAdvance } from "./advance.tsx";
import { AskForReason, type AskKind } from "./ask.tsx";
import { type BoardJob, JobCard, lensName, rxOfJob } from "./card.tsx";

export function Board() {
  const t = useT("lab");
  const { timeZone } = usePlace();
  const { data, error } = useLive("lab.board");
  const sync = useLive("sync.status");
  const { move: advance, dialog } = useAdvance();
  const resume = useAct("lab.resume");
  const [branch, setBranch] = useState("all");
  const [selected, setSelected] = useState<string | null>(null);
  const [asking, setAsking] = useState<AskKind | null>(null);
  const jobs = useMemo(
    () => (data?.jobs ?? []).filter((job) => branch === "all" || job.branchId === branch),
    [data, branch],
  );
  const columns = useMemo(
    () => boardColumns.map((name) => ({ name, jobs: jobs.filter((job) => job.column === name) })),
    [jobs],
  );
  const ghost = useGhost(jobs, selected);
  const job = jobs.find((candidate) => candidate.id === selected) ?? null;

  const move = (target: BoardJob, to: Stage) => advance(target.id, to);
  const next = () => {
    if (job?.next) move(job, job.next as Stage);
  };
  const step = (by: number) => {
    const list =
      columns.find((column) => column.jobs.some((each) => each.id === selected))?.jobs ??
      columns.find((column) => column.jobs.length > 0)?.jobs ??
      [];
    const index = list.findIndex((each) => each.id === selected);
    setSelected(list[Math.max(0, Math.min(list.length - 1, index + by))]?.id ?? null);
  };
  const side = (by: 1 | -1) => {
    const from = columns.findIndex((column) => column.jobs.some((each) => each.id === selected));
    for (let index = from + by; index >= 0 && index < columns.length; index += by) {
      const first = columns[index]?.jobs[0];
      if (first) {
        setSelected(first.id);
        return;
      }
    }
  };
  const group = t("title");
  useShortcuts([
    { keys: "J", label: t("keys.updown"), group, run: () => step(1) },
    { keys: "K", label: t("keys.updown"), group, run: () => step(-1) },
    { keys: "ArrowDown", label: t("keys.updown"), group, run: () => step(1) },
    { keys: "ArrowUp", label: t("keys.updown"), group, run: () => step(-1) },
    { keys: "ArrowRight", label: t("keys.column"), group, run: () => side(1) },
    { keys: "ArrowLeft", label: t("keys.column"), group, run: () => side(-1) },
    { keys: ">", label: t("keys.next"), group, when: Boolean(job?.next), run: next },
    { keys: "Enter", label: t("keys.next"), group, when: Boolean(job?.next), run: next },
    { keys: "H", label: t("hold"), group, when: Boolean(job && !job.held), run: () => setAsking("hold") },
    {
      keys: "U",
      label: t("resume"),
      group,
      when: Boolean(job?.held),
      run: () => job && void resume.act({ jobId: job.id }).catch(() => {}),
    },
    { keys: "R", label: t("reject"), group, when: Boolean(job && !job.held), run: () => setAsking("reject") },
    { keys: "T", label: t("tray"), group, when: Boolean(job), run: () => setAsking("tray") },
    { keys: "N", label: t("note"), group, when: Boolean(job), run: () => setAsking("note") },
  ]);
  const drag = useDragging(jobs, move);
  useEffect(() => {
    if (selected)
      document.querySelector(`[data-job="${selected}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected]);

  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const branches = data.branches.filter((each) => data.jobs.some((every) => every.branchId === each.id));
  return (
    <div className="screen">
      <div className="mainpart">
        <div>
          <PageHead
            title={t("title")}
            meta={
              <>
                {t("jobs", { count: jobs.length })}
                {data.late > 0 ? <span className="is-stop"> · {t("late", { count: data.late })}</span> : null} ·{" "}
                {t("dueToday", { count: data.dueToday })}
              </>
            }
          >
            <Segmented
              label={t("all")}
              value={branch}
              onChange={setBranch}
              options={[
                { value: "all", label: t("all") },
                ...branches.map(({ id, name }) => ({ value: id, label: name.split(",")[0] ?? name })),
              ]}
            />
          </PageHead>
          {sync.data?.state === "offline" && sync.data.since ? (
            <p className="offline-note">
              <CloudOff className="i" aria-hidden />
              {t("offline", { time: instantText(sync.data.since, timeZone, "time") })}
            </p>
          ) : null}
        </div>
        <div className="body">
          {jobs.length === 0 ? (
            <EmptyState icon={FlaskConical} title={t("empty")}>
              {t("emptyText")}
            </EmptyState>
          ) : (
            <div className="board">
              {columns.map(({ name, jobs: list }) => (
                <section
                  key={name}
                  data-column={name}
                  className={drag.targets.has(name) ? `drop ${drag.over === name ? "over" : ""}` : ""}
                  aria-label={t(`column.${name}`)}
                >
                  <h2>
                    {t(`column.${name}`)} <span className="ct">{list.length}</span>
                  </h2>
                  <p className="age">
                    {list.length > 0
                      ? t("oldest", { age: relative(Math.min(...list.map((each) => each.stageAt))) })
                      : ""}
                  </p>
                  <ul>
                    {ghost && ghost.column === name ? (
                      <li>
                        <JobCard
                          job={ghost.job}
                          selected={false}
                          ghost={ghost.by ? t("movedBy", { name: ghost.by }) : t("movedBy", { name: "" })}
                          onSelect={() => {}}
                          onDrag={() => {}}
                        />
                      </li>
                    ) : null}
                    {list.map((each) => (
                      <li key={each.id}>
                        <JobCard
                          job={each}
                          selected={each.id === selected}
                          onSelect={() => setSelected(each.id)}
                          onDrag={(event) => drag.begin(event, each)}
                        />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          )}
        </div>
      </div>
      <div className="foot">
        <SelectedBar
          job={job}
          ask={setAsking}
          next={next}
          resume={() => job && void resume.act({ jobId: job.id }).catch(() => {})}
        />
        <Hints
          items={[
            { keys: "J K", label: t("keys.updown") },
            { keys: "← →", label: t("keys.column") },
            { keys: ">", label: t("keys.next") },
            { keys: "Scan", label: t("keys.scan") },
          ]}
        />
      </div>
      {dialog}
      {job && asking ? <AskForReason kind={asking} jobId={job.id} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function SelectedBar({
  job,
  ask,
  next,
  resume,
}: {
  job: BoardJob | null;
  ask: (kind: AskKind) => void;
  next: () => void;
  resume: () => void;
}) {
  const t = useT("lab");
  const detail = useLive("lab.job", { id: job?.id ?? "" }, { enabled: job !== null });
  const { timeZone } = usePlace();
  if (!job) {
    return (
      <div className="selbar">
        <p className="t3">{t("select")}</p>
      </div>
    );
  }
  const { r, l } = rxOfJob(job);
  const events = detail.data?.job.id === job.id ? detail.data.events.slice(-4) : [];
  return (
    <div className="selbar">
      <div>
        <a className="section tab" href={`#/lab/${job.id}`}>
          {job.number}
        </a>
        <p className="small t3">
          {job.patientName} · {job.tray ? `${t("tray")} ${job.tray}` : t("noTray")}
        </p>
      </div>
      <Rx r={r} l={l} size="s" />
      <div className="more">
        <b>{lensName(job)}</b> {job.content.frame ? <span className="t2">{job.content.frame.name}</span> : null}
        <p className="trail">
          {events.map((event, index) => (
            <span key={event.id} className="row g1">
              {index > 0 ? <ChevronRight className="i s" aria-hidden /> : null}
              {instantText(event.at, timeZone, "time")} {t(`stage.${event.kind}`)}{" "}
              {event.kind === "tray" ? event.text : ""}
            </span>
          ))}
        </p>
      </div>
      <div className="row g2">
        <Button keys="N" onClick={() => ask("note")}>
          {t("note")}
        </Button>
        <Button keys="T" onClick={() => ask("tray")}>
          {t("tray")}
        </Button>
        {job.held ? null : (
          <Button keys="H" onClick={() => ask("hold")}>
            {t("hold")}
          </Button>
        )}
        {job.held ? null : (
          <Button variant="danger" keys="R" onClick={() => ask("reject")}>
            {t("reject")}
          </Button>
        )}
        {job.held ? (
          <Button variant="primary" size="big" keys="U" onClick={resume}>
            {t("resume")}
          </Button>
        ) : job.next ? (
          <Button variant="primary" size="big" keys=">" onClick={next}>
            {t(`next.${job.next}`)}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** A selected card that somebody else moves stays where it was, ghosted, until the selection leaves it. */
function useGhost(jobs: readonly BoardJob[], selected: string | null) {
  const seen = useRef<{ id: string; column: BoardColumn; job: BoardJob } | null>(null);
  const [ghost, setGhost] = useState<{ column: BoardColumn; job: BoardJob; by: string | null } | null>(null);
  useEffect(() => {
    const job = jobs.find((each) => each.id === selected);
    const before = seen.current;
    if (!job || before?.id !== selected) setGhost(null);
    else if (before.column !== job.column) setGhost({ column: before.column, job: before.job, by: job.lastBy });
    seen.current = job ? { id: job.id, column: job.column, job } : null;
  }, [jobs, selected]);
  return ghost;
}

/** Dragging a card over a column that it may go to. The keys do the same. */
function useDragging(jobs: readonly BoardJob[], move: (job: BoardJob, to: Stage) => void) {
  const [dragged, setDragged] = useState<BoardJob | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const targets = useMemo(
    () =>
      new Set<string>(
        dragged
          ? boardColumns.filter(
              (column) => column !== dragged.column && stageForColumn({ ...dragged, cancelled: false }, column),
            )
          : [],
      ),
    [dragged],
  );
  const begin = (event: PointerEvent<HTMLButtonElement>, job: BoardJob) => {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY };
    let active = false;
    const columnAt = (x: number, y: number) =>
      document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-column]")?.dataset.column ?? null;
    const onMove = (moved: globalThis.PointerEvent) => {
      if (!active && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) > 6) {
        active = true;
        setDragged(job);
      }
      if (active) setOver(columnAt(moved.clientX, moved.clientY));
    };
    const onUp = (up: globalThis.PointerEvent) => {
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      const column = active ? columnAt(up.clientX, up.clientY) : null;
      setDragged(null);
      setOver(null);
      const current = jobs.find((each) => each.id === job.id) ?? job;
      const stage =
        column && column !== current.column
          ? stageForColumn({ ...current, cancelled: false }, column as BoardColumn)
          : null;
      if (stage) move(current, stage);
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
  };
  return { begin, targets, over };
}
