/** `npm run server`: the centre, on PGlite in a folder by default, on PostgreSQL with DATABASE_URL. */
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Booted, BootRefused, boot } from "./boot.ts";
import { SchemaFromTheFuture } from "./database/migrate.ts";
import { chosenStore } from "./files/chosen-store.ts";
import { startHttp } from "./http.ts";
import { JournalKeyWrong } from "./journal/journal.ts";
import { FolderInUse } from "./lock.ts";
import { pinoLog } from "./log.ts";

const { values } = parseArgs({
  options: {
    demo: { type: "boolean", default: false },
    "reset-daily": { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
    port: { type: "string", default: process.env.PORT ?? "4870" },
    host: { type: "string", default: process.env.HOST ?? "127.0.0.1" },
    data: {
      type: "string",
      default: process.env.HOROPTER_SERVER_DATA ?? join(homedir(), ".local", "share", "horopter-server"),
    },
    restored: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const log = pinoLog(process.env.LOG_LEVEL ?? "warn");
const databaseUrl = process.env.DATABASE_URL ?? null;

async function start(): Promise<{ booted: Booted; close(): Promise<void> }> {
  const dataFolder = values.demo ? join(values.data, "demo") : values.data;
  const booted = await boot({
    dataFolder,
    // A demo's files are its own, whatever the environment of a real server says.
    blobs: chosenStore(values.demo ? {} : process.env, dataFolder),
    databaseUrl,
    demo: values.demo,
    log,
    secret: process.env.HOROPTER_SECRET ?? null,
    restored: values.restored,
  });
  let demoCodes: unknown = null;
  // The demo's people and data come in only here: nothing of them is loaded by a production server.
  if (values.demo) {
    const { prepareDemo } = await import("./demo/seed.ts");
    demoCodes = await prepareDemo(booted.centre, { reset: values.reset });
  }
  const http = await startHttp(booted.centre, {
    host: values.host,
    port: Number(values.port),
    backUp: booted.backUp,
  }).catch(async (error) => {
    await booted.close();
    throw error;
  });
  booted.announce(http.url);
  if (values.json) console.log(JSON.stringify({ ready: true, url: http.url, demo: demoCodes }));
  else {
    console.log(`Horopter sync server on ${http.url}${values.demo ? " (DEMO – Not Real Data)" : ""}`);
    console.log(databaseUrl ? "Data: PostgreSQL (DATABASE_URL)" : `Data: ${values.data}`);
    if (booted.setupCode) {
      console.log(
        `\nNo practice yet. On the first workstation choose "Set up a new practice" and enter:\n\n    ${booted.setupCode}\n`,
      );
    }
  }
  return {
    booted,
    async close() {
      await http.close();
      await booted.close();
    },
  };
}

function explain(error: unknown): string {
  const known = [BootRefused, FolderInUse, SchemaFromTheFuture, JournalKeyWrong];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, message } = error as { code?: string; message?: string };
  if (code === "EADDRINUSE") {
    return `Port ${values.port} is in use by another program. Nothing was changed. Choose another one with --port.`;
  }
  if (code === "ECONNREFUSED")
    return "The PostgreSQL server in DATABASE_URL does not answer. Nothing was changed. Check that it runs.";
  if (code === "ENOSPC") return "The disk is full. Nothing was changed. Free some space and start again.";
  return `The sync server could not start: ${message ?? String(error)}`;
}

let running: Awaited<ReturnType<typeof start>>;
try {
  running = await start();
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await running.close().catch((error) => console.error(explain(error)));
  process.exit(0);
}
process.on("SIGINT", () => void stop());
process.on("SIGTERM", () => void stop());
// Started by the demo: when that goes, this goes.
if (process.send) process.on("disconnect", () => void stop());

if (values.demo && values["reset-daily"]) {
  const { resetDaily } = await import("./demo/reset.ts");
  resetDaily(async () => {
    values.reset = true;
    await running.close();
    running = await start();
    values.reset = false;
  });
}
