/**
 * Runs commands: one immediate transaction holds the rows, the folds, the reactions, the audit, the signed group, the
 * outbox and the device's counters, so that one fsync covers all and a power cut leaves all or nothing (P7, P15).
 */
import { z } from "zod";
import { schemaVersion } from "../../../migrations/index.ts";
import { groupCrypto, sha1 } from "../../../replica/crypto.ts";
import { explain } from "../../../replica/open.ts";
import type { Replica } from "../../../replica/replica.ts";
import type { Access } from "../../../src-shared/access/can.ts";
import type { Reaction, ReactionContext } from "../../../src-shared/events/reaction.ts";
import { reactions } from "../../../src-shared/events/reactions.ts";
import type { StoredRow } from "../../../src-shared/sync/entity.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { type Signer, sealGroup } from "../../../src-shared/sync/group.ts";
import { type Hlc, zeroHlc } from "../../../src-shared/sync/hlc.ts";
import { type Derivation, newId, type Random } from "../../../src-shared/sync/ids.ts";
import { type Log, Refusal, refuse } from "../../../src-shared/sync/ports.ts";
import { type AnyEntity, entityOf, streamOf } from "../../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { refuseBehindFence } from "../care/fence.ts";
import { createReader } from "../read/database.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import type { Command } from "./define.ts";
import { createLabels } from "./labels.ts";
import { type Actor, createTransaction, StampTooLow } from "./transaction.ts";

export interface WriterOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly signer: () => Signer;
  readonly time: EngineTime;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly log: Log;
  readonly app: string;
  readonly access: () => Access;
  readonly branchCode: () => string;
  /** Called after a commit with the entities that changed and the sequence that it used. */
  readonly committed: (touched: Set<string>, deviceSeq: number) => void;
  /** Added by tests to show that a reaction which throws stops nothing else. */
  readonly extraReactions?: readonly Reaction[];
}

/** Entities that a command writes beside what it is about. */
const besides = new Set(["domain_event", "audit_entry", "review_task", "role_change_audit", "patient_change"]);

export function createWriter(options: WriterOptions) {
  const { replica, state, time, rules, log } = options;
  const random = inBlocks(options.random);
  const { db, store } = replica;
  const labels = createLabels(db);
  const reader = createReader(db);
  const begin = db.prepare("begin immediate");
  const commit = db.prepare("commit");
  const rollback = db.prepare("rollback");
  const savepoint = db.prepare("savepoint reaction");
  const release = db.prepare("release reaction");
  const undoReaction = db.prepare("rollback to reaction");
  const queueReaction = db.prepare(
    `insert into reaction_queue (event_id, reaction, tries, next_at, error) values (?,?,1,?,?)
     on conflict (event_id, reaction) do update set tries = tries + 1, next_at = excluded.next_at, error = excluded.error`,
  );
  const allReactions = [...reactions, ...(options.extraReactions ?? [])];

  function salts(count: number): string[] {
    const pool = Buffer.from(random.bytes(16 * count));
    return Array.from({ length: count }, (_, i) => pool.toString("base64url", i * 16, i * 16 + 16));
  }

  /** Runs the command; throws a `Refusal` for what a person can act on, with nothing written. */
  function execute<I, O>(command: Command<I, O>, rawInput: unknown, actor: Actor, cause?: Id): O {
    const parsed = command.input.safeParse(rawInput);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw refuse("INVALID", `${issue?.path.join(".") || "input"}: ${issue?.message}`, {
        field: issue?.path.join("."),
      });
    }
    let floor: Hlc = zeroHlc;
    // Each round raises the floor above what it saw; more than a few would mean that stamps run away.
    for (let round = 0; round < 8; round++) {
      try {
        return attempt(command, parsed.data, actor, floor, cause);
      } catch (error) {
        if (!(error instanceof StampTooLow)) throw explain(error, db.name);
        floor = error.floor;
      }
    }
    throw new Error("A command kept meeting higher stamps");
  }

  function attempt<I, O>(command: Command<I, O>, input: I, actor: Actor, floor: Hlc, cause: Id | undefined): O {
    const identity = options.identity();
    refuseBehindFence(state);
    begin.run();
    let hlc: Hlc = zeroHlc;
    try {
      const now = time.now();
      const before = state.writeState();
      const stamped = rules.stamp(before, now, identity.node, floor);
      hlc = stamped.hlc;
      const group = newId(now, random);
      const derive = (derivation: Derivation) => rules.derive(sha1, identity.practice, derivation, group);
      const transaction = createTransaction({
        replica,
        reader,
        actor,
        device: identity.device,
        practice: identity.practice,
        group,
        hlc,
        now,
        access: options.access,
        newId: () => newId(now, random),
        derive,
        drawLabel: (letter) =>
          labels.draw({ branchCode: options.branchCode(), terminal: identity.terminalCode }, letter),
      });
      const { tx, bodies } = transaction;
      if (command.permission) tx.require(command.permission);
      let output: O;
      if (command.reaction) {
        let produced: O | undefined;
        transaction.asReaction(command.reaction, () => {
          produced = command.run(tx, input);
        });
        output = produced as O;
      } else output = command.run(tx, input);
      react(transaction);
      store.runFolds();
      if (bodies.length === 0) {
        // Nothing changed: no group, no number used, no event.
        rollback.run();
        store.takeTouched();
        return output;
      }
      audit(transaction, command.name);
      const deviceSeq = before.deviceSeq + 1;
      const { wire, headerHash } = sealGroup(
        { ...groupCrypto, ...options.signer() },
        {
          practice: identity.practice,
          group,
          device: identity.device,
          epoch: identity.epoch,
          seq: deviceSeq,
          prev: before.prev,
          user: actor.user,
          role: actor.role,
          authz: state.meta<number>("authz") ?? 0,
          schema: schemaVersion,
          app: options.app,
          command: command.name,
          ...(cause ? { cause } : {}),
          ...(command.resends ? { resends: [...command.resends] } : {}),
          after: [...transaction.after].map(replica.unsettledGroup).filter((id) => id !== null),
          hlc,
        },
        bodies,
        salts(bodies.length),
      );
      replica.addToOutbox({ deviceSeq, group, hlc, command: command.name, madeAt: now, wire });
      state.saveWriteState({ ...stamped.next, deviceSeq, prev: headerHash });
      commit.run();
      options.committed(store.takeTouched(), deviceSeq);
      return output;
    } catch (error) {
      if (db.inTransaction) rollback.run();
      replica.forgetRolledBack(hlc);
      store.takeTouched();
      store.forgetFolds();
      if (!(error instanceof Refusal) && !(error instanceof StampTooLow)) {
        log.error("command failed", { command: command.name, error: (error as Error).name });
      }
      throw error;
    }
  }

  /** Asks every reaction whose condition may have become true in this transaction. */
  function react(transaction: ReturnType<typeof createTransaction>): void {
    for (let round = 0; round < 4; round++) {
      const inserted = transaction.inserted.splice(0);
      const folded = store.runFolds();
      transaction.forgetRead();
      if (inserted.length === 0 && folded.length === 0) return;
      for (const reaction of allReactions) {
        const rows = triggers(reaction, inserted, folded);
        for (const row of rows) runReaction(reaction, row, transaction);
      }
    }
  }

  function triggers(
    reaction: Reaction,
    inserted: readonly { entity: AnyEntity; row: StoredRow }[],
    folded: readonly { entity: AnyEntity; after: StoredRow }[],
  ): StoredRow[] {
    if ("fold" in reaction.on) {
      const { fold } = reaction.on;
      const rows = new Map(folded.filter(({ entity }) => entity.name === fold).map(({ after }) => [after.id, after]));
      // A new row counts too: a condition can be met from the start, as with a sale of nothing to pay.
      for (const { entity, row } of inserted) {
        if (entity.name !== fold || rows.has(row.id)) continue;
        const stored = store.get(entity, row.id);
        if (stored) rows.set(row.id, stored);
      }
      return [...rows.values()];
    }
    const { insert } = reaction.on;
    return inserted.filter(({ entity }) => entity.name === insert).map(({ row }) => row);
  }

  /** One reaction that throws stops no other and not the command: it is undone alone, kept, and tried again. */
  function runReaction(reaction: Reaction, row: StoredRow, transaction: ReturnType<typeof createTransaction>): void {
    const { tx, bodies } = transaction;
    const keep = bodies.length;
    const keepInserted = transaction.inserted.length;
    savepoint.run();
    try {
      transaction.asReaction(reaction.name, () => writeReaction(reaction, row, tx));
      release.run();
    } catch (error) {
      undoReaction.run();
      release.run();
      bodies.length = keep;
      transaction.inserted.length = keepInserted;
      transaction.forgetRead();
      if (error instanceof StampTooLow) throw error;
      log.error("reaction failed", { reaction: reaction.name, error: (error as Error).name });
      queueReaction.run(
        Buffer.from(row.id, "hex"),
        reaction.name,
        tx.now + 5000,
        (error as Error).message.slice(0, 300),
      );
      store.touch("reaction_queue");
    }
  }

  function writeReaction(reaction: Reaction, row: StoredRow, tx: Context): void {
    const context: ReactionContext = {
      now: tx.now,
      actor: tx.user,
      get: tx.get,
      children: tx.children as ReactionContext["children"],
      derive: tx.derive,
      setting: tx.setting,
    };
    for (const made of reaction.decide(context, row)) {
      if (store.has(entityOf(made.entity), made.id)) continue;
      tx.insert(made.entity, made.fields, { id: made.id, branch: made.branch });
    }
  }

  /** Whose record a row belongs to: its own patient, or that of the exam or booking that it is a part of. */
  function patientOf(row: StoredRow, entity: AnyEntity): Id | null {
    if (entity.name === "patient") return row.id;
    if (typeof row.patient_id === "string") return row.patient_id;
    const part = entity.references.find((name) => entityOf(entity.fields[name]?.ref ?? "").fields.patient_id);
    const whole = part && row[part] ? store.get(entityOf(entity.fields[part]?.ref as string), row[part] as Id) : null;
    return typeof whole?.patient_id === "string" ? whole.patient_id : null;
  }

  /** One audit row a group: who did what to which row; names of fields, never values. */
  function audit(transaction: ReturnType<typeof createTransaction>, command: string): void {
    const { tx, bodies } = transaction;
    const about = bodies.filter((body) => !besides.has(body.entity) && !body.by);
    const first = about[0] ?? bodies[0];
    // A command that is about nothing but the record of itself has written that record.
    if (!first || (about.length === 0 && bodies.some((body) => body.entity === "audit_entry"))) return;
    const entity = entityOf(first.entity);
    const row = store.get(entity, first.row) ?? ({ ...first.fields, id: first.row, hlc: zeroHlc } as StoredRow);
    const changed = about.flatMap((body) =>
      body.op === "patch"
        ? Object.keys(body.fields).map((field) => `${body.entity}.${field}`)
        : [`${body.op} ${body.entity}`],
    );
    tx.insert("audit_entry", {
      action: command,
      subject_entity: first.entity,
      subject_id: first.row,
      patient_id: patientOf(row, entity),
      user_id: tx.user,
      device_id: tx.device,
      branch_id: tx.branch,
      changed: [...new Set(changed)].slice(0, 60),
      at: tx.now,
      stream: streamOf(entity, row),
    });
  }

  return {
    execute,
    reader,
    /** Runs the reactions that failed before and are due again, each as a group of the system's own. */
    retryReactions(actor: Actor): number {
      const now = time.now();
      const due = reader.sql<{ event_id: Id; reaction: string; tries: number }>(
        "select event_id, reaction, tries from reaction_queue where next_at <= ? limit 20",
        now,
      );
      let done = 0;
      for (const { event_id, reaction: name, tries } of due) {
        const reaction = allReactions.find((candidate) => candidate.name === name);
        const done_ = db.prepare("delete from reaction_queue where event_id=? and reaction=?");
        const later = db.prepare(
          "update reaction_queue set tries=tries+1, next_at=?, error=? where event_id=? and reaction=?",
        );
        if (!reaction) continue;
        const source = "fold" in reaction.on ? reaction.on.fold : reaction.on.insert;
        try {
          execute(
            {
              name: `reaction.${name}`,
              permission: null,
              reaction: name,
              input: anything,
              run: (tx) => {
                const row = tx.get(source, event_id);
                if (row) writeReaction(reaction, row as unknown as StoredRow, tx);
              },
            },
            null,
            { ...actor, user: null, role: null },
            event_id,
          );
          done_.run(Buffer.from(event_id, "hex"), name);
          done += 1;
        } catch (error) {
          const wait = Math.min(3_600_000, 5000 * 2 ** Math.min(tries, 10));
          later.run(now + wait, (error as Error).message.slice(0, 300), Buffer.from(event_id, "hex"), name);
        }
      }
      return done;
    },
  };
}

/** Draws from the source a block at a time: a checkout needs some forty small draws, and each call of a source costs. */
function inBlocks(source: Random): Random {
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;
  return {
    bytes(count) {
      if (used + count > block.length) {
        block = source.bytes(Math.max(count, 1024));
        used = 0;
      }
      used += count;
      // A copy, whatever the block is: the slice of a Buffer would share its bytes.
      return Uint8Array.prototype.slice.call(block, used - count, used);
    },
  };
}

type Context = ReturnType<typeof createTransaction>["tx"];

const anything = z.null();
