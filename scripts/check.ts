// npm run check: everything that can be said about the code without running it. Tells each check's time, runs all of
// them whatever fails, and ends with 1 if any did.
import { filesOf, layers } from "./layers.ts";
import { reportLine, run } from "./run.ts";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const types = layers
  .filter((layer) => filesOf(layer).length > 0)
  .map((layer) => ({ name: `tsc ${layer.name}`, args: ["scripts/types.ts", layer.name] }));

const checks: readonly Check[] = [
  ...types,
  { name: "imports", args: ["scripts/imports.ts"] },
  { name: "knip", args: ["bin:knip"] },
  { name: "biome", args: ["bin:biome", "check", "--error-on-warnings", "--max-diagnostics=40"] },
  { name: "suppressions", args: ["scripts/suppressions.ts"] },
];

const waiting = [...checks];
const failed: string[] = [];

/** Takes checks off the list until it is empty. */
async function worker(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const { code, output, seconds } = await run(check.args);
    console.log(reportLine(check.name, code === 0, seconds));
    if (code === 0) continue;
    failed.push(check.name);
    console.log(output.trimEnd().replaceAll(/^/gm, "       "));
  }
}

const started = performance.now();
// Two at a time: one hides the other's start, and more would only share the same two cores.
await Promise.all([worker(), worker()]);

const total = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${checks.length - failed.length} of ${checks.length} checks passed in ${total} s`);
if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);
