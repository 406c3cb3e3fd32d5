/** Devices of the simulator: engines that can crash, be cut off, be cloned, be restored, and have wrong clocks. */

import { openMemoryReplica, type Sqlite } from "../replica/open.ts";
import { createEngine, type Engine } from "../src-main/engine/engine.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Upstream } from "../src-main/engine/sync/upstream.ts";
import { profileStreams, streamBits, streamMask } from "../src-shared/sync/entity.ts";
import type { Body } from "../src-shared/sync/group.ts";
import { type Log, silentLog } from "../src-shared/sync/ports.ts";
import type { SyncRules } from "../src-shared/sync/rules.ts";
import type { Limits } from "../src-shared/sync/wire.ts";
import type { Centre } from "../sync-server/centre.ts";
import { directUpstream } from "./direct.ts";
import { memoryReplicaFor } from "./practice.ts";
import { type Chance, createNetwork, type NetworkControl, type Scheduler, seededRandom, skewedClock } from "./world.ts";

export interface SimDevice {
  readonly name: string;
  engine: Engine;
  readonly network: NetworkControl;
  readonly clock: { skew: number };
  /** What came over its line although it is of no stream that the device holds. */
  readonly leaked: string[];
  /** Whether head office took it out, has what it had left, and it is to be erased. */
  gone: boolean;
  /** Rows that it found to be other than the centre's. */
  mended: number;
  cutOff(): void;
  reconnect(): void;
  /** Ends the engine wherever it is; what was committed stays. */
  crash(): void;
  /** A second device from a copy of this one's files. */
  clone(name: string): SimDevice;
  close(): void;
}

export interface SimDeviceOptions {
  readonly name: string;
  readonly sqlite: Sqlite;
  readonly scheduler: Scheduler;
  readonly dice: Chance;
  readonly rules: SyncRules;
  readonly centreOf: () => Centre | null;
  /** How much one push holds. */
  readonly pushes: Limits;
  /** Whether it compares its rows with the centre's all the while; that costs a third of a run. */
  readonly compares?: boolean;
  readonly log?: Log;
  /** The version of the product that the device runs, asked at every start; today's unless said otherwise. */
  readonly engineFor?: (name: string, sqlite: Sqlite) => typeof createEngine;
  readonly lineTo?: typeof directUpstream;
}

/** A day of the simulator is a minute or two. */
const seen = 6000;
const comparing = { look: 4000, digest: 15_000 };
const never = { look: 1e12, digest: 1e12 };

export function createSimDevice(options: SimDeviceOptions): SimDevice {
  const { name, sqlite, scheduler, dice, rules, centreOf, pushes, log = silentLog } = options;
  const network = createNetwork(scheduler, dice);
  const clock = skewedClock(scheduler);
  const upstream = (options.lineTo ?? directUpstream)(centreOf, network);
  const leaked: string[] = [];
  const line = watchLine(upstream, () => streamMask(profileStreams[device.engine.identity().profile]), leaked);
  const random = seededRandom(dice.int(2 ** 31));
  const start = (): Engine => {
    const engine = (options.engineFor?.(name, sqlite) ?? createEngine)({
      sqlite,
      upstream: line,
      clock,
      timers: scheduler,
      random,
      log: {
        ...log,
        warn(event, detail) {
          if (event === "replica mended") device.mended += 1;
          log.warn(event, { device: name, ...detail });
        },
      },
      app: "sim",
      rules,
      pushes,
      periods: { seen, ...(options.compares ? comparing : never) },
      takenOut: () => {
        device.gone = true;
      },
    });
    engine.start();
    return engine;
  };
  const device: SimDevice = {
    name,
    engine: start(),
    network,
    clock,
    leaked,
    gone: false,
    mended: 0,
    cutOff() {
      network.partitioned = true;
      upstream.cut("cut off");
    },
    reconnect() {
      network.partitioned = false;
      device.engine.sync.tryNow();
    },
    crash() {
      device.engine.close();
      upstream.cut("crashed");
      device.engine = start();
    },
    clone: (copy) => createSimDevice({ ...options, name: copy, sqlite: openMemoryReplica(sqlite.serialize()) }),
    close() {
      device.engine.close();
      upstream.cut("closed");
      sqlite.close();
    },
  };
  return device;
}

/** The line to the centre, with an eye on the bodies that come down it (P11, P12). */
function watchLine(upstream: Upstream, mask: () => number, leaked: string[]): Upstream {
  return {
    async open(onClose) {
      const connection = await upstream.open(onClose);
      return {
        ...connection,
        stream: (input, handlers) =>
          connection.stream(input, {
            ...handlers,
            onBatch(batch) {
              for (const entry of batch.groups)
                for (const { body } of entry.bodies) {
                  const { stream, entity } = JSON.parse(body) as Body;
                  if ((streamBits[stream] & mask()) === 0) leaked.push(`${entity} of ${stream} at ${entry.seq}`);
                }
              handlers.onBatch(batch);
            },
          }),
      };
    },
  };
}

export function newReplica(identity: Identity): Sqlite {
  return memoryReplicaFor(identity);
}
