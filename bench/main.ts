/** `npm run bench -- <name>|all [--quick]`: the benches, one after the other, one line of JSON per measure. */
import { parseArgs } from "node:util";
import { type Bench, print } from "./report.ts";

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  checkout: async () => (await import("./checkout.ts")).checkoutBench,
  push: async () => (await import("./push.ts")).pushBench,
  relay: async () => (await import("./relay.ts")).relayBench,
  query: async () => (await import("./query.ts")).queryBench,
  exam: async () => (await import("./exam.ts")).examBench,
  import: async () => (await import("./moving-in.ts")).movingInBench,
  idle: async () => (await import("./idle.ts")).idleBench,
  sustain: async () => (await import("./sustain.ts")).sustainBench,
  open: async () => (await import("./open.ts")).openBench,
  million: async () => (await import("./million.ts")).millionBench,
  bootstrap: async () => (await import("./bootstrap.ts")).bootstrapBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false } },
});
const names = positionals.includes("all") ? Object.keys(benches) : positionals;
const unknown = names.filter((name) => !(name in benches));
if (names.length === 0 || unknown.length > 0) {
  const problem = unknown.length > 0 ? `There is no bench called ${unknown.join(", ")}.\n` : "";
  console.error(`${problem}npm run bench -- ${Object.keys(benches).join("|")}|all [--quick]`);
  process.exit(2);
}
for (const name of names) {
  const bench = await benches[name]?.();
  await bench?.({ quick: values.quick, report: print });
}
// What a bench left open (a driver's idle pool) must not keep the process.
process.exit(0);
