import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../sync-server/database/database.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { loadNextVersion } from "./next-version/index.ts";
import { simulate } from "./simulate.ts";
import { createVersions } from "./versions.ts";

let db: Database;
beforeAll(async () => {
  db = await openPglite(null);
  await migrateCentre(db);
});
afterAll(() => db.close());

test("two versions of the product in one world end with every property holding, upgraded in whatever order", async () => {
  const next = await loadNextVersion();
  const steps = 150;
  for (const seed of [109, 123, 163, 204]) {
    const result = await simulate({ seed, steps, db, versions: createVersions(next, seed, steps) });
    expect(result.violation, `npm run sim -- --versions --seeds 1 --start ${seed} --trace`).toBeNull();
    expect(result.groups).toBeGreaterThan(20);
  }
});
