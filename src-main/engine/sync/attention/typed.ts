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

interface Written extends TypedField {
  readonly body: string;
}

export function typedOf(bodies: readonly Body[], names: Names): TypedValue[] {
  return bodies
    .filter(isTyped)
    .flatMap((body) =>
      Object.entries(writtenFields(body)).map(
        ([field, value]): Written => ({ body: body.id, entity: body.entity, row: body.row, op: body.op, field, value }),
      ),
    )
    .flatMap((written) => shown(written, names));
}

/** What the centre said was typed: to be read, not to be corrected. */
export function typedFrom(fields: readonly TypedField[], names: Names): TypedValue[] {
  return fields
    .flatMap((field) => shown({ ...field, body: "" }, names))
    .map((value) => ({ ...value, editable: false }));
}

function shown({ body, entity: name, row, op, field, value }: Written, names: Names): TypedValue[] {
  const entity = findEntity(name);
  const declared = entity?.fields[field];
  const removal = field === "deleted";
  if (!entity || (!declared && !removal) || silent.has(field)) return [];
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
