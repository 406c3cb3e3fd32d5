/** What a command sees and does inside its one transaction. */
import type { Replica } from "../../../replica/replica.ts";
import type { Access } from "../../../src-shared/access/can.ts";
import { can } from "../../../src-shared/access/can.ts";
import type { EventType, PayloadOf } from "../../../src-shared/events/types.ts";
import { authoriseBody, wholeOf } from "../../../src-shared/sync/authorise.ts";
import { type FieldProblem, fieldProblem, type StoredRow } from "../../../src-shared/sync/entity.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Body, Operation } from "../../../src-shared/sync/group.ts";
import type { Hlc } from "../../../src-shared/sync/hlc.ts";
import { type Derivation, isDerived } from "../../../src-shared/sync/ids.ts";
import { type Refusal, refuse } from "../../../src-shared/sync/ports.ts";
import {
  type AnyEntity,
  type EntityName,
  entityOf,
  type NewRow,
  type Row,
  streamOf,
} from "../../../src-shared/sync/registry.ts";
import type { Reader } from "../read/database.ts";

/** Who acts, from where. `user` is null for the system's own later reactions. */
export interface Actor {
  readonly user: Id | null;
  readonly role: Id | null;
  readonly branch: Id;
}

/** Thrown to run the transaction again with a stamp that exceeds what it has seen. */
export class StampTooLow extends Error {
  readonly floor: Hlc;
  constructor(floor: Hlc) {
    super("the group's stamp has to exceed a value it overwrites");
    this.floor = floor;
  }
}

export interface TransactionOptions {
  readonly replica: Replica;
  readonly reader: Reader;
  readonly actor: Actor;
  readonly device: Id;
  readonly practice: Id;
  readonly group: Id;
  readonly hlc: Hlc;
  readonly now: number;
  readonly access: () => Access;
  readonly newId: () => Id;
  readonly derive: (derivation: Derivation) => Id;
  readonly drawLabel: (series: string) => string;
}

export interface InsertOptions {
  readonly id?: Id;
  /** The branch this belongs to; the actor's unless said otherwise. */
  readonly branch?: Id | null;
}

export type Transaction = ReturnType<typeof createTransaction>["tx"];

export function createTransaction(options: TransactionOptions) {
  const { replica, actor, hlc, group, now } = options;
  const bodies: Body[] = [];
  const raised: { id: Id; type: string }[] = [];
  const inserted: { entity: AnyEntity; row: StoredRow }[] = [];
  /** Unsettled groups that what this command read or changed rests on. */
  const after = new Set<Hlc>();
  /** Rows read so far: a command asks for the patient, the branch and the like from several of its parts. */
  const read = new Map<string, StoredRow>();
  /** The reaction whose bodies are being written; null for what the person did. */
  let reaction: string | null = null;

  function write(
    entity: AnyEntity,
    operation: Operation,
    row: Id,
    fields: Record<string, unknown>,
    branch: Id | null,
  ): StoredRow {
    const visible = operation === "insert" ? null : replica.store.get(entity, row);
    const draft: Body = {
      id: options.newId(),
      branch,
      stream: streamOf(entity, visible ?? fields),
      entity: entity.name,
      row,
      op: operation,
      fields,
      base: {},
      ...(reaction ? { by: reaction } : {}),
    };
    if (visible) {
      const observed = replica.observed(visible, draft);
      // Equal: an earlier body of this very group, which this one follows.
      if (observed > hlc) throw new StampTooLow(observed);
      if (replica.isUnsettled(visible.hlc)) after.add(visible.hlc);
    }
    if (!visible) restOn(entity, fields);
    const body = visible ? { ...draft, base: baseStamps(visible, draft) } : draft;
    if (!reaction && actor.user) requireBody(entity, body, visible);
    const written = replica.writeOwn(entity, body, hlc, group, visible);
    bodies.push(body);
    read.delete(`${entity.name}:${row}`);
    if (operation === "insert") inserted.push({ entity, row: written });
    return written;
  }

  /** A new row rests on the rows that it names, as far as the command read them. */
  function restOn(entity: AnyEntity, fields: Readonly<Record<string, unknown>>): void {
    for (const name of entity.references) {
      const named = read.get(`${entity.fields[name]?.ref}:${fields[name]}`);
      if (named && named.hlc !== hlc && replica.isUnsettled(named.hlc)) after.add(named.hlc);
    }
  }

  function requireBody(entity: AnyEntity, body: Body, visible: StoredRow | null): void {
    const part = wholeOf(entity, body, visible);
    const whole = part && replica.store.get(part.entity, part.id);
    const answer = authoriseBody(options.access(), actor.user as Id, entity, body, visible, whole);
    if (!answer.allowed) throw noPermission(answer.permission, answer.countersign);
  }

  const tx = {
    now,
    user: actor.user,
    branch: actor.branch,
    device: options.device,
    practice: options.practice,
    group,
    newId: options.newId,
    derive: options.derive,

    get<N extends EntityName>(entity: N, id: Id): Row<N> | null {
      const key = `${entity}:${id}`;
      const known = read.get(key);
      if (known) return known as unknown as Row<N>;
      const row = replica.store.get(entityOf(entity), id);
      if (row && !row.deleted) read.set(key, row);
      return row && !row.deleted ? (row as unknown as Row<N>) : null;
    },
    /** The row, or a refusal that says what is missing. */
    need<N extends EntityName>(entity: N, id: Id): Row<N> {
      const row = tx.get(entity, id);
      if (!row) throw refuse("NOT_FOUND", "This is not on this PC any more. Search for it again.", { entity, id });
      return row;
    },
    children<N extends EntityName>(entity: N, column: keyof NewRow<N> & string, id: Id): Row<N>[] {
      return replica.store.children(entityOf(entity), column, id).filter((row) => !row.deleted) as unknown as Row<N>[];
    },
    /** Queries over what is visible, this transaction's own writes included. */
    all: options.reader.all,
    sql: options.reader.sql,

    insert<N extends EntityName>(name: N, given: NewRow<N>, { id, branch }: InsertOptions = {}): Row<N> {
      const entity = entityOf(name);
      const fields = wellFormed(given);
      requireFields(entity, "insert", fields);
      requireRow(entity, fields);
      const row = id ?? options.newId();
      return write(entity, "insert", row, fields, branch === undefined ? actor.branch : branch) as unknown as Row<N>;
    },
    /** Inserts a row of a derived id unless it exists; says which row stands. */
    insertOnce<N extends EntityName>(name: N, id: Id, fields: NewRow<N>, branch?: Id | null): Row<N> {
      if (!isDerived(id)) throw new Error("insertOnce needs a derived id");
      const present = replica.store.get(entityOf(name), id);
      if (present && !present.deleted) return present as unknown as Row<N>;
      if (present) {
        write(entityOf(name), "restore", id, fields, branch === undefined ? actor.branch : branch);
        return replica.store.get(entityOf(name), id) as unknown as Row<N>;
      }
      return tx.insert(name, fields, { id, ...(branch === undefined ? {} : { branch }) });
    },
    /** Changes registers; what is the same already is left out, and nothing is written if nothing changes. */
    patch<N extends EntityName>(name: N, id: Id, given: Partial<NewRow<N>>, branch?: Id | null): boolean {
      const entity = entityOf(name);
      const fields = wellFormed(given);
      requireFields(entity, "patch", fields);
      const row = tx.need(name, id) as unknown as StoredRow;
      const changed: Record<string, unknown> = {};
      for (const [field, value] of Object.entries(fields)) {
        if (value !== undefined && JSON.stringify(row[field] ?? null) !== JSON.stringify(value)) changed[field] = value;
      }
      if (Object.keys(changed).length === 0) return false;
      requireRow(entity, { ...row, ...changed });
      write(entity, "patch", id, changed, branch === undefined ? branchOf(row, actor.branch) : branch);
      return true;
    },
    remove<N extends EntityName>(name: N, id: Id): void {
      const row = tx.need(name, id) as unknown as StoredRow;
      write(entityOf(name), "remove", id, {}, branchOf(row, actor.branch));
    },

    /** Takes a removal back. */
    restore<N extends EntityName>(name: N, id: Id): void {
      const row = replica.store.get(entityOf(name), id);
      if (row?.deleted) write(entityOf(name), "restore", id, {}, branchOf(row, actor.branch));
    },
    /** Draws the next number of a series (`""` for sales, a letter otherwise), gapless, in this transaction. */
    label: options.drawLabel,

    /** Raises a domain event about a row. `once`: derived from the subject, for what can be true only once. */
    raise<T extends EventType>(
      type: T,
      subject: { entity: EntityName; row: StoredRow | Row<EntityName> },
      payload: PayloadOf<T>,
      { once = false, branch = actor.branch }: { once?: boolean; branch?: Id | null } = {},
    ): void {
      const row = subject.row as unknown as StoredRow;
      const id = once ? options.derive({ subject: row.id, reaction: type, index: 0 }) : options.newId();
      if (once && replica.store.get(entityOf("domain_event"), id)) return;
      tx.insert(
        "domain_event",
        {
          type,
          version: 1,
          source: actor.user ? "staff" : "system",
          subject_entity: subject.entity,
          subject_id: row.id,
          branch_id: branch,
          actor_id: actor.user,
          at: now,
          payload: payload as Record<string, unknown>,
          stream: streamOf(entityOf(subject.entity), row),
        },
        { id, branch },
      );
      raised.push({ id, type });
    },

    can(permission: string, resource: { branch?: Id | null; owner?: Id | null } = {}): boolean {
      if (!actor.user) return true;
      return can(options.access(), actor.user, permission, { branch: actor.branch, ...resource }) === "yes";
    },
    /** Refuses unless the person may. Every body is checked by its entity's own rule besides. */
    require(permission: string, resource: { branch?: Id | null; owner?: Id | null } = {}): void {
      if (!actor.user) return;
      const answer = can(options.access(), actor.user, permission, { branch: actor.branch, ...resource });
      if (answer !== "yes") throw noPermission(permission, answer === "countersign");
    },
    setting(key: string): unknown {
      const id = options.derive({ subject: options.practice, reaction: `setting:${key}`, index: 0 });
      const row = tx.get("setting", id);
      return row?.key === key ? row.value : null;
    },
  };

  return {
    tx,
    bodies,
    raised,
    inserted,
    after,
    /** Folds were computed, or something was undone: what was read before may not be so any more. */
    forgetRead(): void {
      read.clear();
    },
    /** Runs `work` with its bodies marked as made by a reaction. */
    asReaction(name: string, work: () => void): void {
      reaction = name;
      try {
        work();
      } finally {
        reaction = null;
      }
    },
  };
}

/**
 * The same value without halves of characters, which a text cut in the middle of an emoji ends with: the database would
 * replace them, and what was signed and sent would differ from what is kept.
 */
function wellFormed<T>(value: T): T {
  if (typeof value === "string") return (value.isWellFormed() ? value : value.toWellFormed()) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  if (entries.every(([, inner]) => wellFormed(inner) === inner)) return value;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  return Object.fromEntries(entries.map(([name, inner]) => [name, wellFormed(inner)])) as T;
}

function requireFields(entity: AnyEntity, op: "insert" | "patch", fields: Record<string, unknown>): void {
  refuseProblem(entity, fieldProblem(entity, op, fields));
}

function requireRow(entity: AnyEntity, row: Readonly<Record<string, unknown>>): void {
  refuseProblem(entity, entity.check?.(row) ?? null);
}

function refuseProblem(entity: AnyEntity, problem: FieldProblem | null): void {
  if (!problem) return;
  const { field, message } = problem;
  const words = field.split(".").at(-1)?.replaceAll("_", " ");
  throw refuse("INVALID", `Please check the ${words}: ${message}. Nothing was changed.`, {
    entity: entity.name,
    field,
  });
}

function branchOf(row: StoredRow, fallback: Id): Id {
  return typeof row.branch_id === "string" ? row.branch_id : fallback;
}

function baseStamps(row: StoredRow, body: Body): Record<string, Hlc> {
  const clocks = row.clocks ? (JSON.parse(row.clocks) as Record<string, Hlc>) : {};
  const fields = Object.keys(body.fields);
  if (body.op === "remove" || body.op === "restore") fields.push("deleted");
  return Object.fromEntries(fields.map((field) => [field, clocks[field] ?? row.hlc]));
}

function noPermission(permission: string | null, countersign: boolean): Refusal {
  return countersign
    ? refuse(
        "NEEDS_COUNTERSIGN",
        "Your role needs a colleague's signature for this. Nothing was changed; ask a manager to do it.",
        { permission },
      )
    : refuse(
        "NO_PERMISSION",
        "Your role does not allow this. Nothing was changed; ask a manager, or have the role changed at head office.",
        { permission },
      );
}
