import { unlinkSync } from "node:fs";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { refuse } from "../../src-shared/sync/ports.ts";
import { isRunning, isSameStart, machineName, processStart } from "./process-start.ts";

export const LOCK_FILE = "horopter.lock";
const TAKEOVER_FILE = "horopter.lock.takeover";

const claimSchema = z.object({
  pid: z.number().int().positive(),
  /** See `processStart`; null where the system does not say. */
  start: z.string().nullable(),
  /** See `machineName`. */
  machine: z.string(),
  /** Its name, for the person. */
  computer: z.string(),
  /** What holds it, in words for the person: "the desktop app", "the browser host". */
  holder: z.string(),
  at: z.number(),
});
type Claim = z.infer<typeof claimSchema>;

export interface FolderLock {
  /** Lets another process have the folder. Also done when this process exits by itself. */
  release(): Promise<void>;
}

/**
 * Takes a data folder for this process, before any database in it is opened.
 *
 * The lock is a file that names its process. One whose process is gone, or whose number another process has since,
 * is taken over; one that cannot be judged (another computer's, on a shared folder) is respected.
 *
 * @throws Refusal `FOLDER_IN_USE` or `FOLDER_IN_USE_ELSEWHERE`.
 */
export async function lockFolder(folder: string, holder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, LOCK_FILE);
  const start = await processStart(process.pid);
  const machine = await machineName();
  const claim: Claim = { pid: process.pid, start, machine, computer: hostname(), holder, at: Date.now() };
  const text = JSON.stringify(claim);
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await place(path, text)) return held(path, text);
    const found = await readFile(path, "utf8").catch(() => null);
    if (found === null) continue;
    const other = parse(found);
    if (other && other.machine !== machine) throw inUseElsewhere(folder, other);
    if (other && (await isAlive(other))) throw inUse(folder, other);
    if (!other && (await isFresh(path))) {
      // Somebody is writing it at this moment, on a file system without links.
      await sleep(100);
      continue;
    }
    await takeOver(folder, found, text);
  }
  throw refuse("FOLDER_IN_USE", `${path} changed hands all the time. Nothing was opened. Try again in a moment.`, {
    folder,
  });
}

/** Removes a dead process's lock. Only one process at a time may, or the second would remove the first one's new lock. */
async function takeOver(folder: string, stale: string, text: string): Promise<void> {
  const path = join(folder, LOCK_FILE);
  const takeover = join(folder, TAKEOVER_FILE);
  if (!(await place(takeover, text))) {
    const other = parse(await readFile(takeover, "utf8").catch(() => ""));
    if (other ? !(await isAlive(other)) : !(await isFresh(takeover))) await rm(takeover, { force: true });
    else await sleep(20);
    return;
  }
  try {
    if ((await readFile(path, "utf8").catch(() => null)) === stale) await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

/**
 * Writes a file if there is none of that name: complete and on the disk before it gets the name, where links exist.
 */
async function place(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${draftNumber++}`;
  try {
    await write(draft, text);
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"].includes(codeOf(error))) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  try {
    await write(path, text);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

let draftNumber = 0;

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function held(path: string, text: string): FolderLock {
  const onExit = () => {
    try {
      unlinkSync(path);
    } catch {
      // Gone already; whoever starts next takes it as it is.
    }
  };
  process.once("exit", onExit);
  return {
    async release() {
      process.off("exit", onExit);
      if ((await readFile(path, "utf8").catch(() => null)) === text) await rm(path, { force: true });
    },
  };
}

/** Whether the process that wrote this on this computer is still there. When in doubt, it is. */
async function isAlive({ pid, start }: Claim): Promise<boolean> {
  if (!isRunning(pid)) return false;
  const now = await processStart(pid);
  return start === null || now === null || isSameStart(start, now);
}

async function isFresh(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < 3000;
}

function parse(text: string): Claim | null {
  try {
    return claimSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function inUse(folder: string, { pid, holder, at }: Claim) {
  const since = new Date(at).toISOString();
  return refuse(
    "FOLDER_IN_USE",
    `The data in ${folder} is in use by ${holder} (process ${pid}, since ${since}). Nothing was opened or changed, and that one ` +
      "works on safely. Use its window, close it first, or start with another folder: --folder <path>.",
    { folder, pid, holder, since },
  );
}

function inUseElsewhere(folder: string, { pid, computer, holder, at }: Claim) {
  const since = new Date(at).toISOString();
  return refuse(
    "FOLDER_IN_USE_ELSEWHERE",
    `The data in ${folder} is in use by ${holder} on the computer "${computer}" (process ${pid}, since ${since}). Nothing was ` +
      `opened or changed. Close Horopter there. If that computer is gone for good, delete ${join(folder, LOCK_FILE)}.`,
    { folder, pid, computer, holder, since },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
