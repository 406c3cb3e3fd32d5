/**
 * The rows that one push touches, in memory while the head is locked: read once per entity, merged and folded here,
 * written set-based at the end. What a group did can be taken back to a mark, so that a rejected group leaves nothing.
 */
import { limitsPrefix } from "../../src-shared/optics/index.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type AnyEntity, entityOf, foldsFrom } from "../../src-shared/sync/registry.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";
import { columnList, insertRows, readChildren, readRows, rowFromCentre, updateRows } from "../database/rows.ts";

/** Thrown when something is asked that was not read yet; the settler reads it and tries the group again. */
export class Missing extends Error {
  readonly entity: string;
  readonly column: string | null;
  readonly id: Id;
  constructor(entity: string, column: string | null, id: Id) {
    super("not read yet");
    this.entity = entity;
    this.column = column;
    this.id = id;
  }
}

interface Slot {
  row: StoredRow | null;
  /** Written to the database by this transaction, which may yet be rolled back. */
  readonly fresh?: boolean;
  /** Whether the database has the row; what it has is updated, the rest inserted. */
  readonly stored: boolean;
  dirty: boolean;
}

export type WorkingSet = ReturnType<typeof createWorkingSet>;

export function createWorkingSet(tx: Queryable, practice: Id) {
  const slots = new Map<string, Map<Id, Slot>>();
  /** Children by `<entity>.<column>` and parent; present only when all of them are here. */
  const children = new Map<string, Map<Id, Set<Id>>>();
  /** What this transaction adds to running sums, and by how many facts. */
  const sums = new Map<string, { entity: AnyEntity; keys: Id[]; amount: number; facts: number }>();
  /** Running sums as they are stored; null where there is none yet. */
  const storedSums = new Map<string, number | null>();
  const undo: (() => void)[] = [];
  let hasLimits = false;
  const foldQueue = new Map<string, { entity: AnyEntity; id: Id }>();

  function table(entity: string): Map<Id, Slot> {
    let map = slots.get(entity);
    if (!map) {
      map = new Map();
      slots.set(entity, map);
    }
    return map;
  }
  function childMap(entity: string, column: string): Map<Id, Set<Id>> {
    const key = `${entity}.${column}`;
    let map = children.get(key);
    if (!map) {
      map = new Map();
      children.set(key, map);
    }
    return map;
  }

  const set = {
    async load(entity: AnyEntity, ids: Iterable<Id>): Promise<void> {
      const known = table(entity.name);
      const wanted = [...new Set(ids)].filter((id) => !known.has(id));
      if (wanted.length === 0) return;
      for (const row of await readRows(tx, entity, practice, wanted))
        known.set(row.id, { row, stored: true, dirty: false });
      for (const id of wanted) if (!known.has(id)) known.set(id, { row: null, stored: false, dirty: false });
    },
    async loadChildren(entity: AnyEntity, column: string, parents: Iterable<Id>): Promise<void> {
      const map = childMap(entity.name, column);
      const wanted = [...new Set(parents)].filter((id) => !map.has(id));
      if (wanted.length === 0) return;
      for (const parent of wanted) map.set(parent, new Set());
      const known = table(entity.name);
      for (const row of await readChildren(tx, entity, column, practice, wanted)) {
        if (!known.get(row.id)?.row) known.set(row.id, { row, stored: true, dirty: false });
        map.get(row[column] as Id)?.add(row.id);
      }
      // What this batch inserted before the children were asked for belongs to them too.
      for (const [id, slot] of known) {
        const parent = slot.row?.[column] as Id | undefined;
        if (parent && map.has(parent)) map.get(parent)?.add(id);
      }
    },

    /** Reads a whole (small) table: roles and the like. */
    async loadAll(entity: AnyEntity): Promise<void> {
      const known = table(entity.name);
      const raws = await tx.query(`select ${columnList(entity)} from "${entity.name}" where practice_id=$1`, [
        practice,
      ]);
      for (const raw of raws) {
        const row = rowFromCentre(entity, raw);
        if (!known.has(row.id)) known.set(row.id, { row, stored: true, dirty: false });
      }
    },
    /** Reads the practice's own limits, once: all versions of its tables. */
    async loadLimits(): Promise<void> {
      if (hasLimits) return;
      hasLimits = true;
      const entity = entityOf("setting");
      const known = table(entity.name);
      const raws = await tx.query(
        `select ${columnList(entity)} from setting where practice_id=$1 and key like $2 and deleted=false`,
        [practice, `${limitsPrefix}%`],
      );
      for (const raw of raws) {
        const row = rowFromCentre(entity, raw);
        if (!known.has(row.id)) known.set(row.id, { row, stored: true, dirty: false });
      }
    },
    /** Reads the bookings of every branch that touch the time between two instants: none is longer than eight hours. */
    async loadAppointments(from: number, until: number): Promise<void> {
      const entity = entityOf("appointment");
      const rows = await tx.query<{ id: Id }>(
        `select a.id from branch b join appointment a on a.practice_id=b.practice_id and a.branch_id=b.id
         where b.practice_id=$1 and a.starts_at > $2 and a.starts_at < $3`,
        [practice, from - 480 * 60_000, until],
      );
      await set.load(
        entity,
        rows.map((row) => String(row.id).replaceAll("-", "")),
      );
    },
    /** Reads the tasks of a kind that nobody has decided, and what they are about. */
    async loadOpenTasks(kind: string): Promise<void> {
      const task = entityOf("review_task");
      const rows = await tx.query<{ id: Id }>(
        "select id from review_task where practice_id=$1 and kind=$2 and decided_at is null",
        [practice, kind],
      );
      await set.load(
        task,
        rows.map((row) => String(row.id).replaceAll("-", "")),
      );
      const about = set.allOf(task).filter((row) => row.kind === kind && row.decided_at === null);
      for (const [name, open] of Map.groupBy(about, (row) => row.subject_entity as string)) {
        const others = open.map((row) => (row.args as { other?: Id }).other).filter((id) => id !== undefined);
        await set.load(entityOf(name), [...open.map((row) => row.subject_id as Id), ...others]);
      }
    },
    /** Every row here; whole after `loadAll`. */
    allOf: (entity: AnyEntity): StoredRow[] =>
      [...table(entity.name).values()].map((slot) => slot.row).filter((row): row is StoredRow => row !== null),

    get(entity: AnyEntity, id: Id): StoredRow | null {
      const slot = table(entity.name).get(id);
      if (!slot) throw new Missing(entity.name, null, id);
      return slot.row;
    },
    /** Whether the row was committed before this transaction. */
    isStored(entity: AnyEntity, id: Id): boolean {
      const slot = table(entity.name).get(id);
      return slot?.stored === true && !slot.fresh;
    },
    has: (entity: AnyEntity, id: Id) => table(entity.name).has(id),
    childrenOf(entity: AnyEntity, column: string, parent: Id): StoredRow[] {
      const ids = childMap(entity.name, column).get(parent);
      if (!ids) throw new Missing(entity.name, column, parent);
      const known = table(entity.name);
      return [...ids].map((id) => known.get(id)?.row).filter((row): row is StoredRow => row != null);
    },

    insert(entity: AnyEntity, row: StoredRow): void {
      const known = table(entity.name);
      const previous = known.get(row.id);
      const whole = entity.fold ? { ...row, ...entity.fold.compute(row, {}) } : row;
      known.set(row.id, { row: whole, stored: previous?.stored ?? false, dirty: true });
      undo.push(() => (previous ? known.set(row.id, previous) : known.delete(row.id)));
      for (const [child, column] of Object.entries(entity.fold?.from ?? {})) {
        // A row made in this batch has no children that the database knows.
        const map = childMap(child, column);
        if (!map.has(row.id)) {
          map.set(row.id, new Set());
          undo.push(() => map.delete(row.id));
        }
      }
      for (const [key, map] of children) {
        const [name, column] = key.split(".") as [string, string];
        if (name !== entity.name) continue;
        const siblings = map.get(row[column] as Id);
        if (siblings && !siblings.has(row.id)) {
          siblings.add(row.id);
          undo.push(() => siblings.delete(row.id));
        }
      }
      set.addToSum(entity, row);
      set.touchFolds(entity, row);
    },
    update(entity: AnyEntity, row: StoredRow): void {
      const known = table(entity.name);
      const previous = known.get(row.id);
      known.set(row.id, { row, stored: previous?.stored ?? false, dirty: true, fresh: previous?.fresh === true });
      undo.push(() => (previous ? known.set(row.id, previous) : known.delete(row.id)));
    },
    addToSum(entity: AnyEntity, row: StoredRow): void {
      if (!entity.sum) return;
      const keys = entity.sum.keys.map((key) => row[key] as Id);
      const key = sumKey(entity, keys);
      const amount = row[entity.sum.amount] as number;
      const before = sums.get(key);
      const sum = before ?? { entity, keys, amount: 0, facts: 0 };
      sums.set(key, { ...sum, amount: sum.amount + amount, facts: sum.facts + 1 });
      // A refused group leaves no sum of nothing either: by that a product would count as counted.
      undo.push(() => (before ? sums.set(key, before) : sums.delete(key)));
    },
    /** Reads running sums as they are stored, by their keys. */
    async loadSums(entity: AnyEntity, wanted: readonly (readonly Id[])[]): Promise<void> {
      const { sum } = entity;
      const missing = wanted.filter((keys) => !storedSums.has(sumKey(entity, keys)));
      if (!sum || missing.length === 0) return;
      const list = sum.keys.join(",");
      const rows = await tx.query<Record<string, unknown>>(
        `select ${list}, ${sum.column} from "${sum.table}" where practice_id=$1 and (${list}) in
           (select * from unnest(${sum.keys.map((_, i) => `($${i + 2}::text)::uuid[]`).join(",")}))`,
        [practice, ...sum.keys.map((_, i) => arrayLiteral(missing.map((keys) => keys[i] as Id)))],
      );
      for (const keys of missing) storedSums.set(sumKey(entity, keys), null);
      for (const row of rows) {
        const keys = sum.keys.map((key) => row[key] as Id);
        storedSums.set(sumKey(entity, keys), row[sum.column] as number);
      }
    },
    /** A running sum as it is now, and whether any fact but the last `except` ever went into it; null if not read. */
    sumOf(entity: AnyEntity, keys: readonly Id[], except: number): { amount: number; begun: boolean } | null {
      const key = sumKey(entity, keys);
      const stored = storedSums.get(key);
      if (stored === undefined) return null;
      const added = sums.get(key);
      return {
        amount: (stored ?? 0) + (added?.amount ?? 0),
        begun: stored !== null || (added?.facts ?? 0) > except,
      };
    },
    touchFolds(entity: AnyEntity, row: Readonly<Record<string, unknown>>): void {
      for (const { parent, column } of foldsFrom.get(entity.name) ?? []) {
        set.touchFold(parent, row[column] as Id);
      }
    },
    touchFold(entity: AnyEntity, id: Id): void {
      foldQueue.set(`${entity.name}:${id}`, { entity, id });
    },
    /** Computes the folds touched since the last call; returns the rows whose folded columns changed. */
    runFolds(): { entity: AnyEntity; row: StoredRow }[] {
      const changed: { entity: AnyEntity; row: StoredRow }[] = [];
      for (const { entity, id } of foldQueue.values()) {
        const before = set.get(entity, id);
        if (!before || !entity.fold) continue;
        const facts: Record<string, StoredRow[]> = {};
        for (const [child, column] of Object.entries(entity.fold.from)) {
          facts[child] = set.childrenOf(entityOf(child), column, id);
        }
        const folded = entity.fold.compute(before, facts) as Record<string, unknown>;
        if (entity.foldColumns.every((name) => folded[name] === before[name])) continue;
        const row = { ...before, ...folded };
        set.update(entity, row);
        changed.push({ entity, row });
      }
      foldQueue.clear();
      return changed;
    },

    mark: () => undo.length,
    /** Takes back what happened since the mark; folds asked for are forgotten unless they are to be run again. */
    rollback(mark: number, keepFolds = false): void {
      while (undo.length > mark) undo.pop()?.();
      if (!keepFolds) foldQueue.clear();
    },

    /** After an early flush: what was written is stored now, and is not written again unless it changes. */
    flushed(): void {
      for (const map of slots.values()) {
        for (const [id, slot] of map)
          if (slot.dirty)
            map.set(id, { row: slot.row, stored: true, dirty: false, fresh: !slot.stored || slot.fresh === true });
      }
      for (const [key, { amount, facts }] of sums) {
        if (facts > 0 && storedSums.has(key)) storedSums.set(key, (storedSums.get(key) ?? 0) + amount);
      }
      sums.clear();
      undo.length = 0;
    },

    /** Writes everything that changed, a statement per entity and kind of change, sent together in that order. */
    async flush(order: readonly AnyEntity[]): Promise<void> {
      const writes: Promise<unknown>[] = [];
      for (const entity of order) {
        const dirty = [...(slots.get(entity.name)?.values() ?? [])].filter((slot) => slot.dirty && slot.row);
        if (dirty.length === 0) continue;
        const rows = (stored: boolean) =>
          dirty.filter((slot) => slot.stored === stored).map((slot) => slot.row as StoredRow);
        writes.push(insertRows(tx, entity, practice, rows(false)), updateRows(tx, entity, practice, rows(true)));
      }
      for (const [name, group] of Map.groupBy(sums.values(), (sum) => sum.entity.name)) {
        const sum = entityOf(name).sum;
        if (!sum) continue;
        const list = sum.keys.join(",");
        const written = tx.query(
          `insert into "${sum.table}" as t (practice_id,${list},${sum.column})
           select $1::uuid, u.* from unnest(${sum.keys.map((_, i) => `($${i + 3}::text)::uuid[]`).join(",")},($2::text)::int8[]) as u
           on conflict (practice_id,${list}) do update set ${sum.column} = t.${sum.column} + excluded.${sum.column}`,
          [
            practice,
            arrayLiteral(group.map(({ amount }) => amount)),
            ...sum.keys.map((_, i) => arrayLiteral(group.map(({ keys }) => keys[i]))),
          ],
        );
        writes.push(written);
      }
      await Promise.all(writes);
    },
  };
  return set;
}

function sumKey(entity: AnyEntity, keys: readonly Id[]): string {
  return `${entity.name}|${keys.join("|")}`;
}
