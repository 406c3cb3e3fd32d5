/** What may happen to a job next, and where its card stands on the board (domain §3.11, §6.4). Pure. */
import { type Stage, stageRank, stages } from "./stages.ts";

/** The columns of the board, in the order of the work. */
export const boardColumns = ["in", "waiting", "surface", "edge", "fit", "inspect", "out", "hold"] as const;
export type BoardColumn = (typeof boardColumns)[number];

const columnByStage: Record<Stage, BoardColumn> = {
  released: "in",
  received_lab: "in",
  lens_ordered: "waiting",
  lens_ready: "waiting",
  surfacing: "surface",
  edging: "edge",
  fitting: "fit",
  inspection: "inspect",
  passed: "out",
  dispatched: "out",
  received_branch: "out",
  ready: "out",
  collected: "out",
};

export interface JobState {
  readonly stage: string;
  readonly held: boolean;
  readonly cancelled: boolean;
}

export function columnOf(job: JobState): BoardColumn {
  return job.held ? "hold" : columnByStage[job.stage as Stage];
}

/** The next stage in the order of the work; null when the glasses are with the patient. */
export function nextStage(job: JobState): Stage | null {
  if (job.held || job.cancelled) return null;
  return stages[stageRank(job.stage) + 1] ?? null;
}

/**
 * The stages a job may go to now: only forward, since what happened to the thing has happened. Skipping is allowed (a
 * stock lens is neither ordered nor surfaced), but nothing leaves the lab without having passed inspection.
 */
export function allowedStages(job: JobState): Stage[] {
  if (job.held || job.cancelled) return [];
  const rank = stageRank(job.stage);
  const passed = stageRank("passed");
  return stages.filter((stage) => {
    const target = stageRank(stage);
    return target > rank && (target <= passed || rank >= passed);
  });
}

/** The first stage of a column that the job may go to: what dropping its card there means. */
export function stageForColumn(job: JobState, column: BoardColumn): Stage | null {
  return allowedStages(job).find((stage) => columnByStage[stage] === column) ?? null;
}

export type PromiseState = "late" | "today" | "soon" | "fine";
/** How a promised date stands on a day, both `YYYY-MM-DD`. Soon: within two days. */
export function promiseState(promisedOn: string, today: string): PromiseState {
  if (promisedOn < today) return "late";
  if (promisedOn === today) return "today";
  const days = (Date.parse(promisedOn) - Date.parse(today)) / 86_400_000;
  return days <= 2 ? "soon" : "fine";
}
