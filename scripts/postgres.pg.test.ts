import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "./postgres.ts";

let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

async function ask(sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

test("PostgreSQL 18 answers", async () => {
  expect(await ask("select version()")).toMatch(/^PostgreSQL 18\./);
});

test("what it commits is on the disk", async () => {
  expect(await ask("show fsync")).toBe("on");
  expect(await ask("show synchronous_commit")).toBe("on");
});

test("names with accents fold to lower case as people expect", async () => {
  expect(await ask("select lower('ÅNGSTRÖM')")).toBe("ångström");
});

test("two servers run side by side, and a stopped one is gone", async () => {
  const second = await startPostgres();
  expect(second.url).not.toBe(postgres.url);
  await second.stop();
  const client = new pg.Client({ connectionString: second.url });
  await expect(client.connect()).rejects.toThrow(/ECONNREFUSED/);
});
