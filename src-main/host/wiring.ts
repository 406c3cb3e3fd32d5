import { hostname } from "node:os";
import packageJson from "../../package.json" with { type: "json" };
import { webSocketUpstream } from "../engine/sync/websocket.ts";
import { createWorkstation, type WorkstationOptions } from "../engine/workstation.ts";
import {
  type DataKeyOptions,
  destroyDataKey,
  forgetOldKeys,
  nextDataKey,
  oldDataKeys,
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

/** The keys of a folder's replica, as the engine asks for them; of what changes them one waits for the other. */
export function dataKeys(
  options: DataKeyOptions,
): Pick<WorkstationOptions, "dataKey" | "destroyKey" | "nextKey" | "oldKeys"> {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = last.then(task);
    last = next.catch(() => {});
    return next;
  }
  return {
    dataKey: () => inTurn(() => openDataKey(options)),
    destroyKey: () => inTurn(() => destroyDataKey(options)),
    nextKey: {
      get: () => nextDataKey(options),
      stage: (key) => inTurn(() => stageNextKey(options, key)),
      take: () => inTurn(() => takeNextKey(options)),
    },
    oldKeys: {
      all: () => oldDataKeys(options),
      forget: (isNeeded) => inTurn(() => forgetOldKeys(options, isNeeded)),
    },
  };
}
