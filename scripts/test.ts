// npm test: checks, unit tests, PostgreSQL, simulator, build, end to end. Every step runs, whatever fails before it.
//
//   npm test                      everything
//   npm test -- unit              one step, or several
//   npm test -- unit src-shared   what is no step's name goes to Vitest or Playwright as a filter
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureRenderer } from "./build.ts";
import { reportLine, root, run } from "./run.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}
interface Outcome extends Counts {
  readonly ok: boolean;
}
type Step = (filters: readonly string[]) => Promise<Outcome>;

const reports = join(root, "test-results");

/** Counts from a report that may be missing when its program died. */
function counts(file: string, read: (report: never) => Counts): Counts {
  try {
    return read(JSON.parse(readFileSync(file, "utf8")) as never);
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const vitest =
  (project: string): Step =>
  async (filters) => {
    const file = join(reports, `${project}.json`);
    rmSync(file, { force: true });
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const { code } = await run(["bin:vitest", "run", "--project", project, ...reporters, ...filters], { show: true });
    interface Report {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
    }
    const read = (report: Report) => ({ passed: report.numPassedTests, failed: report.numFailedTests });
    return { ok: code === 0, ...counts(file, read) };
  };

const check: Step = async () => {
  const { code } = await run(["scripts/check.ts"], { show: true });
  return { ok: code === 0, passed: 0, failed: 0 };
};

const build: Step = async () => {
  try {
    console.log(`Renderer ${await ensureRenderer()}`);
    return { ok: true, passed: 0, failed: 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { ok: false, passed: 0, failed: 0 };
  }
};

const endToEnd: Step = async (filters) => {
  const file = join(reports, "e2e.json");
  rmSync(file, { force: true });
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const { code } = await run(["bin:playwright", "test", "--reporter=list,json", ...filters], { show: true, env });
  interface Report {
    readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
  }
  const read = ({ stats }: Report) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected });
  return { ok: code === 0, ...counts(file, read) };
};

const steps: Readonly<Record<string, Step>> = {
  check,
  unit: vitest("unit"),
  pg: vitest("pg"),
  sim: vitest("sim"),
  build,
  e2e: endToEnd,
};

const given = process.argv.slice(2);
const chosen = given.filter((name) => Object.hasOwn(steps, name));
const filters = given.filter((name) => !Object.hasOwn(steps, name));
if (filters.length > 0 && chosen.length === 0) {
  console.error(`There is no step ${filters[0]}. The steps are ${Object.keys(steps).join(", ")}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
let passed = 0;
let failed = 0;
const lines: string[] = [];
for (const [name, step] of Object.entries(steps)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n== ${name}`);
  const started = performance.now();
  const outcome = await step(filters);
  passed += outcome.passed;
  // A step that failed without a failing test (a check, a build, a crash) counts as one.
  failed += outcome.ok ? outcome.failed : Math.max(1, outcome.failed);
  const tests = outcome.passed + outcome.failed > 0 ? `   ${outcome.passed} passed, ${outcome.failed} failed` : "";
  lines.push(reportLine(name, outcome.ok, (performance.now() - started) / 1000) + tests);
}

console.log(`\n${lines.join("\n")}`);
writeFileSync(join(reports, "totals.json"), JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
