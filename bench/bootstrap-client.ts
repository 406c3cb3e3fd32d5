/**
 * One new device for `bootstrap.ts`: `bootstrap-client.ts <server> <code> <folder> <family name>` joins, and prints how
 * long it took until somebody of that name was found. Its keychain is in memory.
 */
import { join } from "node:path";
import { searchPatients } from "../src-main/engine/patients/queries.ts";
import { webSocketUpstream } from "../src-main/engine/sync/websocket.ts";
import { createWorkstation, replicaFile } from "../src-main/engine/workstation.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { dataKeys } from "../src-main/host/wiring.ts";
import { openDataKey } from "../src-main/secrets/data-key.ts";
import { mapStore } from "../src-main/secrets/map-store.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { allEntities } from "../src-shared/sync/registry.ts";

const [server = "", code = "", folder = "", family = ""] = process.argv.slice(2);
const keys = { folder, secrets: mapStore("bench", {}, async () => {}) };
const workstation = await createWorkstation({
  folder,
  ...dataKeys(keys),
  connect: (url) => webSocketUpstream(url || server, timers),
  clock,
  timers,
  random,
  log: process.env.BENCH_LOG ? { ...silentLog, warn: console.error, error: console.error } : silentLog,
  version: "bench",
  pcName: "Bench",
});
const before = performance.now();
await workstation.join(server, (connection, own) => connection.enrol({ code, deviceName: "Till", ...own }));
while (!workstation.engine().ready()) await new Promise<void>((resolve) => setTimeout(resolve, 2));
const found = searchPatients(workstation.engine().read, family);
const ms = performance.now() - before;
if (found.length === 0) throw new Error("Nobody was found");
const count = (table: string) => workstation.engine().read.sql<{ n: number }>(`select count(*) as n from "${table}"`);
const rows = allEntities.reduce((sum, { name }) => sum + (count(name)[0]?.n ?? 0), 0);
const mb = process.resourceUsage().maxRSS / 1000;
await workstation.close();
const key = Buffer.from(await openDataKey(keys)).toString("hex");
const told = JSON.stringify({ ms, rows, mb, path: join(folder, replicaFile), key });
process.stdout.write(told, () => process.exit(0));
