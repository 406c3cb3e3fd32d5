import { existsSync, readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { serialize } from "pg-protocol";
import type { BackendMessage, DataRowMessage, RowDescriptionMessage } from "pg-protocol/dist/messages.js";
import { Parser } from "pg-protocol/dist/parser.js";
import { type Database, type Queryable, typeParsers } from "./database.ts";

/** What PostgreSQL says to every statement behind the one that failed. */
const abortedTransaction = "25P02";
/** Statements kept prepared; a text that is made anew each time must not fill the memory. */
const preparedAtMost = 1000;

/**
 * Embedded PostgreSQL in a folder, or in memory without one. The caller holds the folder's lock: PGlite has none.
 *
 * Statements are prepared once and then only run, each in one message to PostgreSQL and with the parsers of the `pg`
 * driver: PGlite's own `query` prepares each anew in five messages, which takes six times as long.
 *
 * A new database begins with the empty cluster in the file that HOROPTER_EMPTY_CLUSTER names, where it is set: making
 * one takes three seconds, unpacking it half of one. Tests that start many centres set it (scripts/empty-cluster.ts).
 */
export async function openPglite(folder: string | null): Promise<Database> {
  const empty = process.env.HOROPTER_EMPTY_CLUSTER;
  const db = await PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    ...(empty && !(folder && existsSync(folder)) ? { loadDataDir: new Blob([readFileSync(empty)]) } : {}),
  });
  // It describes bytea as hex text only when asked.
  await db.exec("set bytea_output = 'hex'");
  const turn = createTurns();
  let prepared = new Map<string, string>();
  let named = 0;

  /** Sends messages and reads the answer, which PostgreSQL computes in this very thread. */
  async function ask(messages: readonly Buffer[]): Promise<Answer> {
    const answer = new Answer();
    const parser = new Parser();
    await db.execProtocolRawStream(Buffer.concat(messages), {
      syncToFs: false,
      // The bytes are PGlite's own, to be overwritten: what stays of them is copied.
      onRawData: (bytes) => parser.parse(Buffer.from(bytes), (message) => answer.take(message)),
    });
    return answer;
  }
  async function run<T>(text: string, parameters: readonly unknown[]): Promise<T[]> {
    if (prepared.size >= preparedAtMost) await forget();
    const known = prepared.get(text);
    const name = known ?? `s${named++}`;
    const messages = [
      serialize.bind({ statement: name, values: parameters.map(asText) }),
      serialize.describe({ type: "P", name: "" }),
      serialize.execute(),
      serialize.sync(),
    ];
    if (known === undefined) messages.unshift(serialize.parse({ name, text, types: [] }));
    const answer = await ask(messages);
    if (answer.prepared) prepared.set(text, name);
    if (answer.error) throw answer.error;
    return answer.rows as T[];
  }
  async function forget(): Promise<void> {
    prepared = new Map();
    await ask([serialize.query("deallocate all")]);
  }

  return {
    kind: "pglite",
    reads: 1,
    query: (text, parameters = []) => turn(() => run(text, parameters)),
    transaction: <T>(work: (tx: Queryable) => Promise<T>) =>
      turn(async () => {
        let first: unknown = null;
        await run("begin", []);
        try {
          const result = await work({
            async query<R>(text: string, parameters: readonly unknown[] = []) {
              try {
                return await run<R>(text, parameters);
              } catch (error) {
                first ??= error;
                throw error;
              }
            },
          });
          await run("commit", []);
          return result;
        } catch (error) {
          await run("rollback", []);
          throw (error as { code?: string }).code === abortedTransaction ? (first ?? error) : error;
        }
      }),
    exec: (sql) =>
      turn(async () => {
        const { error } = await ask([serialize.query(sql)]);
        // It may have changed tables, and with them what prepared statements yield.
        await forget();
        if (error) throw error;
      }),
    // One process owns the folder, so there is no other instance to tell.
    async notify() {},
    async listen() {
      return async () => {};
    },
    close: () => turn(() => db.close()),
  };
}

/** One thing after the other: there is one connection. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

/** As the `pg` driver writes parameters; what is none is a mistake of ours. */
function asText(value: unknown): string | Buffer | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return Buffer.from(value);
      throw new TypeError("A parameter is a text, a number, true or false, bytes, or null");
  }
}

/** Puts rows together out of PostgreSQL's messages. */
class Answer {
  readonly rows: Record<string, unknown>[] = [];
  error: unknown = null;
  /** A statement was prepared, whatever became of it then. */
  prepared = false;
  #columns: { readonly name: string; readonly parse: (text: string) => unknown }[] = [];

  take(message: BackendMessage): void {
    if (message.name === "error") this.error ??= message;
    else if (message.name === "parseComplete") this.prepared = true;
    else if (message.name === "rowDescription") {
      this.#columns = (message as RowDescriptionMessage).fields.map(({ name, dataTypeID }) => ({
        name,
        parse: typeParsers[dataTypeID] ?? (pg.types.getTypeParser(dataTypeID, "text") as (text: string) => unknown),
      }));
    } else if (message.name === "dataRow") {
      const row: Record<string, unknown> = {};
      const { fields } = message as DataRowMessage;
      this.#columns.forEach(({ name, parse }, index) => {
        const text = fields[index] as string | null;
        row[name] = text === null ? null : parse(text);
      });
      this.rows.push(row);
    }
  }
}
