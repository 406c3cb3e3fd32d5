import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateReplica, openMemoryReplica, type Sqlite } from "../replica/open.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import type { Database } from "../sync-server/database/database.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { centreTables } from "./centre-tables.ts";
import { type ColumnShape, expectedColumns, isIdName, sorted } from "./describe.ts";
import { migrations } from "./index.ts";

function replicaTables(db: Sqlite): Map<string, ColumnShape[]> {
  const names = db
    .prepare("select name from sqlite_master where type='table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all() as string[];
  return new Map(
    names.map((name) => {
      const columns = db.pragma(`table_info("${name}")`) as { name: string; type: string; notnull: number }[];
      return [
        name,
        sorted(
          columns.map((column) => ({
            name: column.name,
            type: column.type.toLowerCase(),
            nullable: column.notnull === 0,
          })),
        ),
      ];
    }),
  );
}

test("numbers of migrations rise by ten", () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => 10 * (index + 1)));
});

describe("fields of the registry", () => {
  for (const entity of allEntities) {
    const fields = Object.entries({ ...entity.fields, ...entity.fold?.columns });
    test(`${entity.name}: an id is called so, and nothing else is`, () => {
      expect(fields.filter(([name, field]) => isIdName(name) !== (field.type === "id")).map(([name]) => name)).toEqual(
        [],
      );
    });
    test(`${entity.name}: what it refers to exists, and stands in its own stream or one that everybody has`, () => {
      const names = new Set(allEntities.map(({ name }) => name));
      expect(fields.map(([, field]) => field.ref).filter((ref) => ref !== null && !names.has(ref))).toEqual([]);
      if (entity.parent) {
        const parent = allEntities.find(({ name }) => name === entity.parent?.entity);
        expect(parent?.stream).toBe(entity.stream);
        expect(entity.fields[entity.parent.column]?.ref).toBe(entity.parent.entity);
        expect(allEntities.findIndex(({ name }) => name === parent?.name)).toBeLessThan(allEntities.indexOf(entity));
      }
    });
  }
});

describe("a replica", () => {
  const db = openMemoryReplica();
  migrateReplica(db, "memory");
  const tables = replicaTables(db);
  afterAll(() => db.close());

  test("has a table for every entity, to the column", () => {
    for (const entity of allEntities) {
      expect(tables.get(entity.name), entity.name).toEqual(expectedColumns(entity, "sqlite"));
    }
  });
  test("keeps no practice id: it holds one practice", () => {
    for (const [name, columns] of tables)
      expect(
        columns.map((column) => column.name),
        name,
      ).not.toContain("practice_id");
  });
  test("names ids, and only ids, so", () => {
    for (const [name, columns] of tables) {
      // Stamps and ids are both 16 bytes; stamps have names of their own.
      const stamps = new Set(["hlc", "last", "high"]);
      const ids = columns.filter(({ type, name: column }) => type === "blob" && !stamps.has(column));
      expect(
        ids.filter((column) => !isIdName(column.name)),
        name,
      ).toEqual([]);
      expect(
        columns.filter((column) => isIdName(column.name) && column.type !== "blob"),
        name,
      ).toEqual([]);
    }
  });
  test("enforces parents, at commit", () => {
    for (const entity of allEntities) {
      const keys = db.pragma(`foreign_key_list("${entity.name}")`) as { table: string; from: string }[];
      const expected = entity.parent ? [{ table: entity.parent.entity, from: entity.parent.column }] : [];
      expect(
        keys.map(({ table, from }) => ({ table, from })),
        entity.name,
      ).toEqual(expected);
    }
  });
  test("has a table for every running sum", () => {
    for (const { sum } of allEntities) {
      if (!sum) continue;
      const names = (tables.get(sum.table) ?? []).map((column) => column.name);
      expect(names).toEqual([...sum.keys, sum.column].sort());
    }
  });
  test("is migrated once", () => {
    const before = replicaTables(db);
    migrateReplica(db, "memory");
    expect(replicaTables(db)).toEqual(before);
  });
});

describe("a centre on PGlite", () => {
  let db: Database;
  beforeAll(async () => {
    db = await openPglite(null);
    await migrateCentre(db);
  });
  afterAll(() => db.close());

  test("has a table for every entity, to the column, and every practice's rows apart", async () => {
    const { tables, keys } = await centreTables(db);
    for (const entity of allEntities) {
      expect(tables.get(entity.name), entity.name).toEqual(expectedColumns(entity, "postgres"));
      expect(keys.get(entity.name), entity.name).toEqual(["practice_id", "id"]);
    }
    for (const [name, columns] of tables) {
      expect(
        columns.filter((column) => isIdName(column.name) !== (column.type === "uuid")),
        name,
      ).toEqual([]);
    }
  });
  test("has the same columns as the replica but for the practice", async () => {
    const { tables } = await centreTables(db);
    const replica = openMemoryReplica();
    migrateReplica(replica, "memory");
    for (const { name } of allEntities) {
      const there = (tables.get(name) ?? []).map((column) => column.name).filter((column) => column !== "practice_id");
      expect(there, name).toEqual((replicaTables(replica).get(name) ?? []).map((column) => column.name));
    }
    replica.close();
  });
  test("is migrated once", async () => {
    await migrateCentre(db);
    expect(await db.query("select number from schema_migration")).toEqual(migrations.map(({ number }) => ({ number })));
  });
  test("has no query without the practice in its indexes", async () => {
    const rows = await db.query<{ tablename: string; indexdef: string }>(
      "select tablename, indexdef from pg_indexes where schemaname='public' and tablename = any(($1::text)::text[])",
      [`{${allEntities.map(({ name }) => name).join(",")}}`],
    );
    expect(rows.filter(({ indexdef }) => !/\(practice_id/.test(indexdef))).toEqual([]);
  });
});
