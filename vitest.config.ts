import { defineConfig } from "vitest/config";

const notOurs = ["**/node_modules/**", "out/**", "dist/**", "test-results/**"];
const postgres = "**/*.pg.test.ts";
const simulator = "**/*.sim.test.ts";

// Run it through scripts/node24.mjs: under an older Node the SQLite package ends the process without a word.
export default defineConfig({
  test: {
    // A process per file: native modules keep global state, and a crash stays in its own file.
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...notOurs, postgres, simulator],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "pg",
          include: [postgres],
          exclude: notOurs,
          // One PostgreSQL at a time: two would fight for the disk, since fsync is on.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "sim", include: [simulator], exclude: notOurs, testTimeout: 300_000, hookTimeout: 60_000 },
      },
    ],
  },
});
