import type { z } from "zod";
import { type jobContentSchema, jobEvent } from "../../../src-shared/lab/entities.ts";
import { allowedStages, boardColumns, columnOf, nextStage, promiseState } from "../../../src-shared/lab/flow.ts";
import { readRegistrant } from "../../../src-shared/lab/registrant.ts";
import { understood } from "../../../src-shared/sync/newer.ts";
import { db, type Reader } from "../read/database.ts";
import { initialsOf } from "../session/router.ts";

type JobContent = z.infer<typeof jobContentSchema>;

/** A job leaves the board when it was collected or cancelled. */
const open = (read: Reader) =>
  read.all(
    db
      .selectFrom("job")
      .selectAll()
      .where("stage", "!=", "collected")
      .where("cancelled", "=", 0)
      .orderBy("promised_on")
      .orderBy("at"),
  );

export interface BoardJob {
  readonly id: string;
  readonly number: string;
  readonly column: (typeof boardColumns)[number];
  readonly stage: string;
  readonly next: string | null;
  readonly allowed: readonly string[];
  readonly tray: string | null;
  readonly rush: boolean;
  readonly held: boolean;
  readonly holdReason: string | null;
  readonly late: number;
  readonly stageAt: number;
  readonly promisedOn: string;
  readonly promise: string;
  readonly patientName: string;
  readonly initials: string;
  readonly branchId: string;
  readonly labBranchId: string;
  readonly content: JobContent;
  /** Who did the latest thing to it, and when. */
  readonly lastBy: string | null;
}

function toCard(row: ReturnType<typeof open>[number], today: string, lastBy: Map<string, string>): BoardJob {
  const state = { stage: row.stage, held: Boolean(row.held), cancelled: Boolean(row.cancelled) };
  return {
    id: row.id,
    number: row.number,
    column: columnOf(state),
    stage: row.stage,
    next: nextStage(state),
    allowed: allowedStages(state),
    tray: row.tray,
    rush: Boolean(row.rush),
    held: state.held,
    holdReason: row.hold_reason,
    late: row.late_events,
    stageAt: row.stage_at,
    promisedOn: row.promised_on,
    promise: promiseState(row.promised_on, today),
    patientName: row.patient_name,
    initials: initialsOf(row.patient_name),
    branchId: row.branch_id,
    labBranchId: row.lab_branch_id,
    content: JSON.parse(row.content) as JobContent,
    lastBy: lastBy.get(row.id) ?? null,
  };
}

/** Everything on the bench, in the order of what is promised first. `today` is the branch's date. */
export function board(read: Reader, today: string) {
  const lastBy = new Map(
    read
      .sql<{ job_id: string; name: string }>(
        `select e.job_id, u.display_name as name from job j join job_event e on e.id = (
           select id from job_event where job_id = j.id order by hlc desc limit 1)
         join app_user u on u.id = e.user_id where j.stage <> 'collected'`,
      )
      .map(({ job_id, name }) => [job_id, name]),
  );
  const jobs = open(read).map((row) => toCard(row, today, lastBy));
  const branches = read.all(
    db.selectFrom("branch").select(["id", "name", "code"]).where("deleted", "=", 0).orderBy("name"),
  );
  return {
    jobs,
    branches,
    columns: boardColumns,
    late: jobs.filter((job) => job.promise === "late").length,
    dueToday: jobs.filter((job) => job.promise === "today").length,
  };
}

export function jobDetail(read: Reader, id: string, today: string) {
  const row = read.first(db.selectFrom("job").selectAll().where("id", "=", id));
  if (!row) return null;
  const events = read
    .all(
      db
        .selectFrom("job_event as e")
        .leftJoin("app_user as u", "u.id", "e.user_id")
        .select(["e.id", "e.kind", "e.text", "e.at", "e.hlc", "u.display_name as who"])
        .where("e.job_id", "=", id)
        .orderBy("e.hlc"),
    )
    .map((event) => {
      const kind = understood(jobEvent.fields.kind, event.kind);
      return { ...event, kind, registrant: kind === "collected" ? readRegistrant(event.text) : null };
    });
  return {
    job: toCard(row, today, new Map()),
    saleId: row.sale_id,
    patientId: row.patient_id,
    releasedAt: row.at,
    events,
  };
}
