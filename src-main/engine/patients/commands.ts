import { z } from "zod";
import { localDate } from "../../../src-shared/calendar/index.ts";
import { valueProblem } from "../../../src-shared/exams/check.ts";
import { checkEye, checkLimit, type EyeRx } from "../../../src-shared/optics/index.ts";
import { isTooLongAgo, livesAtMost } from "../../../src-shared/patients/age.ts";
import { usualPostcode } from "../../../src-shared/patients/postcode.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { limitsOf } from "../exams/limits.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { changeFields } from "./changes.ts";
import { standingFor } from "./kept.ts";

const optional = (max: number) => z.string().trim().max(max).nullable();

// No defaults in here: what is not sent must stay as it is.
const details = z.object({
  title: optional(20),
  givenName: z.string().trim().min(1, "it is needed").max(100),
  familyName: z.string().trim().min(1, "it is needed").max(100),
  dateOfBirth: z.iso.date("a date like 31/12/1958 is needed"),
  sex: z.enum(["female", "male", "other"]).nullable(),
  phone: optional(40),
  phoneOther: optional(40),
  email: z.union([z.email("an e-mail address like name@example.org"), z.literal("")]).nullable(),
  address: optional(400),
  postcode: optional(12),
  occupation: optional(200),
  drives: z.boolean().nullable(),
  sightImpaired: z.enum(["SI", "SSI"]).nullable(),
  allergies: optional(1000),
  warning: optional(1000),
  notes: optional(4000),
  doctor: optional(400),
  healthNumber: optional(20),
  needs: optional(400),
  contactByText: z.boolean(),
  contactByEmail: z.boolean(),
  recallOn: z.union([z.iso.date("a date like 31/12/2027 is needed"), z.literal("")]).nullable(),
});
type PatientDetails = z.infer<typeof details>;
const registration = details.partial().required({ givenName: true, familyName: true, dateOfBirth: true });

function columns(input: Partial<PatientDetails>) {
  const blank = (value: string | null | undefined) => (value === "" ? null : value);
  return {
    title: blank(input.title),
    given_name: input.givenName,
    family_name: input.familyName,
    date_of_birth: input.dateOfBirth,
    sex: input.sex,
    phone: blank(input.phone),
    phone_other: blank(input.phoneOther),
    email: blank(input.email),
    address: blank(input.address),
    postcode: blank(input.postcode == null ? input.postcode : usualPostcode(input.postcode)),
    occupation: blank(input.occupation),
    drives: input.drives,
    sight_impaired: input.sightImpaired,
    allergies: blank(input.allergies),
    warning: blank(input.warning),
    notes: blank(input.notes),
    doctor: blank(input.doctor),
    health_number: blank(input.healthNumber),
    needs: blank(input.needs),
    contact_by_text: input.contactByText,
    contact_by_email: input.contactByEmail,
    recall_on: blank(input.recallOn),
  };
}

/** Nobody is born tomorrow, by the branch's calendar, or older than anybody was: ages decide what may be dispensed. */
function refuseImpossibleBirth(tx: Transaction, born: string | undefined): void {
  if (born === undefined) return;
  const today = localDate(tx.now, tx.get("branch", tx.branch)?.time_zone ?? "Europe/London");
  if (born > today)
    throw refuse("UNBORN", "This date of birth is in the future. Check the year.", { field: "dateOfBirth" });
  if (isTooLongAgo(born, today))
    throw refuse(
      "TOO_LONG_AGO",
      `This date of birth is more than ${livesAtMost} years ago. Check the year; it has four figures.`,
      { field: "dateOfBirth" },
    );
}

export const registerPatient = defineCommand({
  name: "patients.register",
  permission: "patients:create",
  input: registration,
  run(tx, input) {
    refuseImpossibleBirth(tx, input.dateOfBirth);
    const given = Object.fromEntries(Object.entries(columns(input)).map(([name, value]) => [name, value ?? null]));
    const row = tx.insert("patient", {
      ...given,
      contact_by_text: input.contactByText ?? true,
      contact_by_email: input.contactByEmail ?? true,
      number: tx.label("P"),
      printed_number: null,
      branch_id: tx.branch,
      merged_into_id: null,
    } as never);
    tx.raise("patient.registered", { entity: "patient", row }, { patientId: row.id, branchId: tx.branch });
    return { id: row.id };
  },
});

export const updatePatient = defineCommand({
  name: "patients.update",
  permission: "patients:edit_demographics",
  input: z.object({ id: idSchema, details: details.partial() }),
  run(tx, { id, details: changes }) {
    const given = Object.fromEntries(Object.entries(columns(changes)).filter(([, value]) => value !== undefined));
    const standing = standingFor(tx, id);
    // What stands already stays until somebody corrects it, and keeps nobody from changing the rest.
    if (changes.dateOfBirth !== standing.date_of_birth) refuseImpossibleBirth(tx, changes.dateOfBirth);
    return { changed: changeFields(tx, standing.id, given).length > 0 };
  },
});

/** A prescription that the patient brought: kept on file as it was written elsewhere. */
const eye = z.object({
  sphere: z.int().nullable(),
  cylinder: z.int().nullable().default(null),
  axis: z.int().min(1).max(180).nullable().default(null),
  prism_h: z.int().nullable().default(null),
  base_h: z.enum(["in", "out"]).nullable().default(null),
  prism_v: z.int().nullable().default(null),
  base_v: z.enum(["up", "down"]).nullable().default(null),
  add: z.int().nullable().default(null),
});
export const addOutsidePrescription = defineCommand({
  name: "patients.add-prescription",
  permission: "pos:access",
  input: z.object({
    patientId: idSchema,
    r: eye,
    l: eye,
    intermediate: z.object({ r: z.int().nullable(), l: z.int().nullable() }).default({ r: null, l: null }),
    bvd: z.int().min(50).max(250).nullable().default(null),
    issuedOn: z.iso.date(),
    expiresOn: z.iso.date(),
    prescriber: z.string().trim().min(1).max(200),
    note: optional(1000).default(null),
  }),
  run(tx, input) {
    const patient = standingFor(tx, input.patientId);
    refuseImpossible(tx, input);
    const side = (prefix: "r" | "l", values: z.infer<typeof eye>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]));
    const row = tx.insert("prescription", {
      ...side("r", input.r),
      ...side("l", input.l),
      patient_id: patient.id,
      exam_id: null,
      branch_id: tx.branch,
      bvd: input.bvd,
      issued_on: input.issuedOn,
      expires_on: input.expiresOn,
      prescriber: input.prescriber,
      prescriber_id: null,
      source: "outside",
      note: input.note,
      at: tx.now,
      r_inter_add: input.intermediate.r,
      l_inter_add: input.intermediate.l,
    } as never);
    return { id: row.id };
  },
});

/** What no lens has, or the practice takes for impossible; a prescription that lacks a part stays as it was written. */
function refuseImpossible(
  tx: Transaction,
  {
    r,
    l,
    intermediate,
    bvd,
  }: { r: EyeRx; l: EyeRx; intermediate: { r: number | null; l: number | null }; bvd: number | null },
): void {
  const { rx, measures } = limitsOf(tx, tx.practice);
  for (const [side, name, eye] of [["r", "Right", r] as const, ["l", "Left", l] as const]) {
    const between = valueProblem({ kind: "power", quantity: "add" }, intermediate[side], rx);
    if (between) throw refuse("IMPOSSIBLE", `${name}: ${between}`, { field: `${side}_inter_add` });
    const wrong = checkEye(eye, rx).find(({ severity, code }) => severity === "block" && code === "out_of_range");
    if (wrong) throw refuse("IMPOSSIBLE", `${name}: ${wrong.message}`, { field: `${side}_${wrong.field}` });
  }
  const distance = bvd === null ? null : checkLimit("bvd", bvd, measures);
  if (distance?.severity === "block") throw refuse("IMPOSSIBLE", distance.message, { field: "bvd" });
}
