/**
 * Keeps what a newer version wrote and this one does not know (`src-shared/sync/newer.ts`), in the order in which it
 * came, and merges it by the ordinary rules once this device is updated. Runs inside a transaction of its caller.
 */
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import type { Body } from "../src-shared/sync/group.ts";
import type { Hlc } from "../src-shared/sync/hlc.ts";
import { readClocks } from "../src-shared/sync/merge.ts";
import { hasUnknownValue, type KeptNewer, partRow, unknownFields } from "../src-shared/sync/newer.ts";
import { type AnyEntity, findEntity, holds } from "../src-shared/sync/registry.ts";
import type { Sqlite } from "./open.ts";
import type { Store } from "./store.ts";

export interface NewerOptions {
  readonly db: Sqlite;
  readonly store: Store;
  /** Applies a settled body of a known entity; false when the row that it changes is not here. */
  applyBody(entity: AnyEntity, body: Body, hlc: Hlc): boolean;
}

export function createNewer({ db, store, applyBody }: NewerOptions) {
  const sql = {
    add: db.prepare("insert or replace into sync_pending_unknown (seq, body_index, wire) values (?,?,?)"),
    next: db.prepare("select coalesce(max(body_index) + 1, 0) from sync_pending_unknown where seq=?").pluck(),
    all: db.prepare("select seq, body_index, wire from sync_pending_unknown order by seq, body_index"),
    drop: db.prepare("delete from sync_pending_unknown where seq=? and body_index=?"),
  };

  function keep(seq: number, index: number, kept: KeptNewer): void {
    sql.add.run(seq, index, JSON.stringify(kept));
    store.touch("sync_pending_unknown");
  }

  /** What of a settled body waits for a newer version; null for all that an up-to-date device ever sees. */
  function waiting(entity: AnyEntity | undefined, body: Body, hlc: Hlc): KeptNewer | null {
    if (!entity) return { kind: "body", fields: null, hlc, body };
    const fields = unknownFields(entity, body);
    return fields.length > 0 || hasUnknownValue(entity, body.fields) ? { kind: "body", fields, hlc, body } : null;
  }

  /** Takes late fields into a row that is here; `insert`: only into the very row that this stamp inserted. */
  function takeFields(
    entity: AnyEntity,
    id: Id,
    values: Readonly<Record<string, unknown>>,
    stampOf: (field: string) => Hlc,
    insert: Hlc | null,
  ): boolean {
    const row = store.get(entity, id);
    if (!row) return false;
    // Another's row of a derived id stood first: what was skipped then is skipped now.
    if (insert !== null && row.hlc !== insert) return true;
    if (!entity.mergeable) {
      store.erase(row, entity);
      store.insert({ ...row, ...values }, entity);
      return true;
    }
    return Object.entries(values).every(([field, value]) =>
      applyBody(entity, patchOf(entity, id, { [field]: value }), stampOf(field)),
    );
  }

  /** Merges one entry; returns what of it still has to wait. */
  function replay(kept: KeptNewer, mask: number): KeptNewer | null {
    const entity = findEntity(kept.kind === "body" ? kept.body.entity : kept.entity);
    if (!entity) return kept;
    if (!holds(entity, mask)) return null;
    if (kept.fields === null) return replayWhole(entity, kept);
    const names = kept.fields.filter((name) => Object.hasOwn(entity.fields, name));
    const [id, from] = kept.kind === "body" ? [kept.body.row, kept.body.fields] : [kept.row.id, kept.row];
    const values = Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
    const taken =
      kept.kind === "body"
        ? takeFields(entity, id, values, () => kept.hlc, kept.body.op === "insert" ? kept.hlc : null)
        : takeFields(entity, id, values, (field) => readClocks(kept.row)[field] ?? kept.row.hlc, kept.row.hlc);
    if (!taken) return kept;
    // What was folded from a value that was unknown is folded anew.
    const row = store.get(entity, id);
    if (row) store.touchFolds(entity, row);
    if (entity.fold) store.touchFold(entity, id);
    const fields = kept.fields.filter((name) => !names.includes(name) && !entity.foldColumns.includes(name));
    return fields.length > 0 || hasUnknownValue(entity, from) ? { ...kept, fields } : null;
  }

  function replayWhole(entity: AnyEntity, kept: KeptNewer): KeptNewer | null {
    if (kept.kind === "body") {
      return applyBody(entity, kept.body, kept.hlc) ? waiting(entity, kept.body, kept.hlc) : kept;
    }
    const { row, newer } = partRow(entity, kept.row);
    // Pages stand before all of the log that follows them, and the log is replayed over them as always.
    if (!store.has(entity, row.id)) store.insert(row, entity);
    return newer;
  }

  return {
    /** Keeps what this version does not know of a settled body. */
    keepBody(seq: number, index: number, entity: AnyEntity | undefined, body: Body, hlc: Hlc): void {
      const kept = waiting(entity, body, hlc);
      if (kept) keep(seq, index, kept);
    },
    /**
     * A settled row as the centre has it, without what this version does not know; that is kept, as of `seq`: behind
     * the group of that position and before the next.
     */
    known(seq: number, entity: AnyEntity, whole: StoredRow): StoredRow {
      const { row, newer } = partRow(entity, whole);
      if (newer) keep(seq, sql.next.get(seq) as number, newer);
      return row;
    },
    /** A row of an entity that this version does not have. */
    keepRow(seq: number, entity: string, row: StoredRow): void {
      keep(seq, sql.next.get(seq) as number, { kind: "row", fields: null, entity, row });
    },
    /** Everything is filled anew: what was kept comes again with it. */
    forgetAll(): void {
      db.exec("delete from sync_pending_unknown");
    },
    /** After an update: merges in order what is known now. The rest stays, and is counted. */
    replayAll(mask: number): void {
      for (const { seq, body_index, wire } of sql.all.all() as { seq: number; body_index: number; wire: string }[]) {
        const kept = JSON.parse(wire) as KeptNewer;
        const rest = replay(kept, mask);
        if (rest === kept) continue;
        if (rest) keep(seq, body_index, rest);
        else sql.drop.run(seq, body_index);
      }
    },
  };
}

function patchOf(entity: AnyEntity, row: Id, fields: Record<string, unknown>): Body {
  const stream = entity.stream === "subject" ? "org" : entity.stream;
  return { id: row, branch: null, stream, entity: entity.name, row, op: "patch", fields, base: {} };
}
