/** How changes of registers and set elements fold into a row: per field, the later stamp wins (architecture §3.3). */

import type { StoredRow } from "./entity.ts";
import type { Body } from "./group.ts";
import type { Hlc } from "./hlc.ts";
import type { AnyEntity } from "./registry.ts";
import type { SyncRules } from "./rules.ts";

/** Field stamps that differ from the row's own. */
export type Clocks = Readonly<Record<string, Hlc>>;

export function readClocks(row: StoredRow): Clocks {
  return row.clocks ? (JSON.parse(row.clocks) as Clocks) : {};
}
/** The stamp of a field: its override, or the row's. */
export function stampOf(row: StoredRow, field: string): Hlc {
  if (!row.clocks) return row.hlc;
  return readClocks(row)[field] ?? row.hlc;
}

/** The fields a body writes: its own, and the tombstone for `remove` and `restore`. */
export function writtenFields(body: Body): Readonly<Record<string, unknown>> {
  if (body.op === "remove") return { ...body.fields, deleted: true };
  if (body.op === "restore") return { ...body.fields, deleted: false };
  return body.fields;
}

/** A value that lost, or was overwritten, without the winner's author having seen it. */
export interface Concurrent {
  readonly field: string;
  readonly kept: unknown;
  readonly lost: unknown;
  /** True when the change being merged lost against what stood. */
  readonly incomingLost: boolean;
  /** The stamp of what stood when the change came. */
  readonly otherStamp: Hlc;
}

/**
 * Merges one patch into a row and says which concurrent values lost. Commutative and idempotent over changes: equal
 * stamps are bodies of one group, which come in their order.
 */
export function mergePatch(
  rules: SyncRules,
  entity: AnyEntity,
  row: StoredRow,
  body: Body,
  hlc: Hlc,
): { row: StoredRow; concurrent: Concurrent[] } {
  const clocks: Record<string, Hlc> = { ...readClocks(row) };
  const merged: StoredRow = { ...row };
  const concurrent: Concurrent[] = [];
  for (const [field, value] of Object.entries(writtenFields(body))) {
    if (field !== "deleted" && !Object.hasOwn(entity.fields, field)) continue;
    const current = clocks[field] ?? row.hlc;
    const wins = rules.supersedes(hlc, current);
    const sawCurrent = body.base[field] === current || hlc === current;
    if (!sawCurrent && !sameValue(merged[field], value)) {
      concurrent.push(
        wins
          ? { field, kept: value, lost: merged[field], incomingLost: false, otherStamp: current }
          : { field, kept: merged[field], lost: value, incomingLost: true, otherStamp: current },
      );
    }
    if (!wins) continue;
    merged[field] = value;
    if (hlc === row.hlc) delete clocks[field];
    else clocks[field] = hlc;
  }
  merged.clocks = writeClocks(clocks);
  return { row: merged, concurrent };
}

/**
 * One row of two of its settled forms, of which each may know changes that the other does not: per field the later stamp
 * stands, and where both have the same `other`'s value. Forms of two inserts are not merged: `other` is the row then.
 */
export function mergeRows(rules: SyncRules, entity: AnyEntity, row: StoredRow, other: StoredRow): StoredRow {
  const merged: StoredRow = { ...row, ...other };
  if (row.hlc !== other.hlc) return merged;
  const clocks: Record<string, Hlc> = {};
  for (const field of [...entity.columns, "deleted"]) {
    const [mine, theirs] = [stampOf(row, field), stampOf(other, field)];
    const keeps = !rules.supersedes(theirs, mine);
    if (keeps) merged[field] = row[field];
    const stamp = keeps ? mine : theirs;
    if (stamp !== row.hlc) clocks[field] = stamp;
  }
  merged.clocks = writeClocks(clocks);
  return merged;
}

/** Sorted, so that equal states are equal bytes (P1). */
export function writeClocks(clocks: Clocks): string | null {
  const names = Object.keys(clocks).sort();
  if (names.length === 0) return null;
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, clocks[name]])));
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The row that an insert makes, before folds. Missing nullable fields are null. */
export function insertedRow(entity: AnyEntity, body: Body, hlc: Hlc): StoredRow {
  const row: StoredRow = { id: body.row, hlc };
  for (const column of entity.columns) row[column] = body.fields[column] ?? null;
  if (entity.mergeable) {
    row.deleted = false;
    row.clocks = null;
  }
  return row;
}
