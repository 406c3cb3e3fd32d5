/** Opens the centre's database, checks that it is what this start wants, and knows its epoch, secret and set-up code. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "../replica/crypto.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import { backUp } from "./backup/dump.ts";
import type { Manifest } from "./backup/file.ts";
import { countRestore } from "./backup/load.ts";
import { type Centre, createCentre, systemAfter } from "./centre.ts";
import type { Database } from "./database/database.ts";
import { migrateCentre } from "./database/migrate.ts";
import { openPglite } from "./database/pglite.ts";
import { openPostgres } from "./database/postgres.ts";
import { openFolderStore } from "./files/folder-store.ts";
import type { BlobStore } from "./files/store.ts";
import { hashCode, makeCode } from "./identity/provision.ts";
import { markCleanStop, takeCleanStop } from "./journal/clean-stop.ts";
import { type Journal, openJournal } from "./journal/journal.ts";
import { captureAll, journalled, savePlace } from "./journal/journalled.ts";
import { replay, standingOf } from "./journal/replay.ts";
import { type FolderLock, lockFolder } from "./lock.ts";
import { retainNightly } from "./retain/nightly.ts";
import { createBakedFiles } from "./snapshots/baked.ts";

export interface BootOptions {
  /** The folder of PGlite, its journal, and the server's secret. */
  readonly dataFolder: string;
  /** PostgreSQL instead of PGlite. */
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  readonly log: Log;
  readonly secret: string | null;
  /** The database was put back from a copy by other means than ours: a new epoch is taken. */
  readonly restored?: boolean;
  /** Where the bytes of attachments lie; `blobs` in the data folder unless said otherwise. */
  readonly blobs?: BlobStore;
}

/** A start that would mix demo and real data, or that cannot be. The message says what to do. */
export class BootRefused extends Error {}

export interface Booted {
  readonly centre: Centre;
  /** Shown once, while the server has no practice. */
  readonly setupCode: string | null;
  /** Says in the folder where the server answers. */
  announce(url: string): void;
  /** Writes a backup to a full path that does not exist yet. */
  backUp(path: string): Promise<Manifest>;
  close(): Promise<void>;
}

export async function boot(options: BootOptions): Promise<Booted> {
  const { dataFolder } = options;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataFolder);
  try {
    const secret = options.secret ?? folderSecret(dataFolder);
    const opened = options.databaseUrl
      ? await openShared(options.databaseUrl, options)
      : await openOwn(options, secret);
    try {
      return await start(options, secret, opened, lock);
    } catch (error) {
      await opened.close().catch(() => {});
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Opened {
  readonly db: Database;
  readonly epoch: string;
  /** When the epoch was taken because of a restore or an unclean stop; null for the first one. */
  readonly since: number | null;
  readonly journal: Journal | null;
  close(): Promise<void>;
}

async function start(options: BootOptions, secret: string, opened: Opened, lock: FolderLock): Promise<Booted> {
  const { demo, log } = options;
  const { db, epoch, since } = opened;
  const folder = join(options.dataFolder, "snapshots");
  const files = createBakedFiles({ db, secret, epoch, folder, now: Date.now, after: systemAfter, log });
  const blobs = options.blobs ?? openFolderStore(join(options.dataFolder, "blobs"));
  const random = systemRandom();
  const centre = createCentre({ db, secret, epoch, since, demo, now: Date.now, random, log, files, blobs });
  await centre.hub.start();
  await files.start();
  const stopRetention = retainNightly(centre);
  const setupCode = demo ? null : await offerSetup(db, centre);
  return {
    centre,
    setupCode,
    announce: lock.announce,
    async backUp(path) {
      const { manifest, place } = await backUp(db, secret, path, Date.now());
      if (place) opened.journal?.backedUp(place.entry);
      opened.journal?.prune(Date.now());
      return manifest;
    },
    async close() {
      stopRetention();
      await centre.hub.stop();
      await files.close();
      await opened.close();
      lock.release();
    },
  };
}

/** PostgreSQL, which other servers may share and which keeps what it said it has. */
async function openShared(url: string, { demo, restored = false }: BootOptions): Promise<Opened> {
  const db = await openPostgres(url);
  try {
    await migrateCentre(db);
    await markKind(db, demo);
    if (restored) await countRestore(db);
    return { db, ...(await readEpoch(db)), journal: null, close: () => db.close() };
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
  }
}

/** PGlite in the folder, with its journal (architecture §1). */
async function openOwn({ dataFolder, demo, log, restored = false }: BootOptions, secret: string): Promise<Opened> {
  const clean = takeCleanStop(dataFolder);
  let journal = openJournal(join(dataFolder, "journal.db"), secret);
  let db: Database | null = null;
  try {
    db = await openFolder(dataFolder, journal);
    await migrateCentre(db);
    const standing = await standingOf(db, journal);
    if (standing === "foreign") journal = setJournalAside(dataFolder, journal, secret, log);
    if (standing === "pruned") throw new BootRefused(tooOld);
    if (standing === "behind") log.warn("brought forward from the journal", { groups: await replay(db, journal) });
    await markKind(db, demo);
    if (restored) await countRestore(db);
    if (!clean || standing === "behind" || standing === "foreign") {
      await db.query("delete from server_meta where key='epoch' and exists (select 1 from practice_head)");
    }
    const { epoch, since } = await readEpoch(db);
    await takeUp(db, journal, epoch);
    const removed = journal.prune(Date.now());
    if (removed > 0) log.info("journal pruned", { groups: removed });
    const close = () => closeOwn(dataFolder, db, journal);
    return { db: journalled(db, journal, epoch), epoch, since, journal, close };
  } catch (error) {
    await db?.close().catch(() => {});
    journal.close();
    throw error;
  }
}

async function closeOwn(dataFolder: string, db: Database | null, journal: Journal): Promise<void> {
  await db?.close();
  journal.close();
  markCleanStop(dataFolder);
}

/** The journal goes on from where the folder stands, under the epoch that holds now. */
async function takeUp(db: Database, journal: Journal, epoch: string): Promise<void> {
  if (journal.isNew()) {
    journal.startBehind(await db.query("select practice_id as practice, seq from practice_head"));
  } else if (journal.epochs().at(-1)?.id === epoch && (await standingOf(db, journal)) === "same") return;
  if (journal.epochs().at(-1)?.id !== epoch) journal.begin(epoch);
  const entry = await db.transaction(async (tx) => {
    await savePlace(tx, { epoch, entry: journal.last() + 1 });
    return captureAll(tx, journal);
  });
  journal.append(entry);
}

const tooOld =
  "The data folder is older than the journal reaches back: some of what came after it is in neither. Nothing was " +
  "changed. Restore a newer backup (npm run server:restore) and leave the journal where it is.";

async function openFolder(dataFolder: string, journal: Journal): Promise<Database> {
  const folder = join(dataFolder, "pglite");
  const isThere = existsSync(folder);
  if (!isThere && journal.pruned() > 0) {
    throw new BootRefused(
      `There is no database in ${dataFolder}, only the journal of one. Nothing was changed. Restore the newest backup ` +
        "(npm run server:restore): the journal then brings what came after it.",
    );
  }
  try {
    return await openPglite(folder);
  } catch (error) {
    // A full disk or a folder of somebody else's is not damage.
    if (!isThere || (error as { code?: string }).code?.startsWith("E")) throw error;
    const aside = join(dataFolder, `pglite-damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`);
    renameSync(folder, aside);
    throw new BootRefused(
      `The database in ${folder} is damaged and does not open. It was set aside as ${aside}; nothing was deleted. ` +
        (journal.pruned() === 0 && journal.last() > 0
          ? "The journal is whole: start the server again, and it makes the database anew from it."
          : "Restore the newest backup (npm run server:restore): the journal then brings what came after it, and the " +
            "workstations offer again what they sent in the last 30 days."),
    );
  }
}

/** A journal of another history (a database was put here that it does not belong to) is kept, and another begun. */
function setJournalAside(dataFolder: string, journal: Journal, secret: string, log: Log): Journal {
  journal.close();
  const path = join(dataFolder, "journal.db");
  const aside = join(dataFolder, `journal-aside-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.db`);
  for (const suffix of ["", "-wal", "-shm"]) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  log.warn("the journal belongs to another database and was set aside", { file: aside });
  return openJournal(path, secret);
}

/** The epoch that holds; a new one where there is none, and since when, unless it is the database's first. */
async function readEpoch(db: Database): Promise<{ epoch: string; since: number | null }> {
  const [practice] = await db.query("select 1 from practice_head limit 1");
  const made = randomBytes(16).toString("hex");
  const epoch = await metaOr(db, "epoch", () => made);
  if (epoch === made && practice) {
    await db.query(
      "insert into server_meta (key, value) values ('epoch_since', $1) on conflict (key) do update set value=excluded.value",
      [String(Date.now())],
    );
  }
  const [since] = await db.query<{ value: string }>("select value from server_meta where key='epoch_since'");
  return { epoch, since: since ? Number(since.value) : null };
}

async function metaOr(db: Database, key: string, make: () => string): Promise<string> {
  await db.query("insert into server_meta (key, value) values ($1, $2) on conflict do nothing", [key, make()]);
  const [row] = await db.query<{ value: string }>("select value from server_meta where key=$1", [key]);
  return row?.value ?? "";
}
/** A database is marked on its first start as demo or as real, for ever (requirements S4-2, S4-31). */
async function markKind(db: Database, demo: boolean): Promise<void> {
  const kind = await metaOr(db, "kind", () => (demo ? "demo" : "real"));
  if (demo && kind !== "demo") {
    throw new BootRefused(
      "This database is not marked as a demo, so the demo server does not touch it. Nothing was changed. " +
        "Start the server without --demo, or give the demo a folder or database of its own.",
    );
  }
  if (!demo && kind === "demo") {
    throw new BootRefused(
      "This database belongs to a demo; a real practice needs an empty one. Nothing was changed. " +
        "Start with --demo, or choose another folder (--data) or database.",
    );
  }
}

export function folderSecret(folder: string): string {
  const path = join(folder, "server-secret");
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return readFileSync(path, "utf8").trim();
}

/** While there is no practice, a one-time code lets the first workstation set one up; a new one at every start. */
async function offerSetup(db: Database, centre: Centre): Promise<string | null> {
  const [practice] = await db.query("select practice_id from practice_head limit 1");
  if (practice) return null;
  const code = makeCode(centre.random);
  await db.query(
    "insert into server_meta (key, value) values ('setup_code', $1) on conflict (key) do update set value=excluded.value",
    [hashCode(code)],
  );
  return code;
}
