// npm test: checks, unit tests, PostgreSQL, simulator, build, end to end. Every step runs, whatever fails before it.
//
//   npm test                      everything
//   npm test -- unit              one step, or several
//   npm test -- unit src-shared   what is no step's name goes to Vitest or Playwright as a filter
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ensureRenderer } from "./build.ts";
import { emptyCluster } from "./empty-cluster.ts";
import { reportLine, root, run } from "./run.ts";

/** A test that failed, as the end of the output repeats it: a log that is cut still says which and why. */
interface Failure {
  readonly name: string;
  readonly why: string;
}
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
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
    return { passed: 0, failed: 0, failures: [] };
  }
}

/** The first lines of a failure's message, enough to know what to look for. */
const inShort = (message: string | undefined): string => (message ?? "").split("\n").slice(0, 12).join("\n");

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
      readonly testResults: readonly {
        readonly name: string;
        readonly status: string;
        readonly message: string;
        readonly assertionResults: readonly {
          readonly fullName: string;
          readonly status: string;
          readonly failureMessages?: readonly string[];
        }[];
      }[];
    }
    const read = (report: Report): Counts => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      failures: report.testResults
        .filter(({ status }) => status === "failed")
        .flatMap(({ name, message, assertionResults }) => {
          const failed = assertionResults.filter(({ status }) => status === "failed");
          const place = relative(root, name);
          // A file that failed without a failing test did so in a hook or while it was read.
          if (failed.length === 0) return [{ name: place, why: inShort(message) }];
          return failed.map((test) => ({
            name: `${place}: ${test.fullName}`,
            why: inShort(test.failureMessages?.join("\n")),
          }));
        }),
    });
    return { ok: code === 0, ...counts(file, read) };
  };

const check: Step = async () => {
  const { code } = await run(["scripts/check.ts"], { show: true });
  return { ok: code === 0, passed: 0, failed: 0, failures: [] };
};

const build: Step = async () => {
  try {
    console.log(`Renderer ${await ensureRenderer()}`);
    return { ok: true, passed: 0, failed: 0, failures: [] };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { ok: false, passed: 0, failed: 0, failures: [] };
  }
};

const endToEnd: Step = async (filters) => {
  const file = join(reports, "e2e.json");
  rmSync(file, { force: true });
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const { code } = await run(["bin:playwright", "test", "--reporter=list,json", ...filters], { show: true, env });
  interface Suite {
    readonly suites?: readonly Suite[];
    readonly specs?: readonly {
      readonly title: string;
      readonly file: string;
      readonly ok: boolean;
      readonly tests: readonly {
        readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
      }[];
    }[];
  }
  interface Report extends Suite {
    readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
  }
  const failuresOf = ({ suites = [], specs = [] }: Suite): Failure[] => [
    ...specs
      .filter(({ ok }) => !ok)
      .map(({ title, file: place, tests }) => ({
        name: `${place}: ${title}`,
        why: inShort(
          tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors.map((e) => e.message))).join("\n"),
        ),
      })),
    ...suites.flatMap(failuresOf),
  ];
  const read = (report: Report): Counts => ({
    passed: report.stats.expected + report.stats.flaky,
    failed: report.stats.unexpected,
    failures: failuresOf(report),
  });
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
// Hundreds of tests start a centre of their own; the steps' processes inherit this.
process.env.HOROPTER_EMPTY_CLUSTER ??= await emptyCluster();
let passed = 0;
let failed = 0;
const lines: string[] = [];
const failures: Failure[] = [];
for (const [name, step] of Object.entries(steps)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n== ${name}`);
  const started = performance.now();
  const outcome = await step(filters);
  passed += outcome.passed;
  // A step that failed without a failing test (a check, a build, a crash) counts as one.
  failures.push(...outcome.failures);
  failed += outcome.ok ? outcome.failed : Math.max(1, outcome.failed);
  const tests = outcome.passed + outcome.failed > 0 ? `   ${outcome.passed} passed, ${outcome.failed} failed` : "";
  lines.push(reportLine(name, outcome.ok, (performance.now() - started) / 1000) + tests);
}

for (const { name, why } of failures) console.log(`\nFAILED ${name}\n${why}`);
console.log(`\n${lines.join("\n")}`);
writeFileSync(join(reports, "totals.json"), JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
