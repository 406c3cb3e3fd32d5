import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "../scripts/postgres.ts";
import { centreColumnsOf, centreRowsOf, oldCentre, oldIds } from "../sim/old-rows.ts";
import { fieldProblem } from "../src-shared/sync/entity.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import type { Database } from "../sync-server/database/database.ts";
import { migrateCentre, SchemaFromTheFuture } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { openPostgres } from "../sync-server/database/postgres.ts";
import { readRows } from "../sync-server/database/rows.ts";
import { centreTables } from "./centre-tables.ts";
import { expectedColumns } from "./describe.ts";
import { migrations, schemaVersion } from "./index.ts";

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

test("two servers that start at once migrate an empty database once", async () => {
  const other = await openPostgres(postgres.url);
  await Promise.all([migrateCentre(db), migrateCentre(other)]);
  await other.close();
  expect(await db.query("select number from schema_migration")).toEqual(migrations.map(({ number }) => ({ number })));
});

test("PostgreSQL has a table for every entity, to the column", async () => {
  const { tables, keys } = await centreTables(db);
  for (const entity of allEntities) {
    expect(tables.get(entity.name), entity.name).toEqual(expectedColumns(entity, "postgres"));
    expect(keys.get(entity.name), entity.name).toEqual(["practice_id", "id"]);
  }
});

test("PostgreSQL and PGlite have the very same tables", async () => {
  const lite = await openPglite(null);
  await migrateCentre(lite);
  expect(await centreTables(lite)).toEqual(await centreTables(db));
  await lite.close();
});

test("a database of the first schema comes to today's with every row, readable", async () => {
  await db.exec("create database old_rows");
  const old = await openPostgres(postgres.url.replace(/\/postgres$/, "/old_rows"));
  await old.transaction((tx) => oldCentre(tx, migrations.slice(0, 1)));
  const tables = await centreColumnsOf(old);
  const before = await centreRowsOf(old, tables);
  await migrateCentre(old);
  expect(await centreRowsOf(old, tables)).toBe(before);
  for (const entity of allEntities) {
    const rows = await readRows(old, entity, oldIds[0], oldIds);
    expect(
      rows.map((row) => fieldProblem(entity, "insert", row)),
      entity.name,
    ).toEqual(tables.has(entity.name) ? [null, null] : []);
  }
  await old.close();
});

test("a database of a newer server is left alone", async () => {
  await db.query("insert into schema_migration (number, name) values ($1, 'newer')", [schemaVersion + 10]);
  const before = await centreTables(db);
  await expect(migrateCentre(db)).rejects.toThrow(SchemaFromTheFuture);
  await expect(migrateCentre(db)).rejects.toThrow(/Nothing was changed\. Start the newer server\./);
  expect(await centreTables(db)).toEqual(before);
  await db.query("delete from schema_migration where number=$1", [schemaVersion + 10]);
});
