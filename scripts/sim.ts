/** `npm run sim -- --seeds N [--start SEED] [--trace] [--versions]`: the simulator; the last line is `N passed, M failed`. */
import { parseArgs } from "node:util";
import { loadNextVersion } from "../sim/next-version/index.ts";
import { simulate } from "../sim/simulate.ts";
import { createVersions } from "../sim/versions.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    start: { type: "string", default: "1" },
    steps: { type: "string", default: "150" },
    trace: { type: "boolean", default: false },
    /** Today's version and the next one in one world. */
    versions: { type: "boolean", default: false },
  },
});

/** A fresh database now and then: one practice a seed makes it larger and slower. */
const seedsPerDatabase = 50;

const next = values.versions ? await loadNextVersion() : null;
const first = Number(values.start);
const last = first + Number(values.seeds) - 1;
let failed = 0;
let db = await openFresh();
for (let seed = first; seed <= last; seed++) {
  if (seed > first && (seed - first) % seedsPerDatabase === 0) {
    await db.close();
    db = await openFresh();
  }
  const steps = Number(values.steps);
  const result = await simulate({
    seed,
    steps,
    db,
    ...(next ? { versions: createVersions(next, seed, steps) } : {}),
    ...(values.trace
      ? { trace: (line: string) => console.log(line), log: { info() {}, warn: console.warn, error: console.error } }
      : {}),
  });
  if (result.violation) {
    failed += 1;
    console.log(
      `seed ${seed}: ${result.violation}\n  replay: npm run sim -- --seeds 1 --start ${seed} --trace${next ? " --versions" : ""}`,
    );
  } else if (seed % 25 === 0) console.log(`seed ${seed} clean, ${result.groups} groups`);
}
await db.close();
console.log(`${Number(values.seeds) - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function openFresh() {
  const opened = await openPglite(null);
  await migrateCentre(opened);
  return opened;
}
