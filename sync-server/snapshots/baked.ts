/**
 * Files baked for devices: one when an enrolment code is made, or when a device asks. The key of each is wrapped by the
 * server's secret until the device is known, then sealed to the device, and then nobody here can open the file any more.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { schemaVersion } from "../../migrations/index.ts";
import { seal, sealedFor } from "../../replica/sealing.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Log } from "../../src-shared/sync/ports.ts";
import { type BootstrapFile, bakedKeyPurpose } from "../../src-shared/sync/wire.ts";
import type { Database, Queryable } from "../database/database.ts";
import { type ConnectedDevice, maskOf } from "../sync/connection.ts";
import { removeFile } from "./files.ts";
import { unwrapFileKey, wrapFileKey } from "./keys.ts";
import { createOven } from "./oven.ts";
import { countRows } from "./pages.ts";
import { createThread } from "./thread.ts";

export interface BakedFilesOptions {
  readonly db: Database;
  readonly secret: string;
  readonly epoch: string;
  /** Of the snapshots; made if missing, and used by this process alone. */
  readonly folder: string;
  /** UTC milliseconds. */
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => () => void;
  readonly log: Log;
  /** A practice of fewer rows is filled by pages, which takes less time than making a file. */
  readonly smallest?: number;
}

export type BakedFiles = ReturnType<typeof createBakedFiles>;

/** Milliseconds that a device which waits is kept waiting before it is told how far its file is. */
const hold = 500;
/** A file serves its device for a day after it was made for it. */
const life = 86_400_000;
const sweepEvery = 3_600_000;
/** After a failure (a full disk, say) nothing is tried for a while, and devices are filled by pages. */
const rest = 60_000;

export function createBakedFiles(options: BakedFilesOptions) {
  const { db, secret, epoch, now, after, log, smallest = 20_000 } = options;
  const folder = join(options.folder, "baked");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const thread = createThread(after);
  const oven = createOven({ db, secret, epoch, folder: options.folder, thread, after, log });
  /** The files that this process is making: how far each is, 0 to 1, and who waits for it. */
  const making = new Map<Id, { done: number; readonly over: PromiseWithResolvers<void> }>();
  /** Requests of devices that are being looked into: a second one waits for the first. */
  const asked = new Map<Id, Promise<BootstrapFile>>();
  let failedAt = Number.NEGATIVE_INFINITY;
  let cancelSweep: (() => void) | null = null;
  let closed = false;

  const pathOf = (id: Id) => join(folder, `${id}.db`);

  async function worthIt(practice: Id, mask: number): Promise<boolean> {
    return now() - failedAt > rest && (await countRows(db, practice, mask, smallest)) >= smallest;
  }

  /** Notes the file and begins to make it; resolves when it is noted. */
  async function begin(file: {
    practice: Id;
    profile: DeviceProfile;
    codeHash: string | null;
    device: Id | null;
    expiresAt: number;
  }): Promise<void> {
    const id = randomUUID().replaceAll("-", "");
    await db.query(
      `insert into baked_file (practice_id, id, code_hash, device_id, profile, server_epoch, seq, schema, state, size,
         sha256, wrapped_key, sealed_key, expires_at) values ($1,$2,$3,$4,$5,$6,0,$7,'baking',0,null,null,null,$8)`,
      [file.practice, id, file.codeHash, file.device, file.profile, epoch, schemaVersion, file.expiresAt],
    );
    making.set(id, { done: 0, over: Promise.withResolvers() });
    void make(file.practice, id, maskOf(file.profile)).catch(async (error: Error) => {
      if (closed) return;
      failedAt = now();
      log.error("file for a device not made", { error: error.message });
      await db.query("delete from baked_file where practice_id=$1 and id=$2", [file.practice, id]).catch(() => {});
      removeFile(pathOf(id));
    });
  }

  async function make(practice: Id, id: Id, mask: number): Promise<void> {
    const key = randomBytes(32);
    try {
      const baked = await oven.bake({
        practice,
        mask,
        to: { path: pathOf(id), key },
        progress(done) {
          const entry = making.get(id);
          if (entry) entry.done = done;
        },
      });
      await db.transaction(async (tx) => {
        const [row] = await tx.query<{ device_id: Id | null }>(
          `update baked_file set state='ready', seq=$3, size=$4, sha256=$5, wrapped_key=$6
           where practice_id=$1 and id=$2 returning device_id`,
          [practice, id, baked.seq, baked.size, baked.sha256, wrapFileKey(secret, id, key)],
        );
        // Somebody joined with the code meanwhile, or asked in person.
        if (row?.device_id) await sealTo(tx, practice, id, key, await keyOf(tx, practice, row.device_id));
      });
    } finally {
      making.get(id)?.over.resolve();
      making.delete(id);
    }
  }

  /** Waits until the file is made, a moment at most: who asks is told at once when it is. */
  function madeSoon(id: Id): Promise<void> {
    const entry = making.get(id);
    if (!entry) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = after(hold, resolve);
      void entry.over.promise.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** From here on only the device can open the file. */
  async function sealTo(tx: Queryable, practice: Id, id: Id, key: Uint8Array, x25519: string): Promise<void> {
    await tx.query("update baked_file set wrapped_key=null, sealed_key=$3 where practice_id=$1 and id=$2", [
      practice,
      id,
      seal(x25519, bakedKeyPurpose(id), key),
    ]);
  }

  async function keyOf(tx: Queryable, practice: Id, device: Id): Promise<string> {
    const [row] = await tx.query<{ x25519: string }>(
      "select x25519 from device_key where practice_id=$1 and device_id=$2 order by epoch desc limit 1",
      [practice, device],
    );
    if (!row) throw new Error("The device has no key");
    return row.x25519;
  }

  interface Row {
    readonly id: Id;
    readonly profile: DeviceProfile;
    readonly state: string;
    readonly seq: number;
    readonly size: number;
    readonly sha256: string;
    readonly sealed_key: string | null;
  }

  async function look(asking: ConnectedDevice, waited = false): Promise<BootstrapFile> {
    const { practice, device, profile, mask } = asking;
    const rows = await db.query<Row>(
      `select id, profile, state, seq, size, sha256, sealed_key from baked_file
       where practice_id=$1 and device_id=$2 and server_epoch=$3 and schema=$4 and expires_at > $5
         and (state='baking' or seq >= coalesce((select log_floor from practice_head where practice_id=$1), 0))
       order by seq desc`,
      [practice, device, epoch, schemaVersion, now()],
    );
    const key = await keyOf(db, practice, device);
    for (const row of rows) {
      if (maskOf(row.profile) !== mask) continue;
      const entry = making.get(row.id);
      if (entry && waited) return { kind: "baking", done: entry.done, afterMs: 0 };
      if (entry) {
        await madeSoon(row.id);
        return look(asking, true);
      }
      // Made by another server, whose folder this is not.
      if (row.state !== "ready" || sizeOf(row.id) !== row.size) continue;
      if (!row.sealed_key || !sealedFor(row.sealed_key, key)) continue;
      const { id, size, sha256, seq } = row;
      const file = { id, size, sha256, seq, sealedKey: row.sealed_key };
      return { kind: "ready", ...file, serverEpoch: epoch, streamSet: mask, schema: schemaVersion };
    }
    if (!(await worthIt(practice, mask))) return { kind: "none" };
    await begin({ practice, profile, codeHash: null, device, expiresAt: now() + life });
    return { kind: "baking", done: 0, afterMs: 0 };
  }

  function sizeOf(id: Id): number | null {
    return statSync(pathOf(id), { throwIfNoEntry: false })?.size ?? null;
  }

  /** Removes what is past its time: rows of everybody, files of this folder. */
  async function sweep(): Promise<void> {
    await db.query("delete from baked_file where expires_at <= $1", [now()]);
    const names = readdirSync(folder);
    if (names.length === 0) return;
    const kept = new Set((await db.query<{ id: Id }>("select id from baked_file")).map(({ id }) => id));
    for (const name of names) {
      const id = name.slice(0, 32);
      if (!kept.has(id) && !making.has(id)) removeFile(join(folder, name));
    }
  }
  function sweepLater(): void {
    cancelSweep = after(sweepEvery, () => {
      sweep()
        .catch((error: Error) => log.warn("old files not removed", { error: error.message }))
        .finally(() => {
          if (!closed) sweepLater();
        });
    });
  }

  return {
    /** Removes what an earlier run left half-made or past its time, then goes on doing so. */
    async start(): Promise<void> {
      for (const name of readdirSync(options.folder)) {
        if (/\.new(-\w+)?$/.test(name)) removeFile(join(options.folder, name));
      }
      await sweep();
      sweepLater();
    },

    /** Begins a file for whoever joins with a code; one that is small is not worth it. */
    async forCode(code: { practice: Id; profile: DeviceProfile; codeHash: string; expiresAt: number }): Promise<void> {
      if (await worthIt(code.practice, maskOf(code.profile))) await begin({ ...code, device: null });
    },

    /** Gives the code's file to the device that joined with it, inside its enrolment. */
    async claim(tx: Queryable, practice: Id, codeHash: string, device: Id, x25519: string): Promise<void> {
      const rows = await tx.query<{ id: Id; wrapped_key: string | null }>(
        `update baked_file set device_id=$3, code_hash=null, expires_at=$4
         where practice_id=$1 and code_hash=$2 returning id, wrapped_key`,
        [practice, codeHash, device, now() + life],
      );
      for (const { id, wrapped_key } of rows) {
        if (wrapped_key) await sealTo(tx, practice, id, unwrapFileKey(secret, id, wrapped_key), x25519);
      }
    },

    /** The device's file, how far it is, or that there is none. */
    offer(device: ConnectedDevice): Promise<BootstrapFile> {
      const known = asked.get(device.device);
      if (known) return known;
      const answer = look(device).finally(() => asked.delete(device.device));
      asked.set(device.device, answer);
      return answer;
    },

    /** Where a file lies; `gone` for one that was here for a time, `unknown` for any other. */
    async find(id: Id): Promise<{ path: string; size: number } | "gone" | "unknown"> {
      const [row] = await db.query<{ state: string; size: number; expires_at: number }>(
        "select state, size, expires_at from baked_file where id=$1",
        [id],
      );
      if (row && row.expires_at <= now()) return "gone";
      if (row?.state !== "ready" || sizeOf(id) !== row.size) return "unknown";
      return { path: pathOf(id), size: row.size };
    },

    sweep,
    /** Resolves when nothing is being made any more. */
    async rest(): Promise<void> {
      await Promise.all([...making.values()].map(({ over }) => over.promise));
      await oven.rest();
    },

    async close(): Promise<void> {
      closed = true;
      cancelSweep?.();
      await thread.close();
      await oven.rest().catch(() => {});
    },
  };
}
