/**
 * The small dialect helper of the migrations: one description of a table, written once, compiled for SQLite and for
 * PostgreSQL by Kysely's schema builder.
 */
import {
  type ColumnDataType,
  type Compilable,
  DummyDriver,
  type Expression,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";

export type Target = "sqlite" | "postgres";
/** `id`, `hlc`: 16 bytes. `int`: 64 bits. `json`: text in both, so that its bytes stay what they were. A `?` allows null. */
export type ColumnSpec = `${"id" | "hlc" | "text" | "int" | "bool" | "json" | "bytes"}${"" | "?"}`;
export type Columns = Readonly<Record<string, ColumnSpec>>;

const types: Record<Target, Record<string, ColumnDataType | Expression<unknown>>> = {
  sqlite: { id: "blob", hlc: "blob", text: "text", int: "integer", bool: "integer", json: "text", bytes: "blob" },
  postgres: { id: "uuid", hlc: "bytea", text: "text", int: "bigint", bool: "boolean", json: "text", bytes: "bytea" },
};

/** Migrations see tables as they were, which no current type describes. */
type AnyDatabase = Record<string, Record<string, unknown>>;

/** A builder that only compiles; migrations run what it compiles. */
export function compiler(target: Target): Kysely<AnyDatabase> {
  return new Kysely<AnyDatabase>({
    dialect:
      target === "sqlite"
        ? {
            createAdapter: () => new SqliteAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: (db) => new SqliteIntrospector(db),
            createQueryCompiler: () => new SqliteQueryCompiler(),
          }
        : {
            createAdapter: () => new PostgresAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: (db) => new PostgresIntrospector(db),
            createQueryCompiler: () => new PostgresQueryCompiler(),
          },
  });
}

export interface SchemaWriter {
  readonly target: Target;
  /** A synced entity's table: its fields, its folded columns and what sync keeps beside them. */
  entity(
    name: string,
    columns: Columns,
    options?: { mergeable?: boolean; parent?: [column: string, table: string] },
  ): void;
  /** Any other table, for one target or both. */
  table(
    name: string,
    columns: Columns,
    primaryKey: readonly string[],
    options?: { only?: Target; wide?: boolean },
  ): void;
  /** On PostgreSQL `practice_id` comes first in every index. */
  index(name: string, table: string, columns: readonly string[], options?: { unique?: boolean; only?: Target }): void;
  /** Adds columns to an existing table; they must allow null, older writers do not know them. */
  addColumns(table: string, columns: Columns): void;
  raw(target: Target, statement: string): void;
}

/** Collects the statements of one migration for one target. */
export function schemaWriter(target: Target): { writer: SchemaWriter; statements: string[] } {
  const db = compiler(target);
  const statements: string[] = [];
  const add = (builder: Compilable) => statements.push(builder.compile().sql);
  const build = (
    name: string,
    columns: Columns,
    primaryKey: readonly string[],
    parent?: [string, string],
    wide = false,
  ) => {
    let builder = db.schema.createTable(name);
    for (const [column, spec] of Object.entries(columns)) {
      const optional = spec.endsWith("?");
      const type = types[target][optional ? spec.slice(0, -1) : spec];
      if (!type) throw new Error(`Column ${name}.${column} has no type ${spec}`);
      builder = builder.addColumn(column, type, (c) => (optional ? c : c.notNull()));
    }
    builder = builder.addPrimaryKeyConstraint(`${name}_pk`, primaryKey as never);
    if (parent && target === "sqlite") {
      // The replica only: at the centre the guard asks for the parent under the head lock.
      // Deferred: a derived row that somebody else's settled first is exchanged under its children.
      builder = builder.addForeignKeyConstraint(
        `${name}_parent`,
        [parent[0]] as never,
        parent[1],
        ["id"] as never,
        (key) => key.deferrable().initiallyDeferred(),
      );
    }
    // Clustered by a time-ordered id, and one tree less to write in every commit; not for rows of kilobytes.
    if (target === "sqlite" && !wide) builder = builder.modifyEnd(sql`without rowid`);
    add(builder);
  };
  const writer: SchemaWriter = {
    target,
    entity(name, columns, { mergeable = false, parent } = {}) {
      const kept: Columns = {
        ...(target === "postgres" ? { practice_id: "id" as const } : {}),
        id: "id",
        hlc: "hlc",
        ...(mergeable ? { clocks: "json?" as const, deleted: "bool" as const } : {}),
      };
      build(name, { ...kept, ...columns }, target === "postgres" ? ["practice_id", "id"] : ["id"], parent);
    },
    table(name, columns, primaryKey, { only, wide } = {}) {
      if (!only || only === target) build(name, columns, primaryKey, undefined, wide);
    },
    index(name, table, columns, { unique = false, only } = {}) {
      if (only && only !== target) return;
      const all =
        target === "postgres" && !columns.includes("practice_id") ? ["practice_id", ...columns] : [...columns];
      let builder = db.schema
        .createIndex(name)
        .on(table)
        .columns(all as never);
      if (unique) builder = builder.unique();
      add(builder);
    },
    addColumns(table, columns) {
      for (const [column, spec] of Object.entries(columns)) {
        if (!spec.endsWith("?")) throw new Error(`A column added later must allow null: ${table}.${column}`);
        const type = types[target][spec.slice(0, -1)] as ColumnDataType;
        add(db.schema.alterTable(table).addColumn(column, type));
      }
    },
    raw(only, statement) {
      if (only === target) statements.push(statement);
    },
  };
  return { writer, statements };
}
