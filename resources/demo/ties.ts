/** The Ellisons belong together, and what Margaret and Derek agreed to. */
import type { NewRow } from "../../src-shared/sync/registry.ts";
import type { Patient, Patients } from "./patients.ts";
import type { Staff } from "./people.ts";
import type { World } from "./world.ts";

export function addTies(world: World, staff: Staff, { known }: Patients): void {
  const tie = (patient: Patient, other: Patient, relation: NewRow<"patient_link">["relation"]) => {
    const [one = "", two = ""] = [patient.row.id, other.row.id].sort();
    // As the command derives it: tied again, they are the same row.
    const id = world.derive({ subject: one, reaction: `link:${two}`, index: 0 });
    world.put("patient_link", id, { patient_id: patient.row.id, other_id: other.row.id, relation });
  };
  tie(known.margaret, known.graham, "spouse");
  tie(known.margaret, known.sophie, "household");

  const answer = (
    patient: Patient,
    daysAgo: number,
    purpose: NewRow<"consent">["purpose"],
    given: boolean,
    how: NewRow<"consent">["how"],
  ) => {
    const at = world.at(world.openDay(daysAgo), 655);
    const user_id = staff.people["hannah.boyle"];
    world.add("consent", at, { patient_id: patient.row.id, purpose, given, how, note: null, user_id, at });
  };
  answer(known.margaret, 700, "marketing", true, "paper");
  answer(known.margaret, 240, "marketing", false, "phone");
  answer(known.margaret, 240, "share_with_doctor", true, "phone");
  answer(known.derek, 395, "share_with_doctor", true, "in_person");
}
