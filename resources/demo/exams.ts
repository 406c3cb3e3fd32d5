/** Past exams with their records, summaries and prescriptions, and the four patients of today whom nobody has served. */
import { addDays, localDate } from "../../src-shared/calendar/index.ts";
import { canonicalExam } from "../../src-shared/exams/content.ts";
import { addMonths } from "../../src-shared/exams/issued.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { addHandoff, type Exam, examOfToday, type Prescription, reaction } from "./handoffs.ts";
import type { Patient, Patients } from "./patients.ts";
import { demoPeople, type PersonKey, type Staff } from "./people.ts";
import { earlierRx, rxColumns } from "./rx.ts";
import { type World, zone } from "./world.ts";

const minute = 60_000;
/** Prescriptions are valid for two years, recalls are made after two years at the latest. */
const validMonths = 24;

export interface ExamsPlan {
  /** Whole days before today on which a patient had the last exam, where that matters; others are drawn. */
  readonly lastExam: ReadonlyMap<Id, number>;
  readonly today: readonly Patient[];
}
/** The newest prescription of each patient who has one. */
export type Prescriptions = ReadonlyMap<Id, Prescription>;

export function addExams(world: World, staff: Staff, patients: Patients, plan: ExamsPlan): Prescriptions {
  const { random } = world;
  const newest = new Map<Id, Prescription>();
  const today = new Map(plan.today.map((patient, index) => [patient.row.id, index]));
  for (const patient of patients.all) {
    const { id } = patient.row;
    const place = today.get(id);
    const planned = plan.lastExam.get(id);
    if (place === undefined && planned === undefined && random.chance(0.14)) {
      if (random.chance(0.4)) newest.set(id, broughtAlong(world, staff, patient));
      continue;
    }
    const last = planned ?? world.openDay(random.int(12, 760));
    if (place !== undefined || random.chance(0.45)) {
      const before = world.openDay((place === undefined ? last : 0) + random.int(690, 790));
      const signedAt = world.at(before, random.int(570, 1010));
      const made = addExam(world, staff, patient, {
        signedAt,
        rx: earlierRx(random, patient.rx),
        outcome: "new_rx",
        ...routine,
        findings: null,
        recommendation: null,
      });
      if (made.prescription) newest.set(id, made.prescription);
    }
    const exam =
      place === undefined ? pastExam(world, patient, last, newest.has(id)) : examOfToday(world, patient, place);
    const made = addExam(world, staff, patient, exam);
    if (made.prescription) newest.set(id, made.prescription);
    if (place !== undefined) addHandoff(world, staff, patient, exam, made.examId, made.prescription);
  }
  return newest;
}

const routine = {
  reason: "Routine sight test",
  history: "General health good. No flashes, floaters or double vision.",
};

function pastExam(world: World, patient: Patient, daysAgo: number, known: boolean): Exam {
  const { random } = world;
  const needsNone = patient.age < 40 && Math.abs(patient.rx.r.sphere ?? 0) <= 500 && random.chance(0.5);
  const derek = patient.row.given_name === "Derek" && patient.row.family_name === "Sutcliffe";
  return {
    signedAt: world.at(daysAgo, random.int(570, 1010)),
    rx: needsNone ? null : patient.rx,
    outcome: needsNone ? "no_rx" : known ? random.pick(["small_change", "no_change", "new_rx"] as const) : "new_rx",
    reason: derek ? "Yearly NHS sight test, family history of glaucoma" : routine.reason,
    history: derek
      ? "Father and brother treated for glaucoma. Pressures 17 and 18 mmHg, fields full."
      : routine.history,
    findings: null,
    recommendation: null,
  };
}

/** One signed exam: the draft, its record, the summary and, where there is one, the prescription. */
function addExam(
  world: World,
  staff: Staff,
  patient: Patient,
  exam: Exam,
): { examId: Id; prescription: Prescription | null } {
  const { random } = world;
  const key: PersonKey = patient.branch === "YRK" ? "alan.birch" : "priya.raman";
  const signer = staff.people[key];
  const branch = staff.branches[patient.branch];
  const day = localDate(exam.signedAt, zone);
  const recall = patient.age > 70 || patient.age < 16 ? 12 : validMonths;
  const strong = Math.abs(patient.rx.r.sphere ?? 0) >= 5000;
  const bvd = exam.rx && strong ? 120 : null;
  const startedAt = exam.signedAt - random.int(22, 34) * minute;
  const draft = world.add("exam", startedAt, {
    patient_id: patient.row.id,
    branch_id: branch,
    optometrist_id: signer,
    started_at: startedAt,
    reason: exam.reason,
    history: exam.history,
    ...rxColumns(exam.rx ?? { r: blank, l: blank }),
    r_va: random.pick(["6/5", "6/5", "6/6", "6/6", "6/7.5", "6/9"]),
    l_va: random.pick(["6/5", "6/5", "6/6", "6/6", "6/7.5", "6/9"]),
    bvd,
    findings:
      exam.findings ??
      random.pick([
        "Media clear, discs healthy, maculae flat.",
        "Early lens changes in both eyes, discs healthy.",
        "Dry eye signs, otherwise healthy.",
      ]),
    outcome: exam.outcome,
    recall_months: recall,
    advice: random.pick([
      "Breaks from the screen every 20 minutes.",
      "Lubricating drops as needed.",
      "Return at once for flashes or floaters.",
    ]),
    recommendation: exam.recommendation,
    discarded_at: null,
  });
  const content = canonicalExam({ exam: draft, entries: [], items: [] });
  world.add("exam_record", exam.signedAt, {
    exam_id: draft.id,
    patient_id: patient.row.id,
    branch_id: branch,
    signed_by_id: signer,
    signed_at: exam.signedAt,
    content,
    sha256: world.sha256(content),
    folded: [],
  });
  world.put("exam_summary", world.derive({ subject: draft.id, reaction, index: 1 }), {
    exam_id: draft.id,
    patient_id: patient.row.id,
    branch_id: branch,
    optometrist_id: signer,
    optometrist: demoPeople[key].name,
    outcome: exam.outcome,
    recall_on: addMonths(day, recall),
    examined_on: day,
    at: exam.signedAt,
  });
  if (!exam.rx) return { examId: draft.id, prescription: null };
  const prescription = world.put("prescription", world.derive({ subject: draft.id, reaction, index: 0 }), {
    patient_id: patient.row.id,
    exam_id: draft.id,
    branch_id: branch,
    ...rxColumns(exam.rx),
    bvd,
    issued_on: day,
    expires_on: addMonths(day, validMonths),
    prescriber: demoPeople[key].name,
    prescriber_id: signer,
    source: "exam",
    note: null,
    at: exam.signedAt,
  });
  return { examId: draft.id, prescription };
}

const blank = {
  sphere: null,
  cylinder: null,
  axis: null,
  prism_h: null,
  base_h: null,
  prism_v: null,
  base_v: null,
  add: null,
};

/** A prescription of another practice that the patient showed at the counter. */
function broughtAlong(world: World, staff: Staff, patient: Patient): Prescription {
  const at = world.at(world.openDay(world.random.int(20, 300)), world.random.int(570, 1010));
  const issued = addDays(localDate(at, zone), -world.random.int(20, 200));
  return world.add("prescription", at, {
    patient_id: patient.row.id,
    exam_id: null,
    branch_id: staff.branches[patient.branch],
    ...rxColumns(patient.rx),
    bvd: null,
    issued_on: issued,
    expires_on: addMonths(issued, validMonths),
    prescriber: "Dr J. Ferris, Otley Eye Centre",
    prescriber_id: null,
    source: "outside",
    note: "Paper prescription seen.",
    at,
  });
}
