/**
 * State = base + overlay (architecture §3). The domain tables hold what people see: what the centre has settled plus
 * this device's unsettled changes. An inserted row is unsettled while its stamp is one of this device's unsettled
 * groups; a settled register that this device has patched since has a copy of its settled form in `sync_base` and its
 * patches in `sync_overlay`, so that a rejection is an exact undo.
 */
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { type Body, hashHeader, type WireGroup } from "../src-shared/sync/group.ts";
import type { Hlc } from "../src-shared/sync/hlc.ts";
import { isDerived } from "../src-shared/sync/ids.ts";
import { insertedRow, mergePatch, mergeRows, stampOf, writtenFields } from "../src-shared/sync/merge.ts";
import { type AnyEntity, entityOf, findEntity, holds } from "../src-shared/sync/registry.ts";
import type { SyncRules } from "../src-shared/sync/rules.ts";
import { groupCrypto } from "./crypto.ts";
import { createNewer } from "./newer.ts";
import type { Sqlite } from "./open.ts";
import { createStore, type Store } from "./store.ts";

/**
 * `pending`: not answered for good. `review`: held by the centre for a person. `settled`: kept for a while, in case the
 * centre is restored from a backup. `rejected`: undone; its bytes still link the device's chain. `reoffer`: a rejected
 * one that a restored centre has to see again, since those behind it follow its hash.
 */
export type OutboxState = "pending" | "review" | "settled" | "rejected" | "reoffer";

export interface PendingGroup {
  readonly deviceSeq: number;
  readonly group: Id;
  readonly hlc: Hlc;
  readonly state: OutboxState;
  readonly command: string;
  readonly madeAt: number;
  readonly wire: WireGroup;
}

/** A settled group as the log gives it, with the bodies that this device may see. */
export interface SettledGroup {
  readonly seq: number;
  readonly group: Id;
  readonly hlc: Hlc;
  readonly headerHash: string;
  readonly bodies: readonly Body[];
}

/** A row whose settled form is not here although a change of it arrived: to be fetched again from the centre. */
export interface BrokenBaseline {
  readonly entity: string;
  readonly row: Id;
}

export type Replica = ReturnType<typeof createReplica>;

export function createReplica(db: Sqlite, rules: SyncRules) {
  const store: Store = createStore(db);
  /** The groups that the centre has not settled, by their stamp. */
  const unsettled = new Map<Hlc, Id>();
  const sql = {
    unsettled: db.prepare("select hlc, group_id from sync_outbox where state in ('pending','review')").raw(),
    addGroup: db.prepare(
      `insert into sync_outbox (device_seq, group_id, hlc, state, command, made_at, settled_at, header, sig, bodies)
       values (?,?,?,'pending',?,?,null,?,?,?)`,
    ),
    group: db.prepare("select * from sync_outbox where group_id=?"),
    header: db.prepare("select header from sync_outbox where group_id=?").pluck(),
    settle: db.prepare("update sync_outbox set state='settled', settled_at=? where group_id=?"),
    review: db.prepare("update sync_outbox set state='review' where group_id=?"),
    drop: db.prepare("delete from sync_outbox where group_id=?"),
    reject: db.prepare("update sync_outbox set state='rejected' where group_id=?"),
    acquit: db.prepare("delete from sync_quarantine where group_id=? and decided_at is null"),
    addOverlay: db.prepare(
      "insert or replace into sync_overlay (change_id, group_id, entity, entity_id, hlc) values (?,?,?,?,?)",
    ),
    dropOverlay: db.prepare("delete from sync_overlay where group_id=? and entity=? and entity_id=?"),
    overlayGroups: db
      .prepare(
        `select distinct v.group_id, o.device_seq from sync_overlay v join sync_outbox o on o.group_id = v.group_id
         where v.entity=? and v.entity_id=? order by o.device_seq`,
      )
      .pluck(),
    base: db.prepare("select row from sync_base where entity=? and entity_id=?").pluck(),
    setBase: db.prepare("insert or replace into sync_base (entity, entity_id, row) values (?,?,?)"),
    dropBase: db.prepare("delete from sync_base where entity=? and entity_id=?"),
  };
  readUnsettled();

  function readUnsettled(): void {
    unsettled.clear();
    for (const [hlc, group] of sql.unsettled.all() as [Buffer, Buffer][])
      unsettled.set(hlc.toString("hex"), group.toString("hex"));
  }

  const blob = (hex: string) => Buffer.from(hex, "hex");

  function baseOf(entity: AnyEntity, id: Id): StoredRow | null {
    const text = sql.base.get(entity.name, blob(id)) as string | undefined;
    if (text === undefined) return null;
    const row = JSON.parse(text) as StoredRow;
    // Columns that came with an update since this was written: without them an undo would leave what it has to undo.
    for (const column of entity.columns) row[column] ??= null;
    return row;
  }
  function hasOverlay(entity: AnyEntity, id: Id): boolean {
    return (sql.overlayGroups.all(entity.name, blob(id)) as Buffer[]).length > 0;
  }
  function readGroup(id: Id): PendingGroup | null {
    const raw = sql.group.get(blob(id)) as OutboxRow | undefined;
    return raw ? outboxGroup(raw) : null;
  }
  function bodiesOf(group: PendingGroup): Body[] {
    return group.wire.bodies.map((wire) => JSON.parse(wire.body) as Body);
  }

  /** Computes the visible row anew: its settled form, or its own unsettled insert, plus unsettled patches in order. */
  function refold(entity: AnyEntity, id: Id): void {
    const visible = store.get(entity, id);
    let row = baseOf(entity, id);
    if (!row && visible && unsettled.has(visible.hlc)) {
      const insert = insertBodyOf(visible.hlc, entity, id);
      row = insert ? insertedRow(entity, insert, visible.hlc) : null;
    }
    if (!row) return;
    const groups = (sql.overlayGroups.all(entity.name, blob(id)) as Buffer[]).map((group) => group.toString("hex"));
    for (const groupId of groups) {
      const group = readGroup(groupId);
      if (!group) continue;
      for (const body of bodiesOf(group)) {
        if (body.entity !== entity.name || body.row !== id || body.op === "insert") continue;
        row = mergePatch(rules, entity, row, body, group.hlc).row;
      }
    }
    if (groups.length === 0) sql.dropBase.run(entity.name, blob(id));
    if (!visible) store.insert(row, entity);
    else store.update({ ...visible, ...row }, entity);
  }

  function insertBodyOf(hlc: Hlc, entity: AnyEntity, id: Id): Body | null {
    const own = readGroup(unsettled.get(hlc) ?? "");
    const bodies = own ? bodiesOf(own) : [];
    return bodies.find((body) => body.op === "insert" && body.entity === entity.name && body.row === id) ?? null;
  }

  /** One settled insert. What exists already stands, unless it is this device's own and not settled yet. */
  function applyInsert(entity: AnyEntity, body: Body, hlc: Hlc): void {
    const present = store.get(entity, body.row);
    if (present && (present.hlc === hlc || !unsettled.has(present.hlc))) {
      store.touchFolds(entity, body.fields);
      return;
    }
    if (present) store.erase(present, entity);
    insertSettled(entity, insertedRow(entity, body, hlc));
  }

  /** Patches of this device may have waited for the row: a restored centre learns things in another order. */
  function insertSettled(entity: AnyEntity, row: StoredRow): void {
    store.insert(row, entity);
    if (!entity.mergeable || !hasOverlay(entity, row.id)) return;
    sql.setBase.run(entity.name, blob(row.id), JSON.stringify(row));
    refold(entity, row.id);
  }

  /** One settled patch; false when the row that it changes is not here. */
  function applyPatch(entity: AnyEntity, body: Body, hlc: Hlc): boolean {
    const base = baseOf(entity, body.row);
    if (base) {
      sql.setBase.run(entity.name, blob(body.row), JSON.stringify(mergePatch(rules, entity, base, body, hlc).row));
      refold(entity, body.row);
      return true;
    }
    const row = store.get(entity, body.row);
    if (!row) return false;
    store.update(mergePatch(rules, entity, row, body, hlc).row, entity);
    return true;
  }

  function applyBody(entity: AnyEntity, body: Body, hlc: Hlc): boolean {
    if (body.op !== "insert") return applyPatch(entity, body, hlc);
    applyInsert(entity, body, hlc);
    return true;
  }
  const newer = createNewer({ db, store, applyBody });

  /** This device's own group, now settled: its patches move from the overlay into the settled form. */
  function settleOwn(group: PendingGroup, nowMs: number): void {
    unsettled.delete(group.hlc);
    sql.settle.run(nowMs, blob(group.group));
    // What waits is shown too, and nothing else of the replica may change when a group settles.
    store.touch("sync_outbox");
    const patched = new Map<string, { entity: AnyEntity; row: Id }>();
    for (const body of bodiesOf(group)) {
      const entity = entityOf(body.entity);
      if (!entity.mergeable) {
        // A derived row of somebody else's, settled first, stands; ours is skipped like anywhere else.
        if (body.op === "insert" && !store.has(entity, body.row)) applyInsert(entity, body, group.hlc);
        continue;
      }
      if (body.op === "insert") {
        const row = store.get(entity, body.row);
        if (!row) applyInsert(entity, body, group.hlc);
        else if (row.hlc === group.hlc && hasOverlay(entity, body.row)) {
          sql.setBase.run(entity.name, blob(body.row), JSON.stringify(insertedRow(entity, body, group.hlc)));
        }
        continue;
      }
      const base = baseOf(entity, body.row);
      if (base) {
        const merged = mergePatch(rules, entity, base, body, group.hlc).row;
        sql.setBase.run(entity.name, blob(body.row), JSON.stringify(merged));
      }
      patched.set(`${body.entity}:${body.row}`, { entity, row: body.row });
    }
    // Only after all bodies: a group may patch one row twice, and the settled form must have both.
    for (const { entity, row } of patched.values()) {
      sql.dropOverlay.run(blob(group.group), entity.name, blob(row));
      if (baseOf(entity, row)) refold(entity, row);
    }
  }

  /** Takes an unsettled group back exactly. Several are taken back latest first, so that dependants go first. */
  function undo(groupId: Id, then: "forget" | "reject" = "forget"): PendingGroup | null {
    const group = readGroup(groupId);
    if (!group || !isOpen(group)) return null;
    const bodies = rules.undoRejected || then === "forget" ? bodiesOf(group) : [];
    for (const body of [...bodies].reverse()) {
      const entity = entityOf(body.entity);
      if (body.op === "insert") {
        const row = store.get(entity, body.row);
        if (row && row.hlc === group.hlc) {
          store.erase(row, entity);
          sql.dropBase.run(entity.name, blob(body.row));
        }
        continue;
      }
      sql.dropOverlay.run(blob(groupId), body.entity, blob(body.row));
      refold(entity, body.row);
    }
    if (then === "forget") sql.drop.run(blob(groupId));
    else sql.reject.run(blob(groupId));
    unsettled.delete(group.hlc);
    return group;
  }

  return {
    db,
    store,
    newer,
    baseOf,
    readGroup,
    bodiesOf,
    isUnsettled: (hlc: Hlc) => unsettled.has(hlc),
    /** The unsettled group of a stamp; null once it is settled, or when another device wrote it. */
    unsettledGroup: (hlc: Hlc): Id | null => unsettled.get(hlc) ?? null,
    unsettledCount: () => unsettled.size,

    /** The stamp a new patch has to exceed: the highest among the fields it writes, as they are visible. */
    observed(row: StoredRow, body: Body): Hlc {
      let highest = "";
      for (const field of Object.keys(writtenFields(body))) {
        const stamp = stampOf(row, field);
        if (stamp > highest) highest = stamp;
      }
      return highest;
    },

    /** Writes one body of this device's new group into the visible tables. */
    writeOwn(entity: AnyEntity, body: Body, hlc: Hlc, group: Id, visible: StoredRow | null): StoredRow {
      if (body.op === "insert") {
        const row = insertedRow(entity, body, hlc);
        store.insert(row, entity);
        return row;
      }
      if (!visible) throw new Error(`A patch of ${entity.name} needs its row`);
      if (visible.hlc !== hlc && !unsettled.has(visible.hlc) && !baseOf(entity, body.row)) {
        sql.setBase.run(entity.name, blob(body.row), JSON.stringify(visible));
      }
      sql.addOverlay.run(blob(body.id), blob(group), entity.name, blob(body.row), blob(hlc));
      const merged = mergePatch(rules, entity, visible, body, hlc).row;
      store.update(merged, entity);
      return merged;
    },

    addToOutbox(group: Omit<PendingGroup, "state">): void {
      unsettled.set(group.hlc, group.group);
      sql.addGroup.run(
        group.deviceSeq,
        blob(group.group),
        blob(group.hlc),
        group.command,
        group.madeAt,
        group.wire.header,
        group.wire.sig,
        JSON.stringify(group.wire.bodies),
      );
    },
    /** Forgets a group that a rolled-back transaction had added. */
    forgetRolledBack(hlc: Hlc): void {
      unsettled.delete(hlc);
    },

    /** Applies one group of the settled log. */
    applySettled(group: SettledGroup, mask: number, nowMs: number, broken: BrokenBaseline[]): void {
      const own = readGroup(group.group);
      if (own && isOpen(own)) {
        if (hashHeader(groupCrypto, own.wire.header) === group.headerHash) {
          settleOwn(own, nowMs);
          return;
        }
        // A copy of this device had the same group settled before this one wrote it anew: what settled stands.
        undo(own.group);
      }
      let { bodies } = group;
      if (own && (own.state === "rejected" || own.state === "reoffer")) {
        // Refused once, taken by a restored centre: what it says now holds.
        sql.settle.run(nowMs, blob(own.group));
        store.touch("sync_outbox");
        store.touch("sync_attention");
        sql.acquit.run(blob(own.group));
      }
      // Own groups come without their bodies; a replay after a fresh filling needs them all the same.
      if (own && bodies.length === 0) bodies = bodiesOf(own);
      bodies.forEach((body, index) => {
        const entity = findEntity(body.entity);
        if (entity && !holds(entity, mask)) return;
        newer.keepBody(group.seq, index, entity, body, group.hlc);
        if (entity && !applyBody(entity, body, group.hlc)) broken.push({ entity: entity.name, row: body.row });
      });
    },

    /**
     * A row in its settled form, as the centre sent it to repair a broken baseline. The answer may have been slow: what the
     * stream has brought since it was given stands, each field by its stamp.
     */
    mergeSettled(entity: AnyEntity, row: StoredRow): void {
      const present = store.get(entity, row.id);
      if (!present) insertSettled(entity, row);
      else if (!entity.mergeable) store.touchFolds(entity, row);
      else if (hasOverlay(entity, row.id)) {
        const base = baseOf(entity, row.id);
        const settled = base ? mergeRows(rules, entity, base, row) : row;
        sql.setBase.run(entity.name, blob(row.id), JSON.stringify(settled));
        refold(entity, row.id);
      } else store.update(mergeRows(rules, entity, present, row), entity);
    },

    /**
     * A row that turned out to be another than the centre's becomes that, whatever its stamps say; only while the replica
     * stands where the centre stood when it said so, with nothing unsettled.
     */
    mend(entity: AnyEntity, row: StoredRow): void {
      const present = store.get(entity, row.id);
      if (present && entity.mergeable) {
        store.update({ ...present, ...row }, entity);
        return;
      }
      if (present) store.erase(present, entity);
      insertSettled(entity, row);
    },

    /** The header that this device keeps of a group of its own, in whatever state the group is. */
    ownHeader: (group: Id): string | null => (sql.header.get(blob(group)) as string | undefined) ?? null,

    /** Rejected groups that were to be offered to a restored centre wait for a person again, as before. */
    withdrawOffers(): void {
      db.prepare("update sync_outbox set state='rejected' where state='reoffer'").run();
    },

    /** A rejected group that was offered again and rejected again. */
    markRejectedAgain(group: Id): void {
      if (readGroup(group)?.state === "reoffer") sql.reject.run(blob(group));
    },

    /** The centre holds the group for a person's decision; it stays visible here and is not offered again. */
    markReview(group: Id): void {
      sql.review.run(blob(group));
    },

    undo,

    /**
     * One transaction in which a row may lose its parent for a while: the parent's group was refused, or a restored
     * centre has lost it, and the child's group waits for its own verdict. All or nothing, in memory too.
     */
    rebase(work: () => void): void {
      db.pragma("foreign_keys=OFF");
      try {
        db.transaction(work).immediate();
      } catch (error) {
        store.takeTouched();
        store.forgetFolds();
        this.reloadUnsettled();
        throw error;
      } finally {
        db.pragma("foreign_keys=ON");
      }
    },

    /**
     * A group that the centre settled before the replica's cursor: its place in the log is behind us already. `hash` is
     * that of the header that settled, if it may be another than ours: then a copy of this device was first, and what
     * it wrote came with the pages.
     */
    settleBehind(group: Id, hash: string | null, nowMs: number): void {
      const own = readGroup(group);
      if (!own || !isOpen(own)) return;
      if (hash !== null && hash !== hashHeader(groupCrypto, own.wire.header)) undo(group);
      else settleOwn(own, nowMs);
    },

    /** Reads the unsettled groups again, after a transaction that changed them was rolled back. */
    reloadUnsettled(): void {
      readUnsettled();
    },

    /** Every group that the centre has not settled, in the device's order. */
    pending(): PendingGroup[] {
      return (
        db
          .prepare("select * from sync_outbox where state in ('pending','review') order by device_seq")
          .all() as OutboxRow[]
      ).map(outboxGroup);
    },

    /** The hash of the header that this device signed at a place in its chain; null when it is not kept any more. */
    headerHashAt(deviceSeq: number, epoch: number): string | null {
      const header = db
        .prepare("select header from sync_outbox where device_seq=? and json_extract(header, '$.epoch')=?")
        .pluck()
        .get(deviceSeq, epoch) as string | undefined;
      return header === undefined ? null : hashHeader(groupCrypto, header);
    },

    /** Groups of this epoch that the centre had settled, up to a place in the chain. */
    settledUpTo(deviceSeq: number, epoch: number): Id[] {
      const rows = db
        .prepare(
          `select lower(hex(group_id)) from sync_outbox
           where state='settled' and device_seq <= ? and json_extract(header, '$.epoch')=? order by device_seq`,
        )
        .pluck();
      return rows.all(deviceSeq, epoch) as Id[];
    },

    /** Groups that are not at the centre any more wait to be sent again. */
    unsettle(groups: readonly Id[]): number {
      const again = db.prepare("update sync_outbox set state='pending', settled_at=null where group_id=?");
      for (const group of groups) again.run(blob(group));
      if (groups.length > 0) this.reloadUnsettled();
      return groups.length;
    },

    /**
     * Offers groups again that a restored centre has lost (architecture §1: 30 days are kept). Only those of this epoch of
     * the device: what settled before the device was renewed stands before the renewal in the log, and a centre that
     * knows the renewal has it. They are signed with a key that means nothing on this connection any more.
     */
    unsettleAfter(deviceSeq: number, epoch: number): number {
      const these = "device_seq > ? and json_extract(header, '$.epoch') = ?";
      const again = db.prepare(
        `update sync_outbox set state='pending', settled_at=null where state in ('settled','review') and ${these}`,
      );
      const { changes } = again.run(deviceSeq, epoch);
      db.prepare(`update sync_outbox set state='reoffer' where state='rejected' and ${these}`).run(deviceSeq, epoch);
      // Approved after it had been held: the restored centre may hold it still, whatever its place in the sequence.
      db.prepare(
        `update sync_outbox set state='review', settled_at=null where state='settled' and ${these} and group_id in
           (select subject_id from review_task where kind='held_group')`,
      ).run(0, epoch);
      this.reloadUnsettled();
      return changes;
    },

    /**
     * Lays the unsettled groups over rows that were filled anew: the visible state is base plus overlay again. A group
     * of which the pages bring a row has settled meanwhile: as this device wrote it, or as a copy of it did.
     */
    reapplyPending(nowMs: number): void {
      db.exec("delete from sync_overlay; delete from sync_base");
      for (const group of this.pending()) {
        const bodies = bodiesOf(group);
        const landed = bodies
          .filter(({ op, row }) => op === "insert" && !isDerived(row))
          .map((body) => store.get(entityOf(body.entity), body.row));
        const stands = landed.find((row) => row !== null);
        if (stands) {
          unsettled.delete(group.hlc);
          if (stands.hlc === group.hlc) sql.settle.run(nowMs, blob(group.group));
          else sql.drop.run(blob(group.group));
          continue;
        }
        for (const body of bodies) {
          const entity = entityOf(body.entity);
          const visible = store.get(entity, body.row);
          if (body.op === "insert") {
            if (!visible) store.insert(insertedRow(entity, body, group.hlc), entity);
          } else if (visible) this.writeOwn(entity, body, group.hlc, group.group, visible);
          else sql.addOverlay.run(blob(body.id), blob(group.group), entity.name, blob(body.row), blob(group.hlc));
        }
      }
    },
  };
}

function isOpen(group: PendingGroup): boolean {
  return group.state === "pending" || group.state === "review";
}

interface OutboxRow {
  device_seq: number;
  group_id: Buffer;
  hlc: Buffer;
  state: OutboxState;
  command: string;
  made_at: number;
  header: string;
  sig: string;
  bodies: string;
}

export function outboxGroup(raw: OutboxRow): PendingGroup {
  return {
    deviceSeq: raw.device_seq,
    group: raw.group_id.toString("hex"),
    hlc: raw.hlc.toString("hex"),
    state: raw.state,
    command: raw.command,
    madeAt: raw.made_at,
    wire: { header: raw.header, sig: raw.sig, bodies: JSON.parse(raw.bodies), erased: [] },
  };
}
export type { OutboxRow };
