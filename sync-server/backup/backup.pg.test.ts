import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import { openTestCentre, smallPractice } from "../../sim/practice.ts";
import type { Database, Queryable } from "../database/database.ts";
import { migrateCentre } from "../database/migrate.ts";
import { openPglite } from "../database/pglite.ts";
import { openPostgres } from "../database/postgres.ts";
import { storeCode } from "../identity/enrol.ts";
import { backUp, tablesOf } from "./dump.ts";
import { load } from "./load.ts";

const secret = "test secret of the centre";
let postgres: Postgres;
let home: string;
beforeAll(async () => {
  postgres = await startPostgres();
  home = mkdtempSync(join(tmpdir(), "horopter-backup-pg-"));
});
afterAll(async () => {
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
});

async function freshDatabase(name: string): Promise<Database> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return openPostgres(postgres.url.replace(/\/postgres$/, `/${name}`), 4);
}

async function contentOf(db: Queryable): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for (const table of await tablesOf(db)) {
    if (table === "server_meta") continue;
    const rows = await db.query<{ row: string }>(`select row_to_json(t)::text as row from "${table}" t order by 1`);
    content[table] = rows.map(({ row }) => row);
  }
  return content;
}

test("a backup of PostgreSQL is one moment of it, and fills PostgreSQL and PGlite with the same rows", async () => {
  const db = await freshDatabase("original");
  await migrateCentre(db);
  const centre = await openTestCentre({ db });
  const { practice, branches } = await smallPractice(centre);
  const code = (n: number) =>
    storeCode(centre, { practice, by: null, branch: branches.leeds, deviceName: `PC ${n}`, profile: "till" });
  let writing = true;
  let written = 0;
  const work = (async () => {
    // A practice and its code: a backup between the two would have one without the other.
    while (writing) {
      await smallPractice(centre);
      await code(written++);
    }
  })();
  const file = join(home, "busy.backup");
  await backUp(db, secret, file, Date.now());
  writing = false;
  await work;
  await expect(backUp(db, "not the secret", join(home, "never"), 0)).rejects.toThrow(
    /not the secret.*Nothing was written/s,
  );

  const [first, second] = [await freshDatabase("restored"), await openPglite(null)];
  for (const target of [first, second]) await load(target, file, secret);
  const content = await contentOf(first);
  expect(await contentOf(second)).toEqual(content);
  // What its heads say is there, whole: no practice was caught half made.
  const heads = await first.query<{ practice_id: string; seq: number }>("select practice_id, seq from practice_head");
  for (const { practice_id, seq } of heads) {
    const [log] = await first.query("select count(*) as n from change_log where practice_id=$1", [practice_id]);
    expect(log).toEqual({ n: seq });
    expect(await first.query("select 1 from product where practice_id=$1", [practice_id])).toHaveLength(2);
  }
  expect(await first.query("select 1 from server_meta where key='epoch'")).toEqual([]);
  for (const each of [db, first, second]) await each.close();
});
