/** The cases: files, messages, internal notes, and the events that give them status and urgency. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { CaseScript, Step } from "./case-scripts.ts";
import { clinicalCases } from "./case-scripts-clinical.ts";
import { shopCases } from "./case-scripts-shop.ts";
import type { Patient, Patients } from "./patients.ts";
import { demoPeople, type Staff, seededDesk } from "./people.ts";
import type { World } from "./world.ts";

const hour = 3_600_000;

export function addCases(world: World, staff: Staff, patients: Patients): void {
  const known = new Set(Object.values(patients.known));
  const others = world.random.shuffle(patients.all.filter((patient) => !known.has(patient) && patient.age >= 18));
  // Numbered in the order in which they were opened.
  for (const script of [...clinicalCases, ...shopCases].sort((a, b) => b.hours[0] - a.hours[0])) {
    addCase(world, staff, script, patientOf(script, patients, others));
  }
}

function patientOf(script: CaseScript, patients: Patients, others: Patient[]): Patient | null {
  if (script.patient === null) return null;
  if (script.patient !== "any") return patients.known[script.patient];
  const index = others.findIndex((patient) => patient.branch === script.branch);
  return others.splice(index, 1)[0] ?? null;
}

function addCase(world: World, staff: Staff, script: CaseScript, patient: Patient | null): void {
  const [opened, last] = script.hours;
  const openedAt = world.now - opened * hour;
  const file = world.add("case_file", openedAt, {
    number: world.label(script.branch, seededDesk, "K"),
    printed_number: null,
    patient_id: patient?.row.id ?? null,
    subject: script.subject,
    channel: script.channel,
    branch_id: staff.branches[script.branch],
    owner_id: script.owner && staff.people[script.owner],
    opened_by_id: staff.people[script.openedBy],
    opened_at: openedAt,
  });
  const follows: Record<"status" | "urgency", Id[]> = { status: [], urgency: [] };
  let patientMessages = 0;
  for (const [index, step] of script.steps.entries()) {
    const share = script.steps.length === 1 ? 0 : index / (script.steps.length - 1);
    const at = openedAt + 1000 * (index + 1) + Math.round((opened - last) * hour * share);
    if ("status" in step || "urgency" in step) {
      const [kind, value] =
        "status" in step ? (["status", step.status] as const) : (["urgency", step.urgency] as const);
      const event = world.add("case_event", at, {
        case_id: file.id,
        kind,
        value,
        follows: follows[kind],
        seen_patient_messages: patientMessages,
        text: null,
        user_id: staff.people[step.staff],
        at,
      });
      follows[kind] = [event.id];
    } else if ("notes" in step) {
      world.add("case_note", at, { case_id: file.id, body: step.notes, author_id: staff.people[step.staff], at });
    } else {
      if ("patient" in step) patientMessages += 1;
      world.add("case_message", at, { case_id: file.id, channel: script.channel, at, ...spoken(step, staff, patient) });
    }
  }
}

function spoken(step: Extract<Step, { patient: string } | { says: string }>, staff: Staff, patient: Patient | null) {
  if ("patient" in step) {
    const author = patient ? `${patient.row.given_name} ${patient.row.family_name}` : "Caller";
    return { from: "patient" as const, body: step.patient, author_id: null, author };
  }
  return {
    from: "staff" as const,
    body: step.says,
    author_id: staff.people[step.staff],
    author: demoPeople[step.staff].name,
  };
}
