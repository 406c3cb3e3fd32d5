/** One server per data folder: PGlite has no lock of its own, and two writers would destroy it. */
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export class FolderInUse extends Error {
  /** Where the server that has it answers, once it does. */
  readonly url: string | undefined;
  constructor(message: string, url?: string) {
    super(message);
    this.url = url;
  }
}

export interface FolderLock {
  /** Says in the lock where the server of this folder answers. */
  announce(url: string): void;
  release(): void;
}

/** Takes the folder's lock, or says which process has it. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, "server.lock");
  for (let round = 0; round < 3; round++) {
    try {
      const file = openSync(path, "wx", 0o600);
      const own = { pid: process.pid, started: processStart(process.pid) };
      writeSync(file, JSON.stringify(own));
      closeSync(file);
      return {
        announce(url) {
          writeFileSync(`${path}.new`, JSON.stringify({ ...own, url }), { mode: 0o600 });
          renameSync(`${path}.new`, path);
        },
        release: () => rmSync(path, { force: true }),
      };
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
      const holder = readHolder(path);
      if (holder && isAlive(holder)) {
        throw new FolderInUse(
          `The folder ${folder} is in use by the sync server with process number ${holder.pid}. Nothing was changed. ` +
            "Stop that server first, or give this one another folder with --data.",
          holder.url,
        );
      }
      // Left behind by a process that is gone.
      rmSync(path, { force: true });
    }
  }
  throw new FolderInUse(`The lock of the folder ${folder} cannot be taken.`);
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
  readonly url?: string;
}
function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}
/** A process number can be used again; on Linux the start time tells two processes apart. */
function processStart(pid: number): string | null {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return null;
  const fields = readFileSync(stat, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  // Ended, and only waiting for somebody to ask how: it holds nothing any more.
  return fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? null);
}
function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
  const now = processStart(pid);
  return now === null || (now !== "ended" && (started === null || now === started));
}
