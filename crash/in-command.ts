/**
 * A process that sells on an encrypted replica and is killed at a named moment of the command: `--at rows` after the
 * rows were written and before the group is in the outbox, `--at committed` after the commit and before anything is
 * sent. Tests look at the file afterwards.
 */
import { parseArgs } from "node:util";
import { openReplica } from "../replica/open.ts";
import { sell } from "../sim/work.ts";
import { createEngine } from "../src-main/engine/engine.ts";
import { defineCommand } from "../src-main/engine/write/define.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { silentLog } from "../src-shared/sync/ports.ts";

const { values } = parseArgs({
  options: {
    at: { type: "string" },
    path: { type: "string" },
    key: { type: "string" },
    user: { type: "string" },
    sale: { type: "string" },
  },
});
const sqlite = openReplica({ path: values.path ?? "", key: Buffer.from(values.key ?? "", "hex") });
const upstream = { open: () => Promise.reject(new Error("no line")) };
const engine = createEngine({ sqlite, upstream, clock, timers, random, log: silentLog, app: "crash" });
const killed = () => process.kill(process.pid, "SIGKILL");

const sellAndDie = defineCommand({
  ...sell,
  run(tx, input) {
    const sold = sell.run(tx, input);
    // What the person sees next would be the receipt; the rows are there for this very connection.
    if (values.at === "rows" && tx.get("sale", sold.sale)) killed();
    return sold;
  },
});
engine.execute(sellAndDie, JSON.parse(values.sale ?? "null"), { user: values.user ?? "", role: null });
if (values.at === "committed") killed();
