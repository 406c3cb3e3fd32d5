import { afterAll, beforeAll, describe } from "vitest";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import { databaseTests } from "./both.ts";
import type { Database } from "./database.ts";
import { openPostgres } from "./postgres.ts";

let postgres: Postgres;
let db: Database;
beforeAll(async () => {
  postgres = await startPostgres();
  db = await openPostgres(postgres.url);
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

describe("PostgreSQL", () => {
  databaseTests(() => db);
});
