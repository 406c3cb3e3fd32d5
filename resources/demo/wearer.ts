/** Somebody whose contact lens specification has run out: fitted more than a year ago and not seen since. */
import { addDays, localDate } from "../../src-shared/calendar/index.ts";
import { canonicalExam } from "../../src-shared/exams/content.ts";
import { addMonths, lensSpecOf } from "../../src-shared/exams/issued.ts";
import { readExamContent } from "../../src-shared/exams/record-content.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { reaction } from "./handoffs.ts";
import { demoPeople, type Staff, seededTill } from "./people.ts";
import { type World, zone } from "./world.ts";

const minute = 60_000;
/** A specification lasts a year: this one has run out more than a month ago. */
const daysAgo = 400;

const lens = (sphere: number) => ({
  brand: "Lumia Monthly",
  material: null,
  design: null,
  base_curve: 860,
  diameter: 1420,
  sphere,
  cylinder: null,
  axis: null,
  add: null,
});
const found: Readonly<Record<string, unknown>> = {
  "history.symptoms": "No trouble with her lenses",
  "contact_lenses.wear": "monthly",
  "contact_lenses.hours": 12,
  "contact_lenses.days": 6,
  "contact_lenses.comfort": 9,
  "contact_lenses.solution": "Multipurpose, every night",
  "contact_lenses.compliance": "good",
  "contact_lenses.lens.r": lens(-2750),
  "contact_lenses.lens.l": lens(-3000),
  "contact_lenses.va.r": "6/5",
  "contact_lenses.va.l": "6/6",
  "contact_lenses.fit.r": "centred_moving",
  "contact_lenses.fit.l": "centred_moving",
  "contact_lenses.schedule": "Daily wear, a new pair each month",
  "contact_lenses.expiry_months": 12,
  "anterior.bulbar_redness.r": 10,
  "anterior.bulbar_redness.l": 10,
};

/** Draws nothing by chance, so that everybody else stays who they are. */
export function addWearer(world: World, staff: Staff): void {
  const registered = world.at(world.openDay(daysAgo + 14), 610);
  const { id } = world.add("patient", registered, {
    number: world.label("LDS", seededTill, "P"),
    title: "Ms",
    given_name: "Imogen",
    family_name: "Farrar",
    date_of_birth: addDays(world.today, -Math.floor(34 * 365.25) - 40),
    sex: "female",
    phone: "0113 496 0177",
    address: "9 Clarence Terrace\nLeeds",
    postcode: "LS6 2QT",
    occupation: "Physiotherapist",
    drives: true,
    contact_by_text: true,
    contact_by_email: false,
    branch_id: staff.branches.LDS,
  } as never);
  addAftercare(world, staff, id);
}

function addAftercare(world: World, staff: Staff, patient: Id): void {
  const signer = staff.people["priya.raman"];
  const { name, registration } = demoPeople["priya.raman"];
  const place = { patient_id: patient, branch_id: staff.branches.LDS };
  const signedAt = world.at(world.openDay(daysAgo), 685);
  const startedAt = signedAt - 22 * minute;
  const day = localDate(signedAt, zone);
  const draft = world.add("exam", startedAt, {
    ...place,
    optometrist_id: signer,
    started_at: startedAt,
    kind: "contact_lens_aftercare",
    reason: "Contact lens aftercare",
    outcome: "no_change",
    recall_months: 12,
    advice: "Rub and rinse, a new case every month; lenses out at once when red or sore.",
  } as never);
  const entries = Object.entries(found).map(([key, value]) =>
    world.put("exam_entry", world.derive({ subject: draft.id, reaction: `entry:${key}`, index: 0 }), {
      exam_id: draft.id,
      key,
      value,
    }),
  );
  const content = canonicalExam({ exam: draft, entries: entries as never[], items: [] });
  const record = world.add("exam_record", signedAt, {
    ...place,
    exam_id: draft.id,
    signed_by_id: signer,
    signed_at: signedAt,
    content,
    sha256: world.sha256(content),
    folded: [],
  });
  world.put("exam_summary", world.derive({ subject: draft.id, reaction, index: 1 }), {
    ...place,
    exam_id: draft.id,
    optometrist_id: signer,
    optometrist: name,
    outcome: "no_change",
    recall_on: addMonths(day, 12),
    examined_on: day,
    at: signedAt,
  });
  const issuer = { id: signer, display_name: name, registration_number: registration };
  const spec = lensSpecOf(readExamContent(content), {
    record,
    patient: null,
    issuer,
    issuerId: signer,
    day,
    at: signedAt,
    note: null,
  });
  if (spec) world.put("contact_lens_spec", world.derive({ subject: draft.id, reaction, index: 3 }), spec);
}
