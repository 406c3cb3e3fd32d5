/**
 * `npm run fuzz [-- --inputs N --seed N --part NAME]`: every procedure of the sync server and of the staff app, the groups and the
 * batches of the wire and raw frames, with inputs drawn from their own schemas. Ends with 1 when anything was found.
 */
import { parseArgs } from "node:util";
import { fuzzRun } from "./run.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    part: { type: "string" },
  },
});
const report = await fuzzRun({
  inputs: Number(values.inputs),
  seed: Number(values.seed),
  part: values.part,
  print: (line) => console.log(line),
});
for (const [outcome, count] of Object.entries(report.outcomes).sort()) console.log(`  ${outcome}: ${count}`);
for (const problem of report.problems.slice(0, 20)) console.log(problem);
console.log(`${report.inputs} inputs, ${report.problems.length} problems, ${report.seconds} s, seed ${report.seed}`);
process.exit(report.problems.length === 0 ? 0 : 1);
