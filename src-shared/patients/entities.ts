import { z } from "zod";
import { defineEntity } from "../sync/entity.ts";
import {
  bool,
  date,
  idField,
  instant,
  int,
  json,
  money,
  nullable,
  oneOf,
  power,
  safety,
  text,
  unknownAs,
} from "../sync/fields.ts";
import { consentPurposes, relations, statements } from "./lists.ts";
import { prescriptionProblem } from "./prescription-check.ts";

export const patient = defineEntity({
  name: "patient",
  kind: "register",
  stream: "people",
  series: "P",
  fields: {
    number: text(32),
    /** What was printed before a forked terminal had to draw the number anew; searchable. */
    printed_number: nullable(text(40)),
    title: nullable(text(20)),
    given_name: safety(text(100)),
    family_name: safety(text(100)),
    date_of_birth: safety(date()),
    sex: nullable(safety(unknownAs("other", oneOf("female", "male", "other")))),
    /** Used for recall, hence a safety field (sync design §2.5). */
    phone: nullable(safety(text(40))),
    phone_other: nullable(text(40)),
    email: nullable(text(254)),
    address: nullable(text(400)),
    postcode: nullable(text(12)),
    occupation: nullable(text()),
    drives: nullable(bool()),
    sight_impaired: nullable(oneOf("SI", "SSI")),
    allergies: nullable(safety(text(1000))),
    warning: nullable(text(1000)),
    notes: nullable(text(4000)),
    contact_by_text: bool(),
    contact_by_email: bool(),
    branch_id: idField("branch"),
    merged_into_id: nullable(idField("patient")),
    /** Name and address of the general practitioner, for letters. */
    doctor: nullable(text(400)),
    /** The national health service's number of the patient. */
    health_number: nullable(text(20)),
    /** Language, hearing, wheelchair: what to think of before somebody is called in. */
    needs: nullable(text(400)),
    import_id: nullable(idField("import_run")),
    /** When the patient is due, as long as no sight test here says another day. */
    recall_on: nullable(date()),
  },
  permissions: {
    insert: "patients:create",
    // Taking a record away, or bringing it back, is as grave as giving it up for another one.
    patch: ({ fields }) =>
      "merged_into_id" in fields || "deleted" in fields ? "patients:merge" : "patients:edit_demographics",
  },
});

/** A patient said yes or no to something; the latest of a purpose counts. */
export const consent = defineEntity({
  name: "consent",
  kind: "fact",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    purpose: unknownAs("other", oneOf(...consentPurposes)),
    given: bool(),
    how: unknownAs("other", oneOf("in_person", "phone", "paper", "portal", "import", "other")),
    note: nullable(text(400)),
    user_id: nullable(idField("app_user")),
    at: instant(),
  },
  author: "user_id",
  permissions: { insert: "consent:manage" },
});

/** Family and carers. Element id: derived from both patients, so that one tie is one row. */
export const patientLink = defineEntity({
  name: "patient_link",
  kind: "set",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    other_id: idField("patient"),
    /** What `other` is to `patient`. */
    relation: unknownAs("other", oneOf(...relations)),
  },
  permissions: { insert: "patients:edit_demographics", patch: "patients:edit_demographics" },
});

/** What a field of a patient was before somebody changed it here: the history behind each field. */
export const patientChange = defineEntity({
  name: "patient_change",
  kind: "fact",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    field: text(60),
    before: json(z.unknown()),
    after: json(z.unknown()),
    user_id: nullable(idField("app_user")),
    at: instant(),
  },
  author: "user_id",
  permissions: {
    insert: ({ fields }) => (fields.field === "merged_into_id" ? "patients:merge" : "patients:edit_demographics"),
  },
});

/** Records brought over from another system in one go; undone as a whole. */
export const importRun = defineEntity({
  name: "import_run",
  kind: "register",
  stream: "people",
  fields: {
    name: text(),
    source: unknownAs("csv", oneOf("csv", "fhir")),
    sha256: text(64),
    counts: json(z.record(z.string(), z.int())),
    branch_id: idField("branch"),
    user_id: idField("app_user"),
    started_at: instant(),
    undone_at: nullable(instant()),
    undone_by_id: nullable(idField("app_user")),
  },
  permissions: { insert: "patients:merge", patch: "patients:merge" },
});

/** What a patient owed (plus) or had to their credit (minus) in the system before. */
export const broughtBalance = defineEntity({
  name: "brought_balance",
  kind: "fact",
  stream: "money",
  fields: {
    patient_id: idField("patient"),
    import_id: nullable(idField("import_run")),
    amount: money(),
    reference: nullable(text(80)),
    note: nullable(text(400)),
    branch_id: idField("branch"),
    user_id: nullable(idField("app_user")),
    at: instant(),
    /** A counter-entry of the till: the sale in which the balance was paid, or the credit used. */
    sale_id: nullable(idField("sale")),
  },
  author: "user_id",
  permissions: { insert: ({ fields }) => (fields.sale_id ? "pos:access" : "patients:merge") },
});

/** An order that was open in the system before: handed out from here, made elsewhere. */
export const broughtOrder = defineEntity({
  name: "brought_order",
  kind: "register",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    import_id: nullable(idField("import_run")),
    reference: nullable(text(80)),
    description: text(400),
    supplier: nullable(text()),
    ordered_on: nullable(date()),
    due_on: nullable(date()),
    branch_id: idField("branch"),
    at: instant(),
    closed_at: nullable(instant()),
    closed_by_id: nullable(idField("app_user")),
  },
  permissions: { insert: "patients:merge", patch: "pos:access" },
});

/**
 * A prescription on file: issued here, or brought by the patient. Powers in milli-dioptres, axis in degrees 1 to 180,
 * prism in hundredths of a prism dioptre with its base, back vertex distance in tenths of a millimetre.
 */
const eye = {
  sphere: nullable(power()),
  cylinder: nullable(power()),
  axis: nullable(int(1, 180)),
  prism_h: nullable(int(0, 4000)),
  base_h: nullable(oneOf("in", "out")),
  prism_v: nullable(int(0, 4000)),
  base_v: nullable(oneOf("up", "down")),
  add: nullable(power()),
};
type Prefixed<P extends string> = { [K in keyof typeof eye as `${P}_${K}`]: (typeof eye)[K] };
/** The columns of one eye under `r_` or `l_`, shared by prescriptions and exams. */
export function eyeFields<const P extends "r" | "l">(prefix: P): Prefixed<P> {
  return Object.fromEntries(Object.entries(eye).map(([name, field]) => [`${prefix}_${name}`, field])) as Prefixed<P>;
}

export const prescription = defineEntity({
  name: "prescription",
  kind: "fact",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    exam_id: nullable(idField()),
    branch_id: idField("branch"),
    ...eyeFields("r"),
    ...eyeFields("l"),
    bvd: nullable(int(50, 250)),
    issued_on: date(),
    expires_on: date(),
    prescriber: text(),
    prescriber_id: nullable(idField("app_user")),
    source: unknownAs("outside", oneOf("exam", "outside")),
    note: nullable(text(1000)),
    at: instant(),
    /** Whose dispensing the law restricts (domain §4.2), as it was on the day of the test. */
    restricted: nullable(unknownAs("under_16", oneOf("under_16", "SI", "SSI"))),
    /** What the patient was handed: a prescription, or a statement and which. */
    statement: nullable(unknownAs("prescription", oneOf(...statements))),
    purpose: nullable(text(200)),
    import_id: nullable(idField("import_run")),
    /** Additions for between, milli-dioptres. */
    r_inter_add: nullable(power()),
    l_inter_add: nullable(power()),
  },
  author: "prescriber_id",
  authorOutside: ({ source }) => source !== "exam",
  check: prescriptionProblem,
  permissions: {
    insert: ({ fields }) => (fields.source === "exam" ? "prescriptions:issue" : "pos:access"),
  },
});
