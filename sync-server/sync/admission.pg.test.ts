import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import type { Database } from "../database/database.ts";
import { openPostgres } from "../database/postgres.ts";
import { type BulkReads, createBulkReads } from "./admission.ts";

let postgres: Postgres;
let db: Database;
beforeAll(async () => {
  postgres = await startPostgres();
  db = await openPostgres(postgres.url, 4);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

/** Ten long reads, and what is live asks something: in which order they were answered. */
async function answered(bulk: BulkReads): Promise<string[]> {
  const order: string[] = [];
  const ask = (what: string, text: string) => db.query(text).then(() => void order.push(what));
  const long = Array.from({ length: 10 }, () => bulk.run(() => ask("long", "select pg_sleep(0.3)")));
  await Promise.all([...long, ask("live", "select 1")]);
  return order;
}

test("what is live is answered before fillings that were asked first; if nobody kept a connection free it would wait", async () => {
  expect((await answered(createBulkReads(db.reads)))[0]).toBe("live");
  expect((await answered({ run: (work) => work() }))[0]).toBe("long");
});
