/** Opens the centre's database, checks that it is what this start wants, and knows its epoch, secret and set-up code. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "../replica/crypto.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import { type Centre, createCentre, systemAfter } from "./centre.ts";
import type { Database } from "./database/database.ts";
import { migrateCentre } from "./database/migrate.ts";
import { openPglite } from "./database/pglite.ts";
import { openPostgres } from "./database/postgres.ts";
import { hashCode, makeCode } from "./identity/provision.ts";
import { lockFolder } from "./lock.ts";
import { createBakedFiles } from "./snapshots/baked.ts";

export interface BootOptions {
  /** The folder of PGlite and of the server's secret. */
  readonly dataFolder: string;
  /** PostgreSQL instead of PGlite. */
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  readonly log: Log;
  readonly secret: string | null;
}

/** A start that would mix demo and real data, or that cannot be. The message says what to do. */
export class BootRefused extends Error {}

export interface Booted {
  readonly centre: Centre;
  /** Shown once, while the server has no practice. */
  readonly setupCode: string | null;
  close(): Promise<void>;
}

export async function boot(options: BootOptions): Promise<Booted> {
  const { dataFolder, databaseUrl, demo, log } = options;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataFolder);
  let db: Database | null = null;
  try {
    db = databaseUrl ? await openPostgres(databaseUrl) : await openPglite(join(dataFolder, "pglite"));
    await migrateCentre(db);
    await markKind(db, demo);
    const epoch = await metaOr(db, "epoch", () => randomBytes(16).toString("hex"));
    const secret = options.secret ?? folderSecret(dataFolder);
    const folder = join(dataFolder, "snapshots");
    const files = createBakedFiles({ db, secret, epoch, folder, now: Date.now, after: systemAfter, log });
    const centre = createCentre({ db, secret, epoch, demo, now: Date.now, random: systemRandom(), log, files });
    await centre.hub.start();
    await files.start();
    const setupCode = demo ? null : await offerSetup(db, centre);
    return {
      centre,
      setupCode,
      async close() {
        await centre.hub.stop();
        await files.close();
        await db?.close();
        unlock();
      },
    };
  } catch (error) {
    await db?.close().catch(() => {});
    unlock();
    throw error;
  }
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

function folderSecret(folder: string): string {
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
