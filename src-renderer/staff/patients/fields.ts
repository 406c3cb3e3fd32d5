/** The fields of a patient: where each is typed, and how its values read. */
import { dateText, translate } from "../../ui/index.ts";

/** Column, key in a form, and the key of its words. */
export const fields = [
  { column: "title", form: "title", label: "titleField" },
  { column: "given_name", form: "givenName", label: "given" },
  { column: "family_name", form: "familyName", label: "family" },
  { column: "date_of_birth", form: "dateOfBirth", label: "born" },
  { column: "sex", form: "sex", label: "sex" },
  { column: "phone", form: "phone", label: "phone" },
  { column: "phone_other", form: "phoneOther", label: "phoneOther" },
  { column: "email", form: "email", label: "email" },
  { column: "address", form: "address", label: "address" },
  { column: "postcode", form: "postcode", label: "postcode" },
  { column: "occupation", form: "occupation", label: "occupation" },
  { column: "drives", form: "drives", label: "drives" },
  { column: "sight_impaired", form: "sightImpaired", label: "sightImpaired" },
  { column: "allergies", form: "allergies", label: "allergies" },
  { column: "warning", form: "warning", label: "warning" },
  { column: "needs", form: "needs", label: "needs" },
  { column: "notes", form: "notes", label: "notes" },
  { column: "doctor", form: "doctor", label: "doctor" },
  { column: "health_number", form: "healthNumber", label: "healthNumber" },
  { column: "recall_on", form: "recallOn", label: "recallStated" },
  { column: "contact_by_text", form: "contactByText", label: "byText" },
  { column: "contact_by_email", form: "contactByEmail", label: "byEmail" },
] as const;
export type FormKey = (typeof fields)[number]["form"];
export type Column = (typeof fields)[number]["column"];

export function fieldLabel(column: string): string {
  const field = fields.find((candidate) => candidate.column === column);
  return field ? translate("patients", field.label) : column.replaceAll("_", " ");
}

/** A value of a field as it reads on the screen. */
export function fieldText(column: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return translate("patients", "nothing");
  if (typeof value === "boolean") return translate("patients", value ? "yes" : "no");
  if (column === "date_of_birth" || column === "recall_on") return dateText(String(value));
  if (column === "sex") return translate("patients", `sexes.${String(value)}`);
  return String(value);
}
