/**
 * Reads and writes rows of registered entities by prepared statements made from the registry, and keeps what is
 * derived beside them: folds, sums, search tokens. Everything here runs inside a transaction of its caller.
 */
import type { Statement } from "better-sqlite3";
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { type AnyEntity, entityOf, foldsFrom } from "../src-shared/sync/registry.ts";
import { rowFromValues, rowToSql, storedColumns, toSql } from "./columns.ts";
import type { Sqlite } from "./open.ts";
import { searchEntries } from "./search.ts";

/** A change of a folded row, for reactions to conditions on folds. */
export interface Refold {
  readonly entity: AnyEntity;
  readonly before: StoredRow;
  readonly after: StoredRow;
}

export interface Store {
  readonly db: Sqlite;
  get(entity: AnyEntity, id: Id): StoredRow | null;
  /** Whether there is a row of this id, deleted or not, without reading it. */
  has(entity: AnyEntity, id: Id): boolean;
  children(entity: AnyEntity, column: string, id: Id): StoredRow[];
  /** Inserts a row as it is; the caller has made sure that there is none of this id. */
  insert(row: StoredRow, entity: AnyEntity): void;
  /** Replaces the fields of a mergeable row. */
  update(row: StoredRow, entity: AnyEntity): void;
  /** Takes an inserted row back: only for undoing what was never settled, and for displaced derived rows. */
  erase(row: StoredRow, entity: AnyEntity): void;
  /** Asks for the folds above a fact to be computed again, also when the fact itself was there already. */
  touchFolds(entity: AnyEntity, row: Readonly<Record<string, unknown>>): void;
  touchFold(entity: AnyEntity, id: Id): void;
  /** Computes the folds asked for since the last time. */
  runFolds(): Refold[];
  /** Makes an entity's running sum what its rows add up to; true when it was something else. */
  recount(entity: AnyEntity): boolean;
  /** Forgets folds asked for in a transaction that was rolled back. */
  forgetFolds(): void;
  /** Says that rows of a table changed that the store did not write itself. */
  touch(table: string): void;
  /** Names of entities whose rows changed since the last call; empties itself. */
  takeTouched(): Set<string>;
}

interface Statements {
  readonly get: Statement;
  readonly has: Statement;
  readonly insert: Statement;
  readonly update: Statement | null;
  readonly erase: Statement;
  readonly fold: Statement | null;
}

export function createStore(db: Sqlite): Store {
  const prepared = new Map<string, Statements>();
  const childStatements = new Map<string, Statement>();
  const sums = new Map<string, Statement>();
  const folds = new Map<string, { entity: AnyEntity; id: Id }>();
  let touched = new Set<string>();
  const search = searchStatements(db);

  function statements(entity: AnyEntity): Statements {
    const known = prepared.get(entity.name);
    if (known) return known;
    const columns = storedColumns(entity);
    const setList = (names: readonly string[]) => names.map((name) => `"${name}"=?`).join(",");
    const made: Statements = {
      get: db.prepare(`select ${quoted(columns)} from "${entity.name}" where id=?`).raw(),
      has: db.prepare(`select 1 from "${entity.name}" where id=?`).pluck(),
      insert: db.prepare(
        `insert into "${entity.name}" (${quoted(columns)}) values (${columns.map(() => "?").join(",")})`,
      ),
      update: entity.mergeable
        ? db.prepare(`update "${entity.name}" set ${setList(columns.slice(1))} where id=?`)
        : null,
      erase: db.prepare(`delete from "${entity.name}" where id=?`),
      fold: entity.fold ? db.prepare(`update "${entity.name}" set ${setList(entity.foldColumns)} where id=?`) : null,
    };
    prepared.set(entity.name, made);
    return made;
  }

  function addToSum(entity: AnyEntity, row: StoredRow, sign: 1 | -1): void {
    const sum = entity.sum;
    if (!sum) return;
    let statement = sums.get(entity.name);
    if (!statement) {
      statement = db.prepare(
        `insert into "${sum.table}" (${[...sum.keys, sum.column].join(",")}) values (${[...sum.keys, 0].map(() => "?").join(",")})
         on conflict (${sum.keys.join(",")}) do update set ${sum.column} = ${sum.column} + excluded.${sum.column}`,
      );
      sums.set(entity.name, statement);
    }
    const keys = sum.keys.map((key) => Buffer.from(row[key] as string, "hex"));
    statement.run(...keys, sign * (row[sum.amount] as number));
    touched.add(sum.table);
  }

  /** Keeps what patients are found by; to be told before the row itself changes. */
  function project(entity: AnyEntity, row: StoredRow | null, id: Id): void {
    if (entity.name !== "patient") return;
    const before = found(store.get(entity, id));
    const after = found(row);
    search.change(id, before, after);
  }
  // A record that was merged leads to the one that is kept: people still say its name and its number.
  const found = (row: StoredRow | null) => (row && !row.deleted ? searchEntries(row) : []);

  const store: Store = {
    db,
    get(entity, id) {
      const values = statements(entity).get.get(Buffer.from(id, "hex")) as unknown[] | undefined;
      return values ? rowFromValues(entity, values) : null;
    },
    has: (entity, id) => statements(entity).has.get(Buffer.from(id, "hex")) !== undefined,
    children(entity, column, id) {
      const key = `${entity.name}.${column}`;
      let statement = childStatements.get(key);
      if (!statement) {
        statement = db
          .prepare(`select ${quoted(storedColumns(entity))} from "${entity.name}" where "${column}"=?`)
          .raw();
        childStatements.set(key, statement);
      }
      return (statement.all(Buffer.from(id, "hex")) as unknown[][]).map((values) => rowFromValues(entity, values));
    },
    insert(row, entity) {
      const whole = entity.fold ? { ...row, ...entity.fold.compute(row, {}) } : row;
      project(entity, whole, row.id);
      statements(entity).insert.run(...rowToSql(entity, whole));
      addToSum(entity, row, 1);
      touched.add(entity.name);
      store.touchFolds(entity, row);
      // Facts may have come before the row they are about.
      if (entity.fold) store.touchFold(entity, row.id);
    },
    update(row, entity) {
      const values = rowToSql(entity, row);
      project(entity, row, row.id);
      statements(entity).update?.run(...values.slice(1), values[0] as Buffer);
      touched.add(entity.name);
      if (entity.fold) store.touchFold(entity, row.id);
    },
    erase(row, entity) {
      project(entity, null, row.id);
      if (entity.kind === "record") openGate(db, () => statements(entity).erase.run(Buffer.from(row.id, "hex")));
      else statements(entity).erase.run(Buffer.from(row.id, "hex"));
      addToSum(entity, row, -1);
      touched.add(entity.name);
      folds.delete(`${entity.name}:${row.id}`);
      store.touchFolds(entity, row);
    },
    touchFolds(entity, row) {
      for (const { parent, column } of foldsFrom.get(entity.name) ?? []) store.touchFold(parent, row[column] as Id);
    },
    touchFold(entity, id) {
      folds.set(`${entity.name}:${id}`, { entity, id });
    },
    runFolds() {
      const changed: Refold[] = [];
      for (const { entity, id } of folds.values()) {
        const before = store.get(entity, id);
        if (!before || !entity.fold) continue;
        const facts: Record<string, StoredRow[]> = {};
        for (const [child, column] of Object.entries(entity.fold.from)) {
          facts[child] = store.children(entityOf(child), column, id);
        }
        const folded = entity.fold.compute(before, facts) as Record<string, unknown>;
        const columns = entity.fold.columns;
        if (entity.foldColumns.every((name) => folded[name] === before[name])) continue;
        const values = entity.foldColumns.map((name) => toSql(columns[name] as never, folded[name]));
        statements(entity).fold?.run(...values, Buffer.from(id, "hex"));
        touched.add(entity.name);
        changed.push({ entity, before, after: { ...before, ...folded } });
      }
      folds.clear();
      return changed;
    },
    recount({ name, sum }) {
      if (!sum) return false;
      const keys = sum.keys.join(",");
      const rows = `select ${keys}, sum("${sum.amount}") as n from "${name}" group by ${keys}`;
      const wrong = db.prepare(
        `select count(*) from (select * from (${rows}) where n <> 0 except select ${keys}, ${sum.column} from "${sum.table}")
         union all select count(*) from (select ${keys}, ${sum.column} from "${sum.table}" where ${sum.column} <> 0 except ${rows})`,
      );
      if ((wrong.pluck().all() as number[]).every((count) => count === 0)) return false;
      db.exec(`delete from "${sum.table}"; insert into "${sum.table}" (${keys}, ${sum.column}) ${rows}`);
      touched.add(sum.table);
      return true;
    },
    forgetFolds() {
      folds.clear();
    },
    touch(table) {
      touched.add(table);
    },
    takeTouched() {
      const taken = touched;
      touched = new Set();
      return taken;
    },
  };
  return store;
}

const quoted = (columns: readonly string[]) => columns.map((name) => `"${name}"`).join(",");

function searchStatements(db: Sqlite) {
  const remove = db.prepare("delete from patient_token where token=? and patient_id=?");
  const add = db.prepare("insert or ignore into patient_token (token, patient_id) values (?,?)");
  return {
    /** Mostly a telephone number or an address changes: then the entries stay, or few of them go. */
    change(id: Id, before: readonly string[], after: readonly string[]): void {
      const blob = Buffer.from(id, "hex");
      const stays = new Set(before);
      for (const entry of after) if (!stays.delete(entry)) add.run(entry, blob);
      for (const entry of stays) remove.run(entry, blob);
    },
  };
}

/** Lets one statement past the triggers that protect records; only this file calls it. */
function openGate(db: Sqlite, run: () => void): void {
  db.prepare("insert or replace into sync_meta (key, value) values ('record_gate', 'open')").run();
  try {
    run();
  } finally {
    db.prepare("delete from sync_meta where key = 'record_gate'").run();
  }
}
