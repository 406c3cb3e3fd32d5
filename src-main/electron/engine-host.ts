import type { TransportPort } from "../../src-shared/transport/port.ts";
import { type PortServer, servePort } from "../../src-shared/transport/port-server.ts";
import { reportOf } from "../host/report.ts";
import type { ShellWorkstation, StartWorkstation } from "../host/shell-workstation.ts";
import { openLog } from "../host/surroundings.ts";
import { type FromEngine, type ToEngine, toEngine } from "./engine-messages.ts";
import { remoteSecrets } from "./secrets-channel.ts";

export interface EngineHostOptions {
  readonly startWorkstation: StartWorkstation;
  readonly send: (message: FromEngine) => void;
  /** Ends this process. */
  readonly exit: (code: number) => void;
}

/** The engine's process from inside: starts the workstation and serves it on the ports it is given. */
export interface EngineHost {
  receive(message: unknown, ports: readonly TransportPort[]): void;
}

export function createEngineHost({ startWorkstation, send, exit }: EngineHostOptions): EngineHost {
  let workstation: Promise<ShellWorkstation> | null = null;
  const servers = new Map<string, PortServer>();

  async function start(folder: string, restore: string | undefined, port: TransportPort): Promise<ShellWorkstation> {
    const began = performance.now();
    const log = openLog(folder, { quiet: true });
    const started = await startWorkstation({
      folder,
      log,
      secrets: await remoteSecrets(port),
      ...(restore && { restore }),
    });
    send({ type: "ready", ms: Math.round(performance.now() - began) });
    return started;
  }

  async function serve(connection: string, port: TransportPort): Promise<void> {
    const { router, context } = await begun();
    const server = servePort({ port, router, context: () => context(connection) });
    // A page that was loaded again has left its port behind, and nothing may have said so.
    void servers.get(connection)?.close();
    servers.set(connection, server);
    await server.closed;
    if (servers.get(connection) === server) servers.delete(connection);
  }

  async function stop(): Promise<void> {
    const running = await workstation?.catch(() => null);
    await Promise.all([...servers.values()].map((server) => server.close()));
    await running?.close();
    send({ type: "stopped" });
    exit(0);
  }

  async function mayInstall(id: number): Promise<void> {
    // Whatever keeps the engine from answering is a reason not to replace it.
    const unknown = { safe: false, reasons: ["The engine does not say whether it is safe."] };
    const readiness = await begun()
      .then((running) => running.installReadiness?.())
      .catch(() => undefined);
    const { safe, reasons } = readiness ?? unknown;
    send({ type: "may-install", id, safe, reasons: [...reasons] });
  }

  function begun(): Promise<ShellWorkstation> {
    return workstation ?? Promise.reject(new Error("The engine was not told to start"));
  }

  async function handle(message: ToEngine, [port]: readonly TransportPort[]): Promise<void> {
    switch (message.type) {
      case "start":
        if (workstation || !port) return;
        workstation = start(message.folder, message.restore, port);
        workstation.catch((error: unknown) => {
          send({ type: "failed", ...reportOf(error) });
          exit(1);
        });
        return;
      case "port":
        if (port) await serve(message.connection, port);
        return;
      case "suspend":
        await (await begun()).suspend?.();
        return;
      case "resume":
        await (await begun()).resume?.();
        return;
      case "may-install":
        return mayInstall(message.id);
      case "stop":
        return stop();
    }
  }

  return {
    receive(message, ports) {
      // From our own main process; anything else in it would be a mistake of ours, and the engine does not guess.
      const parsed = toEngine.parse(message);
      // A start that failed has been told; what waited for it has nothing to add.
      handle(parsed, ports).catch(() => {});
    },
  };
}
