import { defineEntity } from "../sync/entity.ts";
import { bool, date, idField, instant, int, nullable, oneOf, power, safety, text, unknownAs } from "../sync/fields.ts";

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
  },
  permissions: { insert: "patients:create", patch: "patients:edit_demographics" },
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
  },
  permissions: {
    insert: ({ fields }) => (fields.source === "exam" ? "prescriptions:issue" : "pos:access"),
  },
});
