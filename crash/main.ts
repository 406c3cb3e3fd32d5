/**
 * `npm run crash [-- --kills N --seed N --minutes N --centre postgres|pglite]`: real processes, killed at random moments
 * of a busy day. One line a kill, then what was found, then a line of JSON; ends with 1 when anything was lost.
 */
import { parseArgs } from "node:util";
import { crashRun } from "./run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    minutes: { type: "string", default: "15" },
    centre: { type: "string", default: "postgres" },
  },
});
if (values.centre !== "postgres" && values.centre !== "pglite") {
  console.error("--centre is postgres or pglite");
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

const report = await crashRun({
  kills: Number(values.kills),
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  centre: values.centre,
  print: (line) => console.log(line),
});
const total = Object.values(report.kills).reduce((sum, n) => sum + n, 0);
console.log(
  `${total} kills, ${report.shown} things shown (${report.sales} receipts), ${report.log} groups settled, ` +
    `${report.problems.length} problems, ${report.seconds} s, seed ${report.seed}`,
);
for (const problem of report.problems.slice(0, 50)) console.log(`  ${problem}`);
console.log(JSON.stringify(report));
process.exit(report.problems.length === 0 ? 0 : 1);
