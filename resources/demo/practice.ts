/**
 * The demo practice "Aldous & Wren": three branches, eight people, some 240 patients and what happened to them. Pure
 * and seeded: the same input gives the same rows. Nobody in it exists.
 */
import { addCases } from "./cases.ts";
import { addCatalogue } from "./catalogue.ts";
import { addDiary } from "./diary.ts";
import { addExams } from "./exams.ts";
import { addJobs, planJobs } from "./jobs.ts";
import { addPatients, type Patient, type Patients } from "./patients.ts";
import { addStaff } from "./people.ts";
import { addCounterSales } from "./sales.ts";
import { addTies } from "./ties.ts";
import { addWearer } from "./wearer.ts";
import { createWorld, type DemoInput, type DemoRows, type World } from "./world.ts";

export type { DemoInput, DemoRows } from "./world.ts";

const counterSales = 20;

/**
 * All rows by entity, in the order of the registry: parents before children. The practice, its centre's key and the
 * default roles are not among them; they are made when the practice is.
 */
export function demoPractice(input: DemoInput): DemoRows {
  const world = createWorld(input);
  const staff = addStaff(world);
  const catalogue = addCatalogue(world, staff);
  const patients = addPatients(world, staff);
  const today = patientsOfToday(patients);
  const planned = planJobs(world, patients, [...today, patients.known.derek]);
  const prescriptions = addExams(world, staff, patients, {
    today,
    lastExam: new Map([
      // Derek is due again: his yearly test was thirteen months ago.
      [patients.known.derek.row.id, world.openDay(395)],
      ...planned.map((plan): [string, number] => [plan.patient.row.id, world.openDay(plan.sold + lag(world))]),
    ]),
  });
  addJobs(world, staff, catalogue, prescriptions, planned);
  addCounterSales(world, staff, catalogue, patients, counterSales);
  addCases(world, staff, patients);
  addDiary(world, staff, patients, today);
  addTies(world, staff, patients);
  addWearer(world, staff);
  return world.rows;
}

/** Days between an exam and the sale that followed it. */
function lag(world: World): number {
  return 1 + world.random.int(0, 8);
}

/** Examined today and waiting at the tills: Margaret and Sophie, one more of Leeds and one of York. */
function patientsOfToday({ all, known }: Patients): Patient[] {
  const grown = (branch: string) => (patient: Patient) =>
    patient.branch === branch && patient.age > 50 && !Object.values(known).includes(patient);
  const others = [all.find(grown("LDS")), all.find(grown("YRK"))].filter((patient) => patient !== undefined);
  return [known.margaret, known.sophie, ...others];
}
