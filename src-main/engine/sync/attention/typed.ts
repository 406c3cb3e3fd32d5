/** What a person typed, value by value: what is worth showing of it, and what may be corrected before it goes again. */
import { isTyped, type TypedField } from "../../../../src-shared/events/review.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import { writtenFields } from "../../../../src-shared/sync/merge.ts";
import { findEntity } from "../../../../src-shared/sync/registry.ts";
import type { TypedValue } from "./cards.ts";
import type { Names } from "./names.ts";

/** Filled in by the program; it says nothing to a person that the card does not say itself. */
const silent = new Set([
  "stream",
  "currency",
  "business_date",
  "device_id",
  "branch_id",
  "till_session_id",
  "seen_event_id",
  "seen_patient_messages",
  "follows",
  "folded",
  "sha256",
  "content",
  "ordinal",
  "decided_at",
  "decided_by_id",
  "handled_at",
  "author",
]);
/** Computed from other fields, or drawn: corrected by doing it again, not by typing over one of them. */
const computed = new Set([
  "number",
  "printed_number",
  "from",
  "source",
  "kind",
  "job_id",
  "change",
  "given",
  "deleted",
]);
/** Documents whose values belong together: their lines are not corrected one by one. */
const whole = new Set([
  "sale_line",
  "sale_pair",
  "stock_movement",
  "till_session",
  "exam_record",
  "exam_summary",
  "job",
  "job_event",
  "case_event",
  "review_task",
  "role_change_audit",
  "user_role",
  "role_permission",
]);

/** Whether a value may be corrected in place: not an id, not what others are computed from. */
export function isEditable(entity: string, field: string): boolean {
  const form = findEntity(entity)?.fields[field]?.form;
  return (
    form !== undefined &&
    form.kind !== "id" &&
    form.kind !== "instant" &&
    form.kind !== "json" &&
    !computed.has(field) &&
    !whole.has(entity)
  );
}

/** Said by other values of the same card: what a line costs says what a piece of it did. */
const repeated: Readonly<Record<string, readonly string[]>> = {
  sale_line: ["product_id", "kind", "quantity", "unit_price", "vat_rate", "vat_amount"],
  sale_pair: ["patient_id", "prescription_id", "frame_line_id", "lens_line_id"],
};
/** Nothing to read: nought off, no rush, a payment that is one. */
function isUsual(entity: string, field: string, value: unknown): boolean {
  if (field === "discount" || field === "change") return value === 0;
  return (
    (entity === "sale_pair" && value === false) || (entity === "payment" && field === "kind" && value === "payment")
  );
}

/** What says best what a card is about: the sale before its lines, the patient before what was written of them. */
const telling = ["sale", "case_file", "job", "exam", "patient", "payment", "prescription"];
export function tellingOf<T extends { readonly entity: string }>(changes: readonly T[]): T | undefined {
  const rank = ({ entity }: T) => (telling.includes(entity) ? telling.indexOf(entity) : telling.length);
  return [...changes].sort((a, b) => rank(a) - rank(b))[0];
}

/** What the program did along with a sale is no news to a person. */
function withoutAlong<T extends { readonly entity: string }>(fields: readonly T[]): T[] {
  const sold = fields.some(({ entity }) => entity === "sale");
  return fields.filter(({ entity }) => entity !== "till_session" && !(sold && entity === "stock_movement"));
}

interface Written extends TypedField {
  readonly body: string;
}

export function typedOf(bodies: readonly Body[], names: Names): TypedValue[] {
  return withoutAlong(bodies.filter(isTyped))
    .flatMap((body) =>
      Object.entries(writtenFields(body)).map(
        ([field, value]): Written => ({ body: body.id, entity: body.entity, row: body.row, op: body.op, field, value }),
      ),
    )
    .flatMap((written) => shown(written, names));
}

/** What the centre said was typed: to be read, not to be corrected. */
export function typedFrom(fields: readonly TypedField[], names: Names): TypedValue[] {
  return withoutAlong(fields)
    .flatMap((field) => shown({ ...field, body: "" }, names))
    .map((value) => ({ ...value, editable: false }));
}

function shown({ body, entity: name, row, op, field, value }: Written, names: Names): TypedValue[] {
  const entity = findEntity(name);
  const declared = entity?.fields[field];
  const removal = field === "deleted";
  if (!entity || (!declared && !removal) || silent.has(field)) return [];
  if (field === entity.parent?.column || repeated[name]?.includes(field) || isUsual(name, field, value)) return [];
  const form = removal ? ({ kind: "yesno" } as const) : declared?.form;
  if (!form || form.kind === "instant" || form.kind === "json") return [];
  // An empty field of a new row was not typed; one that was emptied was.
  if (value === null && op === "insert") return [];
  const named = form.kind === "id" ? names.of(declared?.ref ?? "", value) : null;
  if (form.kind === "id" && value !== null && (named === null || field === entity.author)) return [];
  const present = op === "insert" ? undefined : names.row(name, row)?.[field];
  return [
    {
      body,
      entity: name,
      row,
      op,
      field,
      form,
      nullable: declared?.nullable ?? false,
      value,
      name: named,
      now: form.kind === "id" ? names.of(declared?.ref ?? "", present) : (present ?? null),
      editable: isEditable(name, field),
    },
  ];
}
