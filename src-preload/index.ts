// The one bridge between a page and the rest. It hands the page the port that the main process made for its window,
// and puts nothing of Electron's or Node's within the page's reach.
import { ipcRenderer } from "electron";
import type { PORT_MESSAGE, PORT_WANTED_MESSAGE } from "../src-shared/transport/page-port.ts";

// Spelt out, since a preload is one file that takes only types from ours; the types hold them together.
const portMessage: typeof PORT_MESSAGE = "horopter:port";
const portWanted: typeof PORT_WANTED_MESSAGE = "horopter:port-wanted";

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window || origin !== window.location.origin || data?.type !== portWanted) return;
  ipcRenderer.send(portWanted);
});

ipcRenderer.on(portMessage, ({ ports }) => {
  window.postMessage({ type: portMessage }, window.location.origin, [...ports]);
});
