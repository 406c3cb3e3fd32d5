/** A centre that makes files, behind real sockets, and workstations in folders that are filled by them; for tests. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "../replica/crypto.ts";
import type { NextKey } from "../src-main/engine/sync/exchange.ts";
import type { BlobLine, Download, Upstream } from "../src-main/engine/sync/upstream.ts";
import { webSocketUpstream } from "../src-main/engine/sync/websocket.ts";
import { createWorkstation, type Workstation } from "../src-main/engine/workstation.ts";
import { dataKeys } from "../src-main/host/wiring.ts";
import { mapStore } from "../src-main/secrets/map-store.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import type { Centre } from "../sync-server/centre.ts";
import { systemAfter } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";
import { openFolderStore } from "../sync-server/files/folder-store.ts";
import { startHttp } from "../sync-server/http.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import { type BakedFiles, createBakedFiles } from "../sync-server/snapshots/baked.ts";
import { openTestCentre, type SmallPractice, smallPractice, systemClock, systemTimers } from "./practice.ts";

const secret = "test secret of the centre";

const folders: string[] = [];
/** A folder that goes when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "horopter-filing-"));
  folders.push(folder);
  if (folders.length === 1) {
    process.once("exit", () => {
      for (const each of folders) rmSync(each, { recursive: true, force: true });
    });
  }
  return folder;
}

export interface FilingCentre {
  readonly centre: Centre;
  readonly files: BakedFiles;
  readonly url: string;
  /** Where the bytes of attachments lie. */
  readonly blobFolder: string;
  close(): Promise<void>;
}

/** One sync server over `db`, with a folder of its own for its files. Even the smallest practice gets one. */
export async function startFilingCentre(
  db: Database,
  {
    folder = temporaryFolder(),
    epoch = "epoch-1",
    now = Date.now,
    smallest = 0,
    blobFolder = temporaryFolder(),
    blobs = openFolderStore(blobFolder),
  } = {},
): Promise<FilingCentre> {
  mkdirSync(folder, { recursive: true });
  const files = createBakedFiles({ db, secret, epoch, folder, now, after: systemAfter, log: silentLog, smallest });
  await files.start();
  const centre = await openTestCentre({ db, epoch, now, files, blobs });
  const http = await startHttp(centre, { host: "127.0.0.1", port: 0 });
  return {
    centre,
    files,
    url: http.url,
    blobFolder,
    async close() {
      await http.close();
      await files.close();
    },
  };
}

export const practiceAt = ({ centre }: FilingCentre): Promise<SmallPractice> => smallPractice(centre);

/** A code for one more device, as head office makes it. */
export async function codeAt({ centre }: FilingCentre, practice: SmallPractice, profile: DeviceProfile = "till") {
  const input = { practice: practice.practice, by: null, branch: practice.branches.leeds, deviceName: "", profile };
  return (await storeCode(centre, input)).code;
}

/** The line of one workstation, which a test can cut, spoil and watch. */
export interface Line {
  /** The centre's address, which may change. */
  url: string;
  /** The positions from which downloads began. */
  readonly asked: number[];
  /** Bytes of one download after which it is cut; once. */
  cutAfter: number | null;
  /** Flips a bit of the next download. */
  spoil: boolean;
  /** Holds downloads back until it is called, so that they are under way. */
  hold: Promise<void> | null;
  /** Bytes that have arrived. */
  arrived: number;
  /** Where parts of attachments began that were sent, and where fetching them began. */
  readonly putAt: number[];
  readonly gotFrom: number[];
  /** Bytes of attachments, in either direction, after which the line is cut; once. */
  cutBlobsAfter: number | null;
}

export interface FiledWorkstation {
  readonly workstation: Workstation;
  readonly line: Line;
  readonly folder: string;
  readonly secrets: Map<string, string>;
  /** Called once, in the moment before a file takes the replica's place. */
  beforeExchange: (() => void) | null;
  close(): Promise<void>;
}

/** A workstation over `folder`, as a shell starts it. `secrets` is its keychain. */
export async function startFiled(
  url: string,
  {
    folder = temporaryFolder(),
    secrets = new Map<string, string>(),
    ...options
  }: { folder?: string; secrets?: Map<string, string>; restore?: string; backups?: string } = {},
): Promise<FiledWorkstation> {
  const line: Line = {
    url,
    asked: [],
    cutAfter: null,
    spoil: false,
    hold: null,
    arrived: 0,
    putAt: [],
    gotFrom: [],
    cutBlobsAfter: null,
  };
  const store = mapStore("test", Object.fromEntries(secrets), async (entries) => {
    secrets.clear();
    for (const [name, value] of Object.entries(entries)) secrets.set(name, value);
  });
  const keys = dataKeys({ folder, secrets: store });
  const nextKey = keys.nextKey as NextKey;
  const started = { line, folder, secrets, beforeExchange: null as (() => void) | null };
  const workstation = await createWorkstation({
    folder,
    ...keys,
    nextKey: {
      ...nextKey,
      async stage(key) {
        await nextKey.stage(key);
        const before = started.beforeExchange;
        started.beforeExchange = null;
        before?.();
      },
    },
    connect: () => watched(line),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom(),
    log: silentLog,
    version: "test",
    pcName: "Test PC",
    ...options,
  });
  return Object.assign(started, { workstation, close: () => workstation.close() });
}

function watched(line: Line): Upstream {
  const real = () => webSocketUpstream(line.url, systemTimers);
  return {
    open: (onClose) => real().open(onClose),
    blobs: {
      put(part, bytes, signal) {
        line.putAt.push(part.at);
        return (real().blobs as BlobLine).put(part, cutting(line, bytes), signal);
      },
      get(blob, ticket, from, signal) {
        line.gotFrom.push(from);
        return cutting(line, (real().blobs as BlobLine).get(blob, ticket, from, signal));
      },
    },
    async *download(id, from, signal) {
      line.asked.push(from);
      let sent = 0;
      const download = real().download as Download;
      for await (const bytes of download(id, from, signal)) {
        const chunk = Buffer.from(bytes);
        if (line.spoil) {
          line.spoil = false;
          chunk[chunk.length >> 1] = ~(chunk[chunk.length >> 1] as number);
        }
        if (line.cutAfter !== null && sent + chunk.length > line.cutAfter) {
          const rest = chunk.subarray(0, line.cutAfter - sent);
          line.cutAfter = null;
          line.arrived += rest.length;
          yield rest;
          throw new Error("the line was cut");
        }
        sent += chunk.length;
        line.arrived += chunk.length;
        yield chunk;
        await line.hold;
        signal.throwIfAborted();
      }
    },
  };
}

async function* cutting(line: Line, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    if (line.cutBlobsAfter !== null) {
      if (chunk.length > line.cutBlobsAfter) {
        const rest = chunk.subarray(0, line.cutBlobsAfter);
        line.cutBlobsAfter = null;
        yield rest;
        throw new Error("the line was cut");
      }
      line.cutBlobsAfter -= chunk.length;
    }
    yield chunk;
  }
}
