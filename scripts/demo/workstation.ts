/** One workstation of the demo: the browser host with a replica that joins the demo practice by itself. */
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { webSocketUpstream } from "../../src-main/engine/sync/websocket.ts";
import { createWorkstation } from "../../src-main/engine/workstation.ts";
import { readArguments } from "../../src-main/host/arguments.ts";
import { reportOf } from "../../src-main/host/report.ts";
import { runHost } from "../../src-main/host/run-host.ts";
import type { StartWorkstation } from "../../src-main/host/shell-workstation.ts";
import { clock, random, timers } from "../../src-main/host/surroundings.ts";
import { dataKeys } from "../../src-main/host/wiring.ts";

const place = z
  .object({ serverUrl: z.string(), code: z.string(), name: z.string(), userId: z.string() })
  .parse(JSON.parse(process.env.HOROPTER_DEMO_PLACE ?? "null"));

const start: StartWorkstation = async ({ folder, secrets, log, name }) => {
  const workstation = await createWorkstation({
    folder,
    ...dataKeys({ folder, secrets }),
    connect: (serverUrl) => webSocketUpstream(serverUrl, timers),
    serverUrl: place.serverUrl,
    clock,
    timers,
    random,
    log,
    version: packageJson.version,
    pcName: name ?? hostname(),
    demo: true,
  });
  if (!workstation.engineOrNull()) {
    await workstation.join(
      place.serverUrl,
      (connection, keys) => connection.enrol({ code: place.code, deviceName: place.name, ...keys }),
      { demo: true, defaultUser: place.userId },
    );
  }
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!workstation.engineOrNull()?.ready()) return;
      stop();
      resolve();
    };
    const stop = workstation.onChange(look);
    look();
  });
  return workstation;
};

try {
  await runHost(readArguments(process.argv.slice(2)), start, join(import.meta.dirname, "../../out/renderer"));
  process.exit(0);
} catch (error) {
  console.error(reportOf(error).message);
  process.exit(1);
}
