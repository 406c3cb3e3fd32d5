/** Everything one sync server is made of, put together; the HTTP server and the simulator both start from here. */
import type { Random } from "../src-shared/sync/ids.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import { productRules, type SyncRules } from "../src-shared/sync/rules.ts";
import type { VersionMinima } from "../src-shared/sync/versions.ts";
import { batchLimits, type Limits } from "../src-shared/sync/wire.ts";
import type { Database } from "./database/database.ts";
import type { BlobStore } from "./files/store.ts";
import { createTransfers, type Transfers } from "./files/transfers.ts";
import { productMinima } from "./minima.ts";
import { type AccessCache, createAccessCache } from "./settle/access.ts";
import { createArrivals } from "./settle/arrivals.ts";
import { createAuthorCache } from "./settle/centre-author.ts";
import type { SettleDeps } from "./settle/settle.ts";
import { createStanding } from "./settle/standing.ts";
import type { BakedFiles } from "./snapshots/baked.ts";
import { type BulkReads, createBulkReads, createPushGate, type PushGate } from "./sync/admission.ts";
import type { DigestCache } from "./sync/digest.ts";
import { createHub, type Hub } from "./sync/hub.ts";

export interface CentreOptions {
  readonly db: Database;
  /** Wraps the practices' private keys. */
  readonly secret: string;
  readonly epoch: string;
  /** When this epoch began, if one came before it: the database was restored, or the server ended without a word. */
  readonly since?: number | null;
  readonly demo: boolean;
  readonly now: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly rules?: SyncRules;
  /** How much one batch of a stream holds. */
  readonly batches?: Limits;
  /** Files for filling devices; without them devices are filled by pages. */
  readonly files?: BakedFiles;
  /** Where the bytes of attachments lie; without it none are taken. */
  readonly blobs?: BlobStore;
  /** The oldest versions that are served. */
  readonly minima?: VersionMinima;
  /** Runs a task later; returns what calls it off. */
  readonly after?: (ms: number, task: () => void) => () => void;
}

export interface Centre {
  readonly db: Database;
  readonly epoch: string;
  readonly demo: boolean;
  readonly minima: VersionMinima;
  readonly hub: Hub;
  readonly bulk: BulkReads;
  readonly pushes: PushGate;
  readonly access: AccessCache;
  readonly settle: SettleDeps;
  readonly batches: Limits;
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => () => void;
  readonly random: Random;
  readonly log: Log;
  readonly secret: string;
  readonly files: BakedFiles | null;
  readonly blobs: BlobStore | null;
  readonly transfers: Transfers;
  /** Digests of tables that were computed for the head of a practice's log. */
  readonly digests: DigestCache;
}

export function createCentre(options: CentreOptions): Centre {
  const { db, secret, epoch, demo, random, log, rules = productRules, after = systemAfter } = options;
  // Instants are whole milliseconds everywhere.
  const now = () => Math.floor(options.now());
  const access = createAccessCache();
  const hub = createHub(db, log, after);
  return {
    db,
    epoch,
    demo,
    minima: options.minima ?? productMinima,
    hub,
    bulk: createBulkReads(db.reads),
    pushes: createPushGate(random),
    access,
    now,
    after,
    random,
    log,
    secret,
    digests: new Map(),
    batches: options.batches ?? batchLimits,
    files: options.files ?? null,
    blobs: options.blobs ?? null,
    transfers: createTransfers(),
    settle: {
      db,
      rules,
      random,
      now,
      log,
      access,
      standing: createStanding(),
      queues: new Map(),
      arrivals: createArrivals(epoch, options.since ?? null),
      authorOf: createAuthorCache(secret),
      wake: hub.wake,
    },
  };
}

export function systemAfter(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
