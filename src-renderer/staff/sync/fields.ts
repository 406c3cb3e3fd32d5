/** What fields are called on the screens where they are typed, and how their values read. */

import { formatMoney } from "../../../src-shared/money/money.ts";
import { formatAxis, formatPower } from "../../../src-shared/optics/index.ts";
import type { FieldForm } from "../../../src-shared/sync/fields.ts";
import type { Output } from "../../api/index.ts";
import { dateText, instantText, type Place, translate } from "../../ui/index.ts";

export type Card = Output<"sync.attention">[number];
export type Typed = Card["typed"][number];

/** `<feature>:<key>` of the label under which a field is typed; what is not here has its words in `sync:fields`. */
const labels: Readonly<Record<string, string>> = {
  "patient.given_name": "patients:given",
  "patient.family_name": "patients:family",
  "patient.date_of_birth": "patients:born",
  "patient.phone": "patients:phone",
  "patient.phone_other": "patients:phoneOther",
  "patient.title": "patients:titleField",
  "patient.sex": "patients:sex",
  "patient.sight_impaired": "patients:sightImpaired",
  "patient.needs": "patients:needs",
  "patient.doctor": "patients:doctor",
  "patient.health_number": "patients:healthNumber",
  "patient.email": "patients:email",
  "patient.address": "patients:address",
  "patient.postcode": "patients:postcode",
  "patient.occupation": "patients:occupation",
  "patient.drives": "patients:drives",
  "patient.allergies": "patients:allergies",
  "patient.warning": "patients:warning",
  "patient.notes": "patients:notes",
  "patient.recall_on": "patients:recallStated",
  "patient.contact_by_text": "patients:byText",
  "patient.contact_by_email": "patients:byEmail",
  "prescription.issued_on": "patients:issued",
  "prescription.expires_on": "patients:expires",
  "prescription.prescriber": "patients:prescriber",
  "prescription.bvd": "patients:bvd",
  "prescription.r_inter_add": "patients:intermediateAdd",
  "prescription.l_inter_add": "patients:intermediateAdd",
  "payment.amount": "dispensing:amount",
  "payment.tender": "dispensing:tender",
  "payment.reference": "dispensing:reference",
  "sale_line.discount": "dispensing:discount",
  "sale_line.line_total": "dispensing:price",
  "sale_line.description": "dispensing:item",
  "sale_pair.promised_on": "dispensing:promised",
  "sale_pair.rush": "dispensing:rush",
  "product.price": "access:price",
  "product.sku": "access:sku",
  "product.brand": "access:brand",
  "product.name": "access:name",
  "product.stocked": "access:stocked",
  "product.active": "access:active",
  "app_user.display_name": "access:name",
  "app_user.email": "access:email",
  "app_user.job_title": "access:job",
  "app_user.registration_number": "access:register",
  "app_user.active": "access:active",
  "app_user.primary_role_id": "access:role",
  "branch.name": "access:name",
  "branch.address": "access:address",
  "branch.phone": "access:phone",
  "branch.time_zone": "access:zone",
  "case_file.subject": "cases:subject",
  "case_file.channel": "cases:channel",
  "case_message.channel": "cases:channel",
  "case_event.value": "cases:changeStatus",
  "case_note.body": "cases:note",
  "job_event.kind": "lab:title",
  "exam.reason": "exams:reason",
  "exam.history": "exams:history",
  "exam.findings": "exams:findings",
  "exam.outcome": "exams:outcome",
  "exam.recall_months": "exams:recall",
  "exam.advice": "exams:advice",
  "exam.recommendation": "exams:recommendation",
};

/** What a field is called. */
export function fieldLabel(entity: string, field: string): string {
  const known = labels[`${entity}.${field}`];
  if (known) {
    const [feature = "", key = ""] = known.split(":");
    return translate(feature, key);
  }
  const eye = /^([rl])_(.+)$/.exec(field);
  const side = eye ? translate("sync", `eyes.${eye[1]}`) : "";
  const name = eye?.[2] ?? field;
  // A field of a newer version still has a name that can be read.
  const text = translate("sync", `fields.${name}`, {
    defaultValue: sentence(name.replace(/_id$/, "").replaceAll("_", " ")),
  });
  return side ? `${side} ${text.toLowerCase()}` : text;
}
function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Words of choices, where the feature has them. */
const choices: Readonly<Record<string, string>> = {
  "payment.tender": "dispensing:tenders",
  "case_event.value": "cases:status",
  "case_file.channel": "cases:channels",
  "case_message.channel": "cases:channels",
  "job_event.kind": "lab:stage",
  "sale_line.kind": "access:kinds",
  "product.kind": "access:kinds",
  "exam.outcome": "today:outcome",
};
export function choiceLabel(entity: string, field: string, value: string): string {
  const [feature, key] = (choices[`${entity}.${field}`] ?? "").split(":");
  const plain = sentence(value.replaceAll("_", " "));
  return feature ? translate(feature, `${key}.${value}`, { defaultValue: plain }) : plain;
}

/** A value in a person's words: money as money, a power in dioptres, a date as a date. */
export function valueText(
  { entity, field, form }: { entity: string; field: string; form: FieldForm },
  value: unknown,
  place: Place,
): string {
  if (value === null || value === undefined || value === "") return translate("sync", "nothing");
  if (typeof value === "boolean") return translate("sync", value ? "yes" : "no");
  if (typeof value === "number") return numberText(field, form, value, place);
  if (form.kind === "date" && typeof value === "string") return dateText(value);
  if (typeof value === "string")
    return form.kind === "choice" || field === "value" ? choiceLabel(entity, field, value) : value;
  return JSON.stringify(value);
}

function numberText(field: string, form: FieldForm, value: number, place: Place): string {
  if (form.kind === "money") return formatMoney(value, place.currency);
  if (form.kind === "power") return formatPower(value);
  if (form.kind === "instant") return instantText(value, place.timeZone, "exact");
  if (field.endsWith("axis")) return formatAxis(value);
  if (/_prism_[hv]$/.test(field)) return `${(value / 100).toFixed(2)} Δ`;
  if (field === "bvd") return `${(value / 10).toFixed(1)} mm`;
  if (field === "vat_rate") return `${value / 100} %`;
  return String(value);
}
