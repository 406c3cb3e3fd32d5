import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rowFromSql } from "../replica/columns.ts";
import { migrateReplica, openMemoryReplica, openReplica, type Sqlite } from "../replica/open.ts";
import { createReplica } from "../replica/replica.ts";
import { searchEntries } from "../replica/search.ts";
import {
  centreColumnsOf,
  centreRowsOf,
  oldCentre,
  oldIds,
  oldReplica,
  sqliteColumns,
  sqliteRows,
} from "../sim/old-rows.ts";
import { fieldProblem } from "../src-shared/sync/entity.ts";
import { type AnyEntity, allEntities, entityOf, type StoredRow } from "../src-shared/sync/registry.ts";
import { productRules } from "../src-shared/sync/rules.ts";
import { migrateCentre, SchemaFromTheFuture } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { readRows } from "../sync-server/database/rows.ts";
import { migrations, schemaVersion, statementsOf } from "./index.ts";

/**
 * What has left the house is never edited: a change of it would make new databases other than those that were migrated.
 * A new migration is pinned here once it is out.
 */
const frozen: Readonly<Record<number, { sqlite: string; postgres: string }>> = {
  10: {
    sqlite: "4f6a6f74a6307aae7058a8b49d9010768a58247df0eebd338d3b8a84150841ab",
    postgres: "a7cf74e1ca6771e70809ee3b6725355786f4453cb49ec7b72a95d72cf123da35",
  },
  20: {
    sqlite: "275250c30307dc1123997fcebf14f682835da355ef90996d4a82bc3178270c2e",
    postgres: "6d4982ee8cd87491ec214f7a952b5135679736e493563b7801061b0603b674f8",
  },
  30: {
    sqlite: "f7c6589a1aa00d77506e5690dd70edcc2dc297eaef477bf18b6992a5edd583e5",
    postgres: "9bb7958e00577bb66044932c4f761f591a421ba1b4680dee090f08173d4ef320",
  },
  40: {
    sqlite: "94edb578f89aac02bd458de954d35a46f50a304c0d1df9c3ca1992086a1d31a6",
    postgres: "6fd41f95fef71765fc91a8ef77a899ed0f917ca4c025f0755b438d6a400c6403",
  },
  50: {
    sqlite: "5c7a88195a3686aa3003e2e7af1aad13aeef914930f698b3dfbab3340ace0184",
    postgres: "a65a49ec2b0152dce24371c65470dc84685d22dec86df8b40eabee354487feba",
  },
};

test("the statements of a migration that has left the house are what they were", () => {
  for (const [number, pinned] of Object.entries(frozen)) {
    const migration = migrations.find((each) => each.number === Number(number));
    for (const target of ["sqlite", "postgres"] as const) {
      const text = migration ? statementsOf(migration, target).join(";\n") : "";
      expect(createHash("sha256").update(text).digest("hex"), `${number} on ${target}`).toBe(pinned[target]);
    }
  }
});

/** Rows of old databases are rows that today's version would write itself; what came later has none. */
function readable(entity: AnyEntity, rows: readonly StoredRow[], old: ReadonlyMap<string, unknown>): void {
  expect(rows.map(({ id }) => id).sort(), entity.name).toEqual(old.has(entity.name) ? oldIds : []);
  for (const row of rows) expect(fieldProblem(entity, "insert", row), entity.name).toBeNull();
}

function readAll(db: Sqlite, entity: AnyEntity): StoredRow[] {
  const raws = db.prepare(`select * from "${entity.name}"`).all() as Record<string, unknown>[];
  return raws.map((raw) => rowFromSql(entity, raw));
}

/** The table that a migration makes last: one that is there already makes it fail behind everything else. */
function lastTable(number: number, target: "sqlite" | "postgres"): string | null {
  const migration = migrations.find((each) => each.number === number);
  const made = migration
    ? statementsOf(migration, target).flatMap((text) => /^create table "(\w+)"/.exec(text)?.[1] ?? [])
    : [];
  return made.at(-1) ?? null;
}
const shape = (db: Sqlite) =>
  JSON.stringify([db.pragma("user_version"), db.prepare("select name, sql from sqlite_master order by name").all()]);

describe("a replica", () => {
  for (const [index, { number }] of migrations.entries()) {
    test(`with rows of schema ${number} comes to today's with every one of them, readable`, () => {
      const db = openMemoryReplica();
      oldReplica(db, migrations.slice(0, index + 1));
      const tables = sqliteColumns(db);
      // What patients are found by follows from the patients, and is made anew where a step changes how.
      tables.delete("patient_token");
      const before = sqliteRows(db, tables);
      migrateReplica(db, "memory");
      expect(db.pragma("user_version", { simple: true })).toBe(schemaVersion);
      expect(sqliteRows(db, tables)).toBe(before);
      for (const entity of allEntities) {
        readable(entity, readAll(db, entity), tables);
      }
      // Schema 60 changed what patients are found by.
      if (number < 60) {
        const patients = readAll(db, entityOf("patient")).filter(
          ({ deleted, merged_into_id: merged }) => !deleted && !merged,
        );
        const found = db.prepare("select token from patient_token order by token").pluck().all();
        expect(found).toEqual([...new Set(patients.flatMap(searchEntries))].sort());
      }
      const replica = createReplica(db, productRules);
      const [waits] = replica.pending();
      expect(waits && replica.bodiesOf(waits)).toMatchObject([{ entity: "patient", fields: { notes: "rings back" } }]);
      db.close();
    });

    const last = lastTable(number, "sqlite");
    if (last === null) continue;
    test(`whose step to schema ${number} fails half-way stays what it was, and takes it later`, () => {
      const db = openMemoryReplica();
      if (index > 0) oldReplica(db, migrations.slice(0, index));
      db.exec(`create table "${last}" (in_the_way integer)`);
      const before = shape(db);
      expect(() => migrateReplica(db, "memory")).toThrow(/already exists/);
      expect(shape(db)).toBe(before);
      db.exec(`drop table "${last}"`);
      migrateReplica(db, "memory");
      expect(db.pragma("user_version", { simple: true })).toBe(schemaVersion);
      db.close();
    });
  }

  test("whose migration is killed is of one schema, whole, and goes on from there", () => {
    const folder = mkdtempSync(join(tmpdir(), "horopter-migration-"));
    const statements = migrations.map((migration) => statementsOf(migration, "sqlite").length);
    // In the first step, at its very end, and in a step that only the next version has.
    for (const [at, schema] of [
      [40, 0],
      [statements[0] ?? 0, 0],
      [statements.reduce((sum, count) => sum + count, 3), schemaVersion],
    ] as const) {
      const path = join(folder, `${at}.db`);
      const script = `
        import { loadNextVersion } from ${JSON.stringify(join(import.meta.dirname, "../sim/next-version/index.ts"))};
        import { openReplica } from ${JSON.stringify(join(import.meta.dirname, "../replica/open.ts"))};
        const next = await loadNextVersion();
        const db = openReplica({ path: ${JSON.stringify(path)}, key: new Uint8Array(32).fill(7) });
        const exec = db.exec.bind(db);
        let done = 0;
        db.exec = (text) => { exec(text); done += 1; if (done === ${at}) process.kill(process.pid, "SIGKILL"); return db; };
        next.migrateReplica(db, "file");
      `;
      const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
      expect(child.signal, child.stderr).toBe("SIGKILL");
      const db = openReplica({ path, key: new Uint8Array(32).fill(7) });
      expect(db.pragma("user_version", { simple: true })).toBe(schema);
      migrateReplica(db, path);
      const fresh = openMemoryReplica();
      migrateReplica(fresh, "memory");
      expect(shape(db)).toBe(shape(fresh));
      fresh.close();
      db.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });
});

describe("a centre's database on PGlite", () => {
  for (const [index, { number }] of migrations.entries()) {
    test(`of schema ${number} comes to today's with every row, after a step that failed half-way`, async () => {
      const db = await openPglite(null);
      await db.transaction((tx) => oldCentre(tx, migrations.slice(0, index + 1)));
      const tables = await centreColumnsOf(db);
      const before = await centreRowsOf(db, tables);
      const following = migrations[index + 1];
      const last = following ? lastTable(following.number, "postgres") : null;
      if (last) {
        await db.exec(`create table "${last}" (in_the_way bigint)`);
        const standing = JSON.stringify([...(await centreColumnsOf(db)).keys()]);
        await expect(migrateCentre(db)).rejects.toThrow(/already exists/);
        expect(JSON.stringify([...(await centreColumnsOf(db)).keys()])).toBe(standing);
        expect(await centreRowsOf(db, tables)).toBe(before);
        await db.exec(`drop table "${last}"`);
      }
      await migrateCentre(db);
      expect(await centreRowsOf(db, tables)).toBe(before);
      for (const entity of allEntities) readable(entity, await readRows(db, entity, oldIds[0], oldIds), tables);
      expect(await db.query("select number from schema_migration order by number")).toEqual(
        migrations.map((migration) => ({ number: migration.number })),
      );
      // A newer server has been here: nothing is touched.
      await db.query("insert into schema_migration (number, name) values (9990, 'newer')");
      await expect(migrateCentre(db)).rejects.toThrow(SchemaFromTheFuture);
      expect(await centreRowsOf(db, tables)).toBe(before);
      await db.close();
    });
  }
});
