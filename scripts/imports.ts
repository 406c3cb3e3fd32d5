// Checks the import rules of .dependency-cruiser.mjs.
//
// dependency-cruiser parses with the TypeScript it finds. With one it does not know (7), or none, it sees no module
// and reports success; so every source file has to be among what it cruised before its word counts.
import { globSync } from "node:fs";
import { join } from "node:path";
import { isStarted, root, run } from "./run.ts";

const folders = ["src-shared", "migrations", "replica", "src-main", "src-preload", "src-renderer", "sync-server"];

export interface ImportReport {
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
  /** Source files that were not looked at, and other reasons not to trust the result. */
  readonly problems: readonly string[];
  readonly modules: number;
}

/** The parts of dependency-cruiser's JSON that are read here. */
interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

/**
 * Cruises the layers that exist below `base` and applies the rules. `atLeast` is the number of modules and of imports
 * under which the result is not believed.
 */
export async function checkImports(base: string = root, atLeast = 20): Promise<ImportReport> {
  const sources = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: base },
  ).map((file) => file.replaceAll("\\", "/"));
  const present = folders.filter((folder) => sources.some((file) => file.startsWith(`${folder}/`)));
  if (present.length === 0) return { violations: [], problems: ["there is nothing to cruise"], modules: 0 };

  const config = join(root, ".dependency-cruiser.mjs");
  const finished = await run(["bin:depcruise", "--config", config, "--output-type", "json", ...present], { cwd: base });
  let cruise: Cruise;
  try {
    cruise = JSON.parse(finished.output) as Cruise;
  } catch {
    return { violations: [], problems: [`dependency-cruiser failed: ${finished.output}`], modules: 0 };
  }

  const seen = new Set(cruise.modules.map((module) => module.source));
  const imports = cruise.modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  const problems = sources.filter((file) => !seen.has(file)).map((file) => `${file} was not looked at`);
  if (seen.size < atLeast) problems.push(`only ${seen.size} modules were looked at, fewer than ${atLeast}`);
  if (imports < atLeast) problems.push(`only ${imports} imports were found, fewer than ${atLeast}`);
  const violations = cruise.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return { violations, problems, modules: seen.size };
}

if (isStarted(import.meta.url)) {
  const { violations, problems, modules } = await checkImports();
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} imports ${to}`);
  for (const problem of problems) console.error(problem);
  if (violations.length + problems.length === 0) console.log(`${modules} modules keep the import rules`);
  process.exit(violations.length + problems.length === 0 ? 0 : 1);
}
