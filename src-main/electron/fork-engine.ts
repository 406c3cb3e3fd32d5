import { type MessagePortMain, utilityProcess } from "electron";
import { crashPlaces } from "./crash-report.ts";
import type { EngineProcess } from "./engine-supervisor.ts";

/** Variables that would change how the engine's process runs, or tell it what only the main process may know. */
const withheld = ["NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "ELECTRON_RUN_AS_NODE", "HOROPTER_PASSPHRASE"];

/** Starts the engine in a process of its own, in which a long query holds up no window. */
export function forkEngine(
  script: string,
  onCrash: (places: readonly string[]) => void,
): EngineProcess<MessagePortMain> {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) =>
      value === undefined || withheld.includes(key) ? [] : [[key, value]],
    ),
  );
  const child = utilityProcess.fork(script, [], {
    serviceName: "Horopter engine",
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let lastWords = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-8000);
  });
  return {
    post: (message, ports = []) => child.postMessage(message, [...ports]),
    onMessage: (handler) => child.on("message", handler),
    onExit(handler) {
      child.once("exit", (code) => {
        if (code !== 0) onCrash(crashPlaces(lastWords));
        handler(code);
      });
    },
    kill: () => child.kill(),
  };
}
