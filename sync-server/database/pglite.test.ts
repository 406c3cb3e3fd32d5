import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseTests } from "./both.ts";
import type { Database } from "./database.ts";
import { openPglite } from "./pglite.ts";

let db: Database;
beforeAll(async () => {
  db = await openPglite(null);
}, 60_000);
afterAll(() => db.close());

describe("PGlite", () => {
  databaseTests(() => db);

  test("a table that changed is read as it is now", async () => {
    await db.exec("create table other (n int8); insert into other values (1)");
    expect(await db.query("select * from other")).toEqual([{ n: 1 }]);
    await db.exec("alter table other add column word text default 'new'");
    expect(await db.query("select * from other")).toEqual([{ n: 1, word: "new" }]);
  });

  test("more statements are asked than are kept prepared", async () => {
    for (let n = 0; n < 2100; n++) expect(await db.query(`select ${n} as n`)).toEqual([{ n }]);
    expect(await db.query("select 3 as n")).toEqual([{ n: 3 }]);
  });
});
