/** What is expected of the centre's database, whichever it is; `pglite.test.ts` and `postgres.pg.test.ts` run it. */
import { expect, test } from "vitest";
import type { Database } from "./database.ts";

export function databaseTests(database: () => Database): void {
  async function withTable(work: (db: Database) => Promise<void>): Promise<void> {
    await database().exec("drop table if exists thing; create table thing (n int8 primary key, word text)");
    await work(database());
  }
  const insert = "insert into thing (n, word) values ($1, $2)";
  const all = "select n, word from thing order by n";

  test("values come back in our form, whatever is asked again", () =>
    withTable(async (db) => {
      const id = "0123456789abcdef0123456789abcdef";
      const text = `select $1::uuid as id, $2::bytea as stamp, $3::int8 as big, 7::int4 as small, $4::bool as yes,
        $5::text as word, null::text as nothing, '[1,{"a":"b"}]'::json as list, array[1,2] as several`;
      for (let round = 0; round < 2; round++) {
        expect(await db.query(text, [id, `\\x${id}`, 9007199254740991, true, "Zoë\n\"'\\ \u{1F453}"])).toEqual([
          {
            ...{
              id,
              stamp: id,
              big: 9007199254740991,
              small: 7,
              yes: true,
              word: "Zoë\n\"'\\ \u{1F453}",
              nothing: null,
            },
            ...{ list: [1, { a: "b" }], several: [1, 2] },
          },
        ]);
      }
      const long = "x".repeat(3_000_000);
      expect(await db.query("select $1::text as long, length($1::text) as n", [long])).toEqual([
        { long, n: 3_000_000 },
      ]);
      expect(await db.query("select 1 as n where false")).toEqual([]);
    }));

  test("statements of one transaction that are not waited for run in the order given", () =>
    withTable(async (db) => {
      const [, seen] = await db.transaction((tx) =>
        Promise.all([tx.query(insert, [1, "a"]), tx.query(all), tx.query(insert, [2, "b"])]),
      );
      expect(seen).toEqual([{ n: 1, word: "a" }]);
      expect(await db.query(all)).toHaveLength(2);
    }));

  test("a transaction that fails leaves nothing and reports what failed first; the next one is unharmed", () =>
    withTable(async (db) => {
      const failing = db.transaction(async (tx) => {
        await tx.query(insert, [1, "a"]);
        // The statement behind the one that fails fails for that reason only.
        await Promise.all([tx.query(insert, [1, "again"]), tx.query("select 1 as never_asked_before")].toReversed());
      });
      await expect(failing).rejects.toMatchObject({ code: "23505" });
      await expect(db.transaction(() => Promise.reject(new Error("ours")))).rejects.toThrow("ours");
      expect(await db.query(all)).toEqual([]);
      await db.transaction((tx) => tx.query(insert, [1, "a"]));
      expect(await db.query("select 1 as never_asked_before")).toEqual([{ never_asked_before: 1 }]);
      expect(await db.query(all)).toHaveLength(1);
    }));

  test("a statement that PostgreSQL does not understand is told every time, and is not in the way of others", () =>
    withTable(async (db) => {
      for (let round = 0; round < 2; round++) {
        await expect(db.query("select nothing from nowhere")).rejects.toMatchObject({ code: "42P01" });
        await expect(db.query("select $1::int8 as n", ["no number"])).rejects.toMatchObject({ code: "22P02" });
        expect(await db.query("select $1::int8 as n", [round])).toEqual([{ n: round }]);
      }
      await expect(db.exec("select 1; select nothing from nowhere")).rejects.toMatchObject({ code: "42P01" });
      expect(await db.query("select 1 as n")).toEqual([{ n: 1 }]);
    }));

  test("what is asked beside a transaction sees it whole or not at all", () =>
    withTable(async (db) => {
      const counts: number[] = [];
      const writing = db.transaction(async (tx) => {
        for (let n = 0; n < 20; n++) await tx.query(insert, [n, "a"]);
      });
      const reading = Array.from({ length: 5 }, async () => counts.push((await db.query(all)).length));
      await Promise.all([writing, ...reading]);
      expect(counts.filter((count) => count !== 0 && count !== 20)).toEqual([]);
    }));
}
