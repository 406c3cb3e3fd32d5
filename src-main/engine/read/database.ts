/**
 * Queries over the replica: Kysely builds and types them, better-sqlite3 runs them synchronously. Ids are hex on our
 * side and 16 bytes in SQLite; a column of type id is called `id`, `hlc` or ends in `_id`, so parameters compared with
 * such a column and results that are bytes convert by themselves.
 */
import type { Statement } from "better-sqlite3";
import {
  type BinaryOperationNode,
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type QueryId,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type ValueNode,
} from "kysely";
import type { Sqlite } from "../../../replica/open.ts";
import type { EntityName, Row } from "../../../src-shared/sync/registry.ts";

type Cell<V> = V extends boolean ? number : V extends object ? string : V;
type Stored<T> = { [K in Exclude<keyof T, "deleted">]: unknown extends T[K] ? string : Cell<T[K]> };
/** Tables as SQLite holds them: booleans are 0 and 1, JSON is text. */
export type ReplicaTables = { [N in EntityName]: Stored<Row<N>> & { clocks: string | null; deleted: number } } & {
  stock_level: { product_id: string; branch_id: string; on_hand: number };
  patient_token: { token: string; patient_id: string };
  sync_outbox: {
    device_seq: number;
    group_id: string;
    state: string;
    command: string;
    made_at: number;
    settled_at: number | null;
  };
};

function isIdColumn(name: string): boolean {
  return name === "id" || name === "hlc" || name.endsWith("_id");
}
const hex32 = /^[0-9a-f]{32}$/;
function toBytes(value: unknown): unknown {
  return typeof value === "string" && hex32.test(value) ? Buffer.from(value, "hex") : value;
}

class IdTransformer extends OperationNodeTransformer {
  protected override transformBinaryOperation(node: BinaryOperationNode, queryId?: QueryId): BinaryOperationNode {
    const left = node.leftOperand as unknown as { kind: string; column?: { column?: { name: string } } };
    const column = left.kind === "ReferenceNode" ? left.column?.column?.name : undefined;
    if (!column || !isIdColumn(column)) return super.transformBinaryOperation(node, queryId);
    const right = node.rightOperand;
    if (right.kind === "ValueNode") {
      const value = right as ValueNode;
      return { ...node, rightOperand: { ...value, value: toBytes(value.value) } as ValueNode };
    }
    if (right.kind === "PrimitiveValueListNode") {
      const list = right as PrimitiveValueListNode;
      return { ...node, rightOperand: { ...list, values: list.values.map(toBytes) } as PrimitiveValueListNode };
    }
    return super.transformBinaryOperation(node, queryId);
  }
}
class IdPlugin implements KyselyPlugin {
  readonly #transformer = new IdTransformer();
  transformQuery({ node, queryId }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    return this.#transformer.transformNode(node, queryId);
  }
  async transformResult({ result }: Parameters<KyselyPlugin["transformResult"]>[0]) {
    return result;
  }
}

/** The query builder over the replica's tables. It only compiles; `Reader` runs what it compiled. */
export const db = new Kysely<ReplicaTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  plugins: [new IdPlugin()],
});

/** Something Kysely can compile to a query that yields rows of `T`. */
export interface Query<T> extends Compilable<T> {
  compile(): CompiledQuery<T>;
}

/** A query without parameters that change, compiled once: building one costs more than running it. */
export function compiledOnce<T>(query: Query<T>): Query<T> {
  const compiled = query.compile();
  return { compile: () => compiled };
}

export interface Reader {
  all<T>(query: Query<T>): T[];
  first<T>(query: Query<T>): T | null;
  /** Plain SQL for what a builder says worse. Ids are passed through `bytes`. */
  sql<T>(text: string, ...parameters: unknown[]): T[];
}

/** An id as a parameter of plain SQL. */
export function bytes(id: string): Buffer {
  return Buffer.from(id, "hex");
}

export function createReader(sqlite: Sqlite): Reader {
  const statements = new Map<string, Statement>();
  function prepare(text: string): Statement {
    let statement = statements.get(text);
    if (!statement) {
      statement = sqlite.prepare(text);
      // Queries are a closed set; lists of changing length are not, and must not fill memory.
      if (statements.size > 500) statements.clear();
      statements.set(text, statement);
    }
    return statement;
  }
  function run(text: string, parameters: readonly unknown[]): unknown[] {
    const rows = prepare(text).all(...parameters) as Record<string, unknown>[];
    for (const row of rows) {
      for (const key in row) {
        const value = row[key];
        if (value instanceof Uint8Array) row[key] = (value as Buffer).toString("hex");
      }
    }
    return rows;
  }
  return {
    all<T>(query: Query<T>): T[] {
      const compiled = query.compile();
      return run(compiled.sql, compiled.parameters) as T[];
    },
    first<T>(query: Query<T>): T | null {
      const compiled = query.compile();
      return (run(compiled.sql, compiled.parameters)[0] as T | undefined) ?? null;
    },
    sql: <T>(text: string, ...parameters: unknown[]) => run(text, parameters) as T[],
  };
}
