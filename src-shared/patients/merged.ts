/**
 * Which record of a person is kept. Merging sets one register of the record that is given up, `merged_into_id`, so two
 * branches that merge two records offline can do so in opposite directions; whatever they did, all devices agree.
 */
import type { Id } from "../sync/fields.ts";
import type { Hlc } from "../sync/hlc.ts";

/** A record that was merged into another, and the stamp of the value that says so. */
export interface Merged {
  readonly into: Id;
  readonly stamp: Hlc;
}
export type MergedOf = (id: Id) => Merged | null;

/**
 * The record that stands for `id`: itself, or where it was merged into, to the end. In a ring the earlier merges stand:
 * the latest one is void, and the record that it would have given up is kept. Equal for every record of one ring.
 */
export function keptId(id: Id, mergedOf: MergedOf): Id {
  const path: (Merged & { from: Id })[] = [];
  const seen = new Map<Id, number>();
  let at = id;
  for (;;) {
    const begins = seen.get(at);
    if (begins !== undefined) {
      const ring = path.slice(begins);
      return ring.reduce((latest, edge) => (later(edge, latest) ? edge : latest)).from;
    }
    const merged = mergedOf(at);
    if (!merged) return at;
    seen.set(at, path.length);
    path.push({ ...merged, from: at });
    at = merged.into;
  }
}

/** Two values of one group share its stamp; the ids then decide, the same everywhere. */
function later(a: Merged & { from: Id }, b: Merged & { from: Id }): boolean {
  return a.stamp === b.stamp ? a.from > b.from : a.stamp > b.stamp;
}

/** A row of `patient` as far as merging is concerned. */
export interface MergeableRow {
  readonly id: Id;
  readonly hlc: Hlc;
  readonly clocks?: string | null;
  readonly merged_into_id: Id | null;
}
/** What the row says about where it was merged into. */
export function mergedOfRow(row: MergeableRow): Merged | null {
  if (row.merged_into_id === null) return null;
  const clocks = row.clocks ? (JSON.parse(row.clocks) as Record<string, Hlc>) : {};
  return { into: row.merged_into_id, stamp: clocks.merged_into_id ?? row.hlc };
}

/**
 * The row that stands for `id`, looked up one after the other; null when `id` itself is not here. One that was merged
 * into a record that has not arrived yet stands for itself until then.
 */
export function standingRow<R extends MergeableRow>(get: (id: Id) => R | null, id: Id): R | null {
  const kept = keptId(id, (at) => {
    const row = get(at);
    return row?.merged_into_id && get(row.merged_into_id) ? mergedOfRow(row) : null;
  });
  return get(kept);
}

/**
 * Of rows that hang together by merging: the one that stands for `id`, and the others that stand behind it. A record that
 * is not among the rows (it has not arrived, or is gone) keeps nobody from being seen. Whichever of them is asked for,
 * the answer is the same. Null when `id` itself is not among the rows.
 */
export function keptAmong<R extends MergeableRow>(
  id: Id,
  rows: readonly R[],
): { kept: R; others: readonly R[] } | null {
  const here = new Set(rows.map((row) => row.id));
  const merged = new Map(
    rows.map((row) => [row.id, row.merged_into_id !== null && here.has(row.merged_into_id) ? mergedOfRow(row) : null]),
  );
  const rootOf = (from: Id) => keptId(from, (at) => merged.get(at) ?? null);
  const root = rootOf(id);
  const kept = rows.find((row) => row.id === root);
  if (!kept) return null;
  const others = rows.filter((row) => row.id !== root && rootOf(row.id) === root);
  return { kept, others: others.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
