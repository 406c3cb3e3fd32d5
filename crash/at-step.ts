/**
 * Loaded ahead of a program (`--import`), it kills the process with SIGKILL at the n-th step (`HOROPTER_DIE_AT_STEP`):
 * before a file is renamed, copied or removed, and before a replica that was written to is closed.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import Database from "better-sqlite3";

const dieAt = Number(process.env.HOROPTER_DIE_AT_STEP);
let steps = 0;

/** Counts each call of a method as a step, unless `changes` says of object and argument that the call changes nothing. */
function before<T extends object>(
  owner: T,
  name: keyof T & string,
  changes: (self: unknown, first: unknown) => boolean = () => true,
) {
  const real = owner[name] as (...args: unknown[]) => unknown;
  const watched = function (this: unknown, ...args: unknown[]) {
    if (changes(this, args[0]) && ++steps === dieAt) process.kill(process.pid, "SIGKILL");
    return Reflect.apply(real, this, args);
  };
  Object.assign(owner, { [name]: watched });
}

before(fs, "renameSync");
before(fs, "copyFileSync");
before(fs, "rmSync", (_fs, path) => fs.existsSync(String(path)));
before(Database.prototype as { close(): unknown }, "close", (db) => {
  const { name, readonly } = db as Database.Database;
  // What damaged pages are read in is opened and closed all the time.
  return !readonly && !name.endsWith(".tmp");
});
syncBuiltinESMExports();
