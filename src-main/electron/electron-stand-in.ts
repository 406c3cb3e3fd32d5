/**
 * Stands in for Electron where its runtime is not installed, so that a test can run the main process that was built:
 * the parts of its modules that the shell uses, made of Node's own channels and threads. What Electron itself does with
 * what it is told is not shown by it. Loaded by shell.test.ts in a process of its own, in place of "electron".
 */
import { EventEmitter } from "node:events";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";

/** What happened, in order, for the test to read. */
export const events: string[] = [];

/** A Node port in the shape of `MessagePortMain`. */
class PortMain extends EventEmitter {
  readonly raw: MessagePort;
  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
  }
  postMessage(message: unknown): void {
    this.raw.postMessage(message);
  }
  /** Lets messages flow; until then they wait, and the port may still be handed on. */
  start(): void {
    this.raw.on("message", (data) => this.emit("message", { data, ports: [] }));
    this.raw.on("close", () => this.emit("close"));
  }
  close(): void {
    this.raw.close();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = new PortMain(port2);
  }
}

/** In the thread of a utility process: gives it `process.parentPort`, then runs its script. */
const childCode = `
  import { EventEmitter } from "node:events";
  import { parentPort, workerData } from "node:worker_threads";
  const wrap = (raw) => {
    const port = new EventEmitter();
    const start = () => {
      raw.on("message", (data) => port.emit("message", { data, ports: [] }));
      raw.on("close", () => port.emit("close"));
    };
    return Object.assign(port, { start, postMessage: (message) => raw.postMessage(message), close: () => raw.close() });
  };
  process.parentPort = Object.assign(new EventEmitter(), { postMessage: (message) => parentPort.postMessage(message) });
  await import(workerData);
  parentPort.on("message", ({ data, ports }) => process.parentPort.emit("message", { data, ports: ports.map(wrap) }));`;

class UtilityProcess extends EventEmitter {
  readonly stderr = new EventEmitter();
  readonly worker: Worker;
  constructor(script: string) {
    super();
    this.worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(childCode)}`), {
      workerData: pathToFileURL(script).href,
    });
    this.worker.on("message", (message) => this.emit("message", message));
    this.worker.on("exit", (code) => this.emit("exit", code));
  }
  postMessage(data: unknown, ports: readonly PortMain[] = []): void {
    const raw = ports.map((port) => port.raw);
    this.worker.postMessage({ data, ports: raw }, raw);
  }
  kill(): void {
    void this.worker.terminate();
  }
}

export const engines: UtilityProcess[] = [];
export const utilityProcess = {
  fork(script: string): UtilityProcess {
    events.push("engine started");
    const child = new UtilityProcess(script);
    engines.push(child);
    return child;
  },
};

class WebContents extends EventEmitter {
  readonly id: number;
  constructor(id: number) {
    super();
    this.id = id;
  }
  isDestroyed = () => false;
  postMessage(channel: string, _message: unknown, ports: readonly PortMain[]): void {
    events.push(ports.length === 0 ? `${channel} without a port` : `${channel} with a port`);
    this.emit("given", ports[0] ?? null);
  }
}

export const windows: BrowserWindow[] = [];
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  constructor() {
    super();
    windows.push(this);
    this.webContents = new WebContents(windows.length);
  }
  maximize = () => {};
  show = () => {};
  focus = () => void events.push("focused");
  isMinimized = () => false;
  isMaximized = () => false;
  isDestroyed = () => false;
  getNormalBounds = () => ({ x: 1, y: 2, width: 1200, height: 800 });
  loadURL = async (url: string) => void events.push(`shows ${url}`);
}

class App extends EventEmitter {
  readonly isPackaged = false;
  enableSandbox = () => void events.push("sandbox");
  setAppUserModelId = () => {};
  setPath = (name: string, path: string) => {
    this.userData = path;
    events.push(`${name} set`);
  };
  userData = "";
  getPath = () => this.userData;
  requestSingleInstanceLock = () => {
    events.push("single instance");
    return true;
  };
  whenReady = async () => {};
  /** As Electron does it: a listener may hold the end up, and asks again when it is done. */
  quit(): void {
    let held = false;
    this.emit("before-quit", { preventDefault: () => (held = true) });
    if (held) return;
    events.push("gone");
    this.emit("quit");
  }
  exit(code: number): void {
    events.push(`exit ${code}`);
    this.emit("quit");
  }
}
export const app = new App();

type Responder = (request: Request) => Promise<Response>;
export const served: Responder[] = [];
export const protocol = {
  registerSchemesAsPrivileged: () => void events.push("scheme registered"),
  handle: (_scheme: string, respond: Responder) => void served.push(respond),
};

const ignore = () => {};
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: ignore,
    setPermissionCheckHandler: () => void events.push("permissions denied"),
    setDevicePermissionHandler: ignore,
    setDisplayMediaRequestHandler: ignore,
    setSpellCheckerEnabled: ignore,
    webRequest: { onBeforeRequest: () => void events.push("network denied") },
  }),
};
export const dialog = {
  showErrorBox: (title: string, text: string) => void events.push(`${title}: ${text}`),
  showMessageBox: async ({ message }: { message: string }) => {
    events.push(message);
    return { response: 1 };
  },
};
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => "kwallet6",
  encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
  decryptStringAsync: async (bytes: Buffer) => ({
    result: Buffer.from(bytes).reverse().toString(),
    shouldReEncrypt: false,
  }),
};
export const Menu = { setApplicationMenu: ignore, buildFromTemplate: (template: unknown) => template };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const powerMonitor = new EventEmitter();
export const ipcMain = new EventEmitter();
export const shell = { openExternal: async (url: string) => void events.push(`opened ${url}`) };
export default {};
