// The engine's process in the desktop app, started by Electron as a utility process: no window, no Electron module.
import { electronPort } from "../../src-shared/transport/port.ts";
import { startWorkstation } from "../host/wiring.ts";
import { createEngineHost } from "./engine-host.ts";

const { parentPort } = process;
const host = createEngineHost({
  startWorkstation,
  send: (message) => parentPort.postMessage(message),
  exit: (code) => process.exit(code),
});
parentPort.on("message", ({ data, ports }) => host.receive(data, ports.map(electronPort)));
