/**
 * Puts a replica back in order while no engine runs on it: a damaged one is moved aside and built anew from what it and
 * the backups still give; a backup takes the place of the present one, behind a fence. Cut off anywhere, the next start
 * carries on.
 */
import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { schemaVersion } from "../../../migrations/index.ts";
import { changeKey, isDamage, openReplica, ReplicaError, type Sqlite } from "../../../replica/open.ts";
import type { Log } from "../../../src-shared/sync/ports.ts";
import { createState, type Identity } from "../state.ts";
import {
  type Aside,
  asideName,
  asideUnderWay,
  dropDraftNote,
  forgetAside,
  moveAside,
  noteAside,
  syncFolder,
} from "./aside.ts";
import { bringFilesBack } from "./backup-files.ts";
import { allBackups, keepBackup, openBackupsFolder } from "./backups.ts";
import type { Beside } from "./beside.ts";
import type { Fence } from "./fence.ts";
import { type CareEvent, type CareRecord, withEvent } from "./log.ts";
import { isLogCut } from "./log-cut.ts";
import { readMark } from "./mark.ts";
import type { OldKeys } from "./old-keys.ts";
import { removeCarrier } from "./pages.ts";
import { buildReplica, fillFrom, isOpen, mayBeOlder, mergeUnsent, placeLost } from "./rebuild.ts";
import { keyOfUsable, prepareRestored } from "./restored.ts";
import type { Salvaged } from "./salvage.ts";

export interface RecoveryOptions {
  readonly folder: string;
  /** The replica's file name in the folder. */
  readonly name: string;
  /** A folder of backups beside the data folder's own; null for none. */
  readonly backups: string | null;
  readonly oldKeys: OldKeys;
  readonly now: () => number;
  readonly log: Log;
  readonly beside: Beside;
}

export function createRecovery({ folder, name, backups, oldKeys, now, log, beside }: RecoveryOptions) {
  const path = join(folder, name);
  const next = `${path}.next`;

  const asidePath = (aside: Aside) => join(folder, aside.folder, name);

  async function salvageFrom(aside: Aside, key: Uint8Array): Promise<Salvaged> {
    const workFolder = join(folder, aside.folder);
    if (!existsSync(asidePath(aside))) return nothingFound;
    let found = await beside("salvage", { path: asidePath(aside), key, workFolder });
    const mark = readMark(folder);
    if (!mayBeOlder(found, mark)) return found;
    const device = found.identity?.device ?? mark?.device;
    // From before the replica was exchanged for a file, too: the device and its chain went over to that.
    for (const backup of allBackups(folder, backups, [key, ...(await oldKeys.all())])) {
      try {
        const more = await beside("salvage", { path: backup.path, key: backup.key, workFolder });
        // Of the device that this PC was before it joined anew.
        if (device && more.identity && more.identity.device !== device) continue;
        found = fillFrom(found, more);
        break;
      } catch (error) {
        log.warn("a backup could not be read", { error: (error as Error).message });
      }
    }
    return found;
  }

  /** Finishes what is under way. */
  async function finish(aside: Aside, key: Uint8Array): Promise<void> {
    if (aside.lost) return finishJoining(key);
    // A backup is beside the replica's place until it is in it; there may have been nothing that it replaced.
    const placed = existsSync(path) && (aside.kind === "replaced" ? !existsSync(next) : existsSync(asidePath(aside)));
    if (!placed) {
      moveAside(folder, aside, name);
      if (aside.kind === "replaced") await finishRestore(aside, key);
      else if (!(await finishRepair(aside, key))) return;
    }
    forgetAside(folder);
  }

  /** The device that takes a lost one's place was being made: it has all that the lost one had, or nothing yet. */
  function finishJoining(key: Uint8Array): void {
    const db = openReplica({ path, key, readonly: true });
    const tables = db.prepare("select count(*) from sqlite_master where name='sync_meta'").pluck().get();
    const joined = tables && db.prepare("select 1 from sync_meta where key='identity'").get();
    db.close();
    if (joined) forgetAside(folder);
    else setUnfinishedAside(key);
  }

  async function finishRepair(aside: Aside, key: Uint8Array): Promise<boolean> {
    const found = await salvageFrom(aside, key);
    const unsent = found.groups.filter(isOpen).length;
    log.warn("replica salvaged", { groups: found.groups.length, unsent, identity: found.identity !== null });
    if (!found.identity) {
      noteAside(folder, { ...aside, lost: { groups: unsent } });
      return false;
    }
    const adopting = (found.meta.fence ? (JSON.parse(found.meta.fence) as Fence) : null)?.reason === "adopted";
    const older = mayBeOlder(found, readMark(folder));
    const fence: Fence | null = older ? { reason: adopting ? "adopted" : "salvaged", since: now() } : null;
    const event: CareEvent = {
      at: aside.at,
      kind: "repaired",
      unsent,
      missing: missingIn(found),
      folder: aside.folder,
      goesOn: older ? "new_numbers" : "same",
    };
    removeDraft();
    buildReplica(next, key, { ...found, meta: { ...found.meta, care: record(found, event) } }, fence);
    placeNext();
    return true;
  }

  async function finishRestore(aside: Aside, key: Uint8Array): Promise<void> {
    const found = existsSync(asidePath(aside)) ? await salvageFrom(aside, key) : nothingFound;
    const db = openReplica({ path: next, key });
    try {
      // What the backup does not know of and the centre does not have may be lost by no restore.
      const kept = mergeUnsent(db, found);
      log.warn("replica restored", { kept });
      db.pragma("wal_checkpoint(TRUNCATE)");
    } finally {
      db.close();
    }
    placeNext();
  }

  /** A file without an identity was never more than begun; it lies aside like everything else. */
  function setUnfinishedAside(key: Uint8Array): void {
    const at = now();
    const aside = { kind: "replaced", folder: asideName("unfinished", at, key), at, cause: "NO_IDENTITY" } as const;
    moveAside(folder, aside, name);
  }

  /** Takes away what a power cut left of something that had not begun to count. */
  function tidy(aside: Aside | null): void {
    dropDraftNote(folder);
    removeCarrier(folder);
    if (aside?.kind !== "replaced") removeDraft();
  }
  function removeDraft(): void {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${next}${suffix}`, { force: true });
  }
  function placeNext(): void {
    syncFolder(folder);
    renameSync(next, path);
    syncFolder(folder);
  }

  return {
    /** What was moved aside and still waits for a new enrolment; null when nothing does. */
    lost: (): Aside | null => {
      const aside = asideUnderWay(folder);
      return aside?.lost ? aside : null;
    },
    /**
     * Before a newer version changes the schema, a backup of what is there: two are kept, on this PC's own disk.
     *
     * @throws what SQLite throws when it cannot be made; then nothing is migrated.
     */
    async backUpBeforeMigrating(key: Uint8Array): Promise<void> {
      const db = openReplica({ path, key, readonly: true });
      try {
        const schema = db.pragma("user_version", { simple: true }) as number;
        if (schema === 0 || schema >= schemaVersion) return;
        const place = openBackupsFolder(folder, null, "");
        await keepBackup(
          place,
          { kind: "migration", key, schema },
          now(),
          (to) => void db.prepare("vacuum into ?").run(to),
        );
        log.info("backed up before migrating", { schema, to: schemaVersion });
      } finally {
        db.close();
      }
    },

    /** Whether the next start has to finish something before it opens the replica. */
    isUnderWay: (): boolean => {
      const aside = asideUnderWay(folder);
      return aside !== null && (!aside.lost || existsSync(path));
    },
    async carryOn(key: Uint8Array): Promise<void> {
      const aside = asideUnderWay(folder);
      tidy(aside);
      if (aside && !(aside.lost && !existsSync(path))) await finish(aside, key);
    },
    /** Moves the damaged replica aside and builds a new one; afterwards there is one, or a new enrolment is needed. */
    async repair(key: Uint8Array, cause: string): Promise<void> {
      const at = now();
      const aside: Aside = { kind: "damaged", folder: asideName("damaged", at, key), at, cause };
      noteAside(folder, aside);
      await finish(aside, key);
    },

    /**
     * Whether a replica that would not open is damaged. A wrong key looks the same as a damaged first page, so other pages
     * are asked: none opens under a wrong one.
     */
    async isDamaged(error: unknown, key: Uint8Array): Promise<boolean> {
      if (isDamage(error)) return true;
      if (!(error instanceof ReplicaError) || error.code !== "WRONG_KEY") return false;
      return beside("opensSomePage", { path, key, workFolder: folder });
    },

    isLogCut: (key: Uint8Array): boolean => isLogCut(folder, path, key),

    setUnfinishedAside,

    /**
     * Puts a backup in the replica's place, under the present key, whichever it was made with. The present replica is moved
     * aside; what it had not sent goes along.
     *
     * @throws Refusal `BACKUP_UNUSABLE`; then nothing was changed.
     */
    async restore(key: Uint8Array, file: string): Promise<void> {
      const made = await keyOfUsable(beside, [key, ...(await oldKeys.all())], file);
      removeDraft();
      copyFileSync(file, next);
      bringFilesBack(dirname(file), folder);
      if (made !== key) changeKey({ path: next, key: made }, key);
      const at = now();
      const present = existsSync(path);
      // What was damaged beyond telling whose it was waits for whoever takes its place: what it had not sent goes along.
      const lost = present ? null : asideUnderWay(folder);
      const place = lost?.lost ? lost.folder : asideName("replaced", at, key);
      const aside: Aside = { kind: "replaced", folder: place, at, cause: "RESTORE" };
      prepareRestored(next, key, { at, aside: present || lost?.lost ? place : null });
      noteAside(folder, aside);
      await finish(aside, key);
    },

    /** What a lost device had not sent, for the one that takes its place. */
    async lostGroups(key: Uint8Array): Promise<LostGroups | null> {
      const aside = asideUnderWay(folder);
      if (!aside?.lost) return null;
      const found = await salvageFrom(aside, key);
      return {
        place(sqlite, device) {
          const unsent = placeLost(sqlite, found, device, now());
          const event: CareEvent = {
            at: aside.at,
            kind: "repaired",
            unsent,
            missing: missingIn(found),
            folder: aside.folder,
            goesOn: "new_device",
          };
          createState(sqlite).setMeta("care", JSON.parse(record(found, event)));
        },
        placed: () => forgetAside(folder),
      };
    },
  };
}

export interface LostGroups {
  /** Hands them over, in the transaction that says whose the new replica is. */
  place(sqlite: Sqlite, device: Identity): void;
  /** To be called once that is on the disk. */
  placed(): void;
}

function record(found: Salvaged, event: CareEvent): string {
  const before = found.meta.care ? (JSON.parse(found.meta.care) as CareRecord) : null;
  return JSON.stringify(withEvent(before, event));
}

/** How many groups between the first that was found and the last that was used are not there. */
function missingIn({ groups, clock, identity }: Salvaged): number {
  const seqs = groups.filter(({ epoch }) => epoch === (identity?.epoch ?? epoch)).map(({ seq }) => seq);
  const last = Math.max(clock?.seq ?? 0, ...seqs);
  return seqs.length === 0 ? 0 : last - Math.min(...seqs) + 1 - seqs.length;
}

const nothingFound: Salvaged = {
  identity: null,
  meta: {},
  clock: null,
  serverEpoch: null,
  groups: [],
  quarantine: [],
  labels: [],
  verifiers: [],
  drafts: [],
  reactions: [],
  whole: false,
};
