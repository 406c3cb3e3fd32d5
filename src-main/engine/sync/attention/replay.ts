/** Writing again what was typed before: as it was, or corrected, under the name of whoever does it now. */
import { z } from "zod";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import { type AnyEntity, type EntityName, entityOf, findEntity } from "../../../../src-shared/sync/registry.ts";
import { bytes } from "../../read/database.ts";
import type { Transaction } from "../../write/transaction.ts";
import { isEditable } from "./typed.ts";

/** Corrections by the change they belong to. */
export const editsInput = z
  .array(z.object({ body: z.string().max(40), field: z.string().max(60), value: z.unknown() }))
  .max(200);
export type Edits = z.infer<typeof editsInput>;

/** What goes again: not what reactions made, which they make anew, nor the old record of who did it. */
export function replayable(body: Body): boolean {
  return body.by === undefined && body.entity !== "audit_entry" && findEntity(body.entity) !== undefined;
}

export interface ReplayOptions {
  readonly edits: Edits;
  /** The numbers belong to an older identity of this PC, under which a copy of it may have used them. */
  readonly redraw: boolean;
}

/** Writes the bodies again in `tx`; refuses, with nothing written, what this person may not do or what does not fit. */
export function replay(tx: Transaction, bodies: readonly Body[], { edits, redraw }: ReplayOptions): void {
  let written = 0;
  const belongings: [AnyEntity, Readonly<Record<string, unknown>>][] = [];
  for (const body of bodies) {
    if (!replayable(body)) continue;
    const entity = entityOf(body.entity);
    const name = body.entity as EntityName;
    if (body.op === "insert") {
      const fields = numbered(tx, entity, authored(tx, entity, corrected(body, edits)), redraw);
      restOn(tx, entity, fields);
      tx.insert(name, fields as never, { id: body.row, branch: body.branch });
      belongings.push([entity, fields]);
      written += 1;
    } else if (body.op === "patch") {
      const fields = corrected(body, edits);
      restOn(tx, entity, fields);
      written += tx.patch(name, body.row, fields as never, body.branch) ? 1 : 0;
    } else if (body.op === "remove") {
      tx.remove(name, body.row);
      written += 1;
    } else {
      tx.restore(name, body.row);
      written += 1;
    }
  }
  for (const [entity, fields] of belongings) parentHere(tx, entity, fields);
  if (written === 0)
    throw refuse("NOTHING_LEFT", "All of this is as it was typed by now. Drop it; nothing is missing.");
}

function corrected(body: Body, edits: Edits): Record<string, unknown> {
  const own = edits.filter((edit) => edit.body === body.id);
  const wrong = own.find(({ field }) => !Object.hasOwn(body.fields, field) || !isEditable(body.entity, field));
  if (wrong)
    throw refuse("INVALID", "This value is not corrected by itself. Do it anew where it was typed.", {
      field: wrong.field,
    });
  return { ...body.fields, ...Object.fromEntries(own.map(({ field, value }) => [field, value])) };
}

function authored(tx: Transaction, entity: AnyEntity, fields: Record<string, unknown>): Record<string, unknown> {
  // What was in nobody's name stays so: a prescription from elsewhere is not by whoever sends it again.
  return entity.author && (fields[entity.author] ?? null) !== null ? { ...fields, [entity.author]: tx.user } : fields;
}

/** A number stays what was printed, unless somebody else's document carries it by now. */
function numbered(
  tx: Transaction,
  entity: AnyEntity,
  fields: Record<string, unknown>,
  redraw: boolean,
): Record<string, unknown> {
  const { number } = fields;
  if (entity.series === undefined || typeof number !== "string") return fields;
  const taken = tx.sql(`select 1 from "${entity.name}" where number=? limit 1`, number).length > 0;
  return redraw || taken ? { ...fields, number: tx.label(entity.series), printed_number: number } : fields;
}

/** Read, so that the group names what it rests on as far as that has not settled. */
function restOn(tx: Transaction, entity: AnyEntity, fields: Readonly<Record<string, unknown>>): void {
  for (const column of entity.references) {
    const target = entity.fields[column]?.ref;
    const id = fields[column];
    if (target && typeof id === "string") tx.get(target as EntityName, id as Id);
  }
}

/**
 * What belongs to a row of its own stream is never on this PC without it. The row may have gone with a change that was
 * returned or declined; a row of another stream may be missing here and stand at the centre, which then decides.
 */
function parentHere(tx: Transaction, entity: AnyEntity, fields: Readonly<Record<string, unknown>>): void {
  if (!entity.parent) return;
  const { entity: parent, column } = entity.parent;
  const id = fields[column] as Id;
  if (tx.sql(`select 1 from "${parent}" where id = ?`, bytes(id)).length > 0) return;
  throw refuse("NOT_HERE", "What this belongs to is not on this PC. Send it again once it is, or drop it.", {
    entity: parent,
    id,
  });
}
