/** Runs a stretch of seeds of the simulator over one database after another; shared by the files that split the seeds. */

import type { SyncRules } from "../src-shared/sync/rules.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { type SimResult, simulate } from "./simulate.ts";

/** One practice a seed makes a database larger and slower; a fresh one costs about two seconds. */
const seedsPerDatabase = 50;

export interface SeedRange {
  readonly first: number;
  readonly count: number;
  readonly steps?: number;
  readonly rules?: SyncRules;
  readonly newEpochAfterRestore?: boolean;
  /** Ends with the first seed that shows a violation. */
  readonly stopAtFirst?: boolean;
}

/** Every seed of the range, in order; those that were not clean carry their violation. */
export async function runSeeds({
  first,
  count,
  steps = 150,
  rules,
  newEpochAfterRestore = true,
  stopAtFirst = false,
}: SeedRange): Promise<SimResult[]> {
  const results: SimResult[] = [];
  for (let start = first; start < first + count; start += seedsPerDatabase) {
    const db = await openPglite(null);
    try {
      await migrateCentre(db);
      for (let seed = start; seed < Math.min(start + seedsPerDatabase, first + count); seed++) {
        const result = await simulate({ seed, steps, db, newEpochAfterRestore, ...(rules ? { rules } : {}) });
        results.push(result);
        if (stopAtFirst && result.violation) return results;
      }
    } finally {
      await db.close();
    }
  }
  return results;
}

/** What to read, and how to see it again, for every seed that was not clean. */
export function violations(results: readonly SimResult[]): string[] {
  return results
    .filter(({ violation }) => violation !== null)
    .map(
      ({ seed, violation }) => `seed ${seed}: ${violation}\n  replay: npm run sim -- --seeds 1 --start ${seed} --trace`,
    );
}
