import { hostname } from "node:os";
import packageJson from "../../package.json" with { type: "json" };
import { webSocketUpstream } from "../engine/sync/websocket.ts";
import { createWorkstation } from "../engine/workstation.ts";
import { destroyDataKey, openDataKey } from "../secrets/data-key.ts";
import type { StartWorkstation } from "./shell-workstation.ts";
import { clock, random, timers } from "./surroundings.ts";

/** The product's engine in the real world: the one place where both shells get it from. */
export const startWorkstation: StartWorkstation = ({ folder, secrets, log, name, tryDemo }) =>
  createWorkstation({
    folder,
    dataKey: () => openDataKey({ folder, secrets }),
    destroyKey: () => destroyDataKey({ folder, secrets }),
    connect: (serverUrl) => webSocketUpstream(serverUrl, timers),
    clock,
    timers,
    random,
    log,
    version: packageJson.version,
    pcName: name ?? hostname(),
    ...(tryDemo && { tryDemo }),
  });
