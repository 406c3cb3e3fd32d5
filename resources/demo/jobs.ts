/** Thirty-four lab jobs over all stages, with the facts that brought each of them there. */
import { addDays, type Instant, type LocalDate, localDate, weekday } from "../../src-shared/calendar/index.ts";
import { jobFromPair } from "../../src-shared/dispensing/release.ts";
import { type JobEventKind, type Stage, stageRank, stages } from "../../src-shared/lab/stages.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Row } from "../../src-shared/sync/registry.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Prescriptions } from "./exams.ts";
import type { Patient, Patients } from "./patients.ts";
import type { Staff } from "./people.ts";
import { addGlasses } from "./sales.ts";
import { type DemoRow, type World, zone } from "./world.ts";

interface Shape {
  readonly stage: Stage;
  /** Days before today on which the glasses were sold. */
  readonly sold: number;
  readonly rush?: true;
  /** Promised for so many days ago. */
  readonly late?: number;
  readonly hold?: string;
  readonly reject?: string;
  readonly note?: string;
}
const shapes: readonly Shape[] = [
  { stage: "released", sold: 0 },
  { stage: "released", sold: 0, rush: true },
  { stage: "released", sold: 1 },
  { stage: "released", sold: 1, note: "Patient asks for a call when they leave the lab." },
  { stage: "received_lab", sold: 1 },
  { stage: "received_lab", sold: 2, rush: true },
  { stage: "received_lab", sold: 2 },
  { stage: "received_lab", sold: 3, hold: "Pupil distance looks small for this frame: the branch measures again." },
  { stage: "lens_ordered", sold: 3 },
  { stage: "lens_ordered", sold: 4 },
  { stage: "lens_ordered", sold: 4, note: "Supplier confirms delivery for tomorrow morning." },
  { stage: "lens_ordered", sold: 9, late: 2, hold: "The supplier has none until next week; patient to be told." },
  { stage: "lens_ready", sold: 5 },
  { stage: "lens_ready", sold: 6 },
  { stage: "lens_ready", sold: 8, late: 1 },
  { stage: "surfacing", sold: 5 },
  { stage: "surfacing", sold: 6, rush: true },
  { stage: "edging", sold: 6 },
  { stage: "edging", sold: 7 },
  { stage: "edging", sold: 7, hold: "Left rim cracked while edging: replacement frame ordered." },
  { stage: "fitting", sold: 7 },
  { stage: "fitting", sold: 10, late: 3 },
  { stage: "inspection", sold: 7 },
  { stage: "inspection", sold: 8, reject: "Right axis is 5 degrees off the order. Lens to be made again." },
  { stage: "inspection", sold: 8, rush: true, late: 1 },
  { stage: "passed", sold: 8 },
  { stage: "dispatched", sold: 9 },
  { stage: "dispatched", sold: 9 },
  { stage: "received_branch", sold: 10 },
  { stage: "ready", sold: 11 },
  { stage: "ready", sold: 12 },
  { stage: "ready", sold: 14, note: "Text sent, patient comes on Saturday." },
  { stage: "collected", sold: 13 },
  { stage: "collected", sold: 15 },
];

export interface PlannedJob extends Shape {
  readonly patient: Patient;
}

/** Who the jobs are for: adults and children who were examined a few days before they bought. */
export function planJobs(world: World, patients: Patients, others: readonly Patient[]): PlannedJob[] {
  const taken = new Set(others);
  const candidates = world.random.shuffle(
    patients.all.filter((patient) => !taken.has(patient) && needsGlasses(patient)),
  );
  return shapes.map((shape, index) => ({
    ...shape,
    sold: world.openDay(shape.sold),
    patient: candidates[index] as Patient,
  }));
}
function needsGlasses({ rx, age }: Patient): boolean {
  return age >= 7 && (rx.r.add !== null || Math.abs(rx.r.sphere ?? 0) >= 750);
}

export function addJobs(
  world: World,
  staff: Staff,
  catalogue: Catalogue,
  prescriptions: Prescriptions,
  planned: readonly PlannedJob[],
): void {
  const trays = world.random.shuffle(Array.from({ length: 48 }, (_, n) => String(n + 1)));
  // Documents are numbered in the order in which they were made.
  for (const plan of [...planned].sort((a, b) => b.sold - a.sold)) {
    const prescription = prescriptions.get(plan.patient.row.id);
    if (!prescription) throw new Error("A planned job's patient has no prescription");
    addJob(world, staff, catalogue, plan, prescription, trays.pop() as string);
  }
}

function addJob(
  world: World,
  staff: Staff,
  catalogue: Catalogue,
  plan: PlannedJob,
  prescription: DemoRow<"prescription">,
  tray: string,
): void {
  const { random } = world;
  const reached = stageRank(plan.stage);
  const soldMinutes = random.int(560, 900);
  // Glasses of today are sold after their exam; both lie before now whatever the hour.
  const soldAt = Math.max(world.at(plan.sold, soldMinutes), prescription.at + 60_000);
  const moments = workingMoments(world, plan.sold, soldMinutes, soldAt, reached);
  const { sale, pair } = addGlasses(world, staff, catalogue, {
    patient: plan.patient,
    prescription,
    soldAt,
    promisedOn: (lead) => promise(world, plan, localDate(soldAt, zone), lead),
    rush: plan.rush ?? false,
    collectedAt: plan.stage === "collected" ? (moments.at(-1) as Instant) : null,
  });

  // Ids as the product derives them, so that nothing releases the same pair again.
  const jobId = world.derive({ subject: pair.id, reaction: "release-job", index: 0 });
  const fields = jobFromPair({
    sale: sale as unknown as Row<"sale">,
    pair: pair as unknown as Row<"sale_pair">,
    at: soldAt,
  });
  const job = world.put("job", jobId, fields);
  let seen = world.put("job_event", world.derive({ subject: jobId, reaction: "release-job", index: 1 }), {
    job_id: jobId,
    kind: "released",
    seen_event_id: null,
    text: null,
    user_id: null,
    branch_id: sale.branch_id,
    at: soldAt,
  }).id;
  addCreatedEvent(world, job, sale.dispenser_id);

  const event = (kind: JobEventKind, at: Instant, text: string | null = null): Id => {
    const inShop = stageRank(kind) >= stageRank("received_branch");
    return world.add("job_event", at, {
      job_id: jobId,
      kind,
      seen_event_id: seen,
      text,
      user_id: inShop ? sale.dispenser_id : staff.people["tomasz.nowak"],
      branch_id: inShop ? sale.branch_id : staff.branches.YRK,
      at,
    }).id;
  };
  for (const [index, at] of moments.entries()) {
    const kind = stages[index + 1] as Stage;
    seen = event(kind, at);
    if (kind === "received_lab") event("tray", at + 1000, tray);
  }
  const last = moments.at(-1) ?? soldAt;
  if (plan.note) event("note", last + 2000, plan.note);
  if (plan.hold) event("hold", last + 3000, plan.hold);
  if (plan.reject) event("reject", last + 3000, plan.reject);
}

function promise(world: World, plan: PlannedJob, sold: LocalDate, leadDays: number): LocalDate {
  if (plan.late) return world.date(plan.late);
  // Three days for lab and transport; shops and lab are closed on Sundays.
  const usual = addDays(sold, Math.ceil(((leadDays + 3) * 7) / 6));
  const open = plan.stage === "collected" || plan.stage === "ready";
  const earliest = plan.rush ? world.date(-1) : open || usual > world.today ? usual : world.date(-2);
  return weekday(earliest) === 7 ? addDays(earliest, 1) : earliest;
}

/** `count` rising moments within opening hours, from the sale to yesterday evening, sometimes to this morning. */
function workingMoments(world: World, soldDay: number, soldMinutes: number, soldAt: Instant, count: number): Instant[] {
  const opens = 540;
  const hours = 480;
  const days: number[] = [];
  for (let day = soldDay; day >= 0; day--) if (world.openDay(day) === day) days.push(day);
  const start = soldMinutes - opens;
  // The last day is today: of it only the first hour counts, so that a demo of any hour looks plausible.
  const end = Math.max((days.length - 1) * hours - (world.random.chance(0.7) ? 40 : -40), start + 30);
  let previous = soldAt;
  return Array.from({ length: count }, (_, n) => {
    const position = start + ((end - start) * (n + 1)) / count;
    const day = days[Math.min(days.length - 1, Math.floor(position / hours))] as number;
    previous = Math.max(world.at(day, opens + (position % hours)), previous + 5000);
    return previous;
  });
}

function addCreatedEvent(world: World, job: DemoRow<"job">, actor: Id): void {
  world.put("domain_event", world.derive({ subject: job.id, reaction: "order.created", index: 0 }), {
    type: "order.created",
    version: 1,
    source: "system",
    subject_entity: "job",
    subject_id: job.id,
    branch_id: job.lab_branch_id,
    actor_id: actor,
    at: job.at,
    payload: {
      jobId: job.id,
      saleId: job.sale_id,
      pairId: job.pair_id,
      patientId: job.patient_id,
      labBranchId: job.lab_branch_id,
    },
    stream: "jobs",
  });
}
