import pg from "pg";
import { type Database, isRetryable, type Queryable, typeParsers } from "./database.ts";

/** What PostgreSQL says to every statement behind the one that failed. */
const abortedTransaction = "25P02";

/**
 * A PostgreSQL database by its URL. Statements are prepared once per connection and text. Connections are pipelined:
 * statements given without waiting in between travel together and run in that order, so a transaction pays one round
 * trip for all that it reads at its start and one for all that it writes at its end. When one fails, those behind it
 * fail for that reason alone (25P02), and whoever waits for all of them may hear of one of those first: a transaction
 * keeps the failure that came first and reports that.
 *
 * Reads and transactions have a pool each, of `poolSize`: however many devices fill their replicas, a sale finds a
 * connection.
 */
export async function openPostgres(url: string, poolSize = 10): Promise<Database> {
  const types = {
    getTypeParser: (oid: number, format?: string) => typeParsers[oid] ?? pg.types.getTypeParser(oid, format as "text"),
  };
  const openPool = () => {
    const pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      types: types as never,
      pipeline: true,
    } as pg.PoolConfig);
    // A connection that breaks, idle or in the middle of a transaction, must not end the process; its query reports it.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  };
  const reading = openPool();
  const writing = openPool();
  const names = new Map<string, string>();
  function named(text: string): string {
    let name = names.get(text);
    if (!name) {
      name = `s${names.size}`;
      names.set(text, name);
    }
    return name;
  }
  const on = (client: pg.Pool | pg.PoolClient, failed: (error: unknown) => void = () => {}): Queryable => ({
    async query<T>(text: string, parameters: readonly unknown[] = []) {
      try {
        const result = await client.query({ name: named(text), text, values: parameters as unknown[] });
        return result.rows as T[];
      } catch (error) {
        failed(error);
        throw error;
      }
    },
  });
  let stopListening = async () => {};
  await reading.query("select 1");
  return {
    kind: "postgres",
    reads: poolSize,
    ...on(reading),
    async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
      for (let round = 0; ; round++) {
        const client = await writing.connect();
        let first: unknown = null;
        try {
          // Not waited for: what the work asks first goes along with it.
          client.query("begin").catch(() => {});
          const result = await work(
            on(client, (error) => {
              first ??= error;
            }),
          );
          await client.query("commit");
          return result;
        } catch (caught) {
          await client.query("rollback").catch(() => {});
          const error = (caught as { code?: string }).code === abortedTransaction ? (first ?? caught) : caught;
          if (!isRetryable(error) || round >= 5) throw error;
        } finally {
          client.release();
        }
      }
    },
    async exec(sql) {
      await writing.query(sql);
    },
    async notify(channel, payload) {
      await reading.query("select pg_notify($1, $2)", [channel, payload]);
    },
    async listen(channel, heard, back) {
      stopListening = await listenOn(url, channel, heard, back);
      return stopListening;
    },
    async close() {
      await stopListening();
      await Promise.all([reading.end(), writing.end()]);
    },
  };
}

/** Milliseconds between two tries to listen again. */
const listenAgain = 1000;

/** Listens on a connection of its own, and on another one when that breaks. */
async function listenOn(
  url: string,
  channel: string,
  heard: (payload: string) => void,
  back: () => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  async function open(): Promise<void> {
    const opened = new pg.Client({ connectionString: url });
    let ended = false;
    const lost = () => {
      if (ended) return;
      ended = true;
      opened.end().catch(() => {});
      if (stopped) return;
      timer = setTimeout(again, listenAgain);
      timer.unref();
    };
    opened.on("error", lost);
    opened.on("end", lost);
    opened.on("notification", (message) => {
      if (message.channel === channel) heard(message.payload ?? "");
    });
    try {
      await opened.connect();
      await opened.query(`listen "${channel}"`);
    } catch (error) {
      ended = true;
      opened.end().catch(() => {});
      throw error;
    }
    client = opened;
  }
  function again(): void {
    open().then(back, () => {
      if (!stopped) timer = setTimeout(again, listenAgain).unref();
    });
  }
  await open();
  return async () => {
    stopped = true;
    if (timer) clearTimeout(timer);
    await client?.end().catch(() => {});
    client = null;
  };
}
