import { hostname } from "node:os";
import packageJson from "../../package.json" with { type: "json" };
import { webSocketUpstream } from "../engine/sync/websocket.ts";
import { createWorkstation, type WorkstationOptions } from "../engine/workstation.ts";
import {
  type DataKeyOptions,
  destroyDataKey,
  nextDataKey,
  openDataKey,
  stageNextKey,
  takeNextKey,
} from "../secrets/data-key.ts";
import type { StartWorkstation } from "./shell-workstation.ts";
import { clock, random, timers } from "./surroundings.ts";

/** The product's engine in the real world: the one place where both shells get it from. */
export const startWorkstation: StartWorkstation = ({
  folder,
  secrets,
  log,
  name,
  backups = process.env.HOROPTER_BACKUPS,
  restore,
  tryDemo,
}) =>
  createWorkstation({
    folder,
    ...dataKeys({ folder, secrets }),
    connect: (serverUrl) => webSocketUpstream(serverUrl, timers),
    clock,
    timers,
    random,
    log,
    version: packageJson.version,
    pcName: name ?? hostname(),
    ...(backups && { backups }),
    ...(restore && { restore }),
    ...(tryDemo && { tryDemo }),
  });

/** The keys of a folder's replica, as the engine asks for them. */
export function dataKeys(options: DataKeyOptions): Pick<WorkstationOptions, "dataKey" | "destroyKey" | "nextKey"> {
  return {
    dataKey: () => openDataKey(options),
    destroyKey: () => destroyDataKey(options),
    nextKey: {
      get: () => nextDataKey(options),
      stage: (key) => stageNextKey(options, key),
      take: () => takeNextKey(options),
    },
  };
}
