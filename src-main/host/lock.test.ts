import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Refusal } from "../../src-shared/sync/ports.ts";
import { LOCK_FILE, lockFolder } from "./lock.ts";
import { isRunning, isSameStart, machineName, processStart } from "./process-start.ts";

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as Refusal,
  );

/** Another process that locks the folder, says how it went, and stays until it is told to leave. */
async function startHolder(): Promise<{ child: ChildProcess; said: string }> {
  const code = `
    import { lockFolder } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
    process.on("SIGTERM", () => process.exit(0));
    setInterval(() => {}, 1000);
    await lockFolder(${JSON.stringify(folder)}, "the other one").then(
      () => console.log("held"), (error) => console.log(error.code));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return { child, said: chunk.toString().trim() };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

test("one process has a folder, the next is told who", async () => {
  const lock = await lockFolder(folder, "the browser host");
  const error = await refusalOf(lockFolder(folder, "the desktop app"));
  expect(error.code).toBe("FOLDER_IN_USE");
  expect(error.args).toMatchObject({ pid: process.pid, holder: "the browser host" });
  expect(error.message).toContain(`process ${process.pid}`);
  expect(error.message).toContain("Nothing was opened or changed");
  await lock.release();
  await (await lockFolder(folder, "the desktop app")).release();
  expect(await readdir(folder)).toEqual([]);
});

test("a process that was killed leaves a lock that is taken over", async () => {
  const { child, said } = await startHolder();
  expect(said).toBe("held");
  expect((await refusalOf(lockFolder(folder, "me"))).args).toMatchObject({ pid: child.pid, holder: "the other one" });
  await stop(child, "SIGKILL");
  expect(await readdir(folder)).toEqual([LOCK_FILE]);
  await (await lockFolder(folder, "me")).release();
});

test("a process that exits takes its lock along", async () => {
  const { child } = await startHolder();
  await stop(child, "SIGTERM");
  expect(await readdir(folder)).toEqual([]);
});

test("a number that another process has since is no holder", async () => {
  const start = await processStart(process.pid);
  if (start === null) return;
  const earlier = {
    pid: process.pid,
    start: `${start}0`,
    machine: await machineName(),
    computer: "here",
    holder: "one before",
    at: 0,
  };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(earlier));
  await (await lockFolder(folder, "me")).release();
});

test("a holder whose start is not known is believed", async () => {
  const unknown = {
    pid: process.pid,
    start: null,
    machine: await machineName(),
    computer: "here",
    holder: "somebody",
    at: 0,
  };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(unknown));
  expect((await refusalOf(lockFolder(folder, "me"))).code).toBe("FOLDER_IN_USE");
});

test("a lock of another computer is respected, whatever runs here", async () => {
  const elsewhere = { pid: 999_999_999, start: "x", machine: "another", computer: "till-2", holder: "somebody", at: 0 };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(elsewhere));
  const error = await refusalOf(lockFolder(folder, "me"));
  expect(error.code).toBe("FOLDER_IN_USE_ELSEWHERE");
  expect(error.message).toContain('"till-2"');
  expect(error.message).toContain(LOCK_FILE);
});

test("a lock file that says nothing, left by a power cut, is taken over", async () => {
  const path = join(folder, LOCK_FILE);
  await writeFile(path, "");
  await utimes(path, new Date(0), new Date(0));
  await (await lockFolder(folder, "me")).release();
});

test("of many that find a dead lock at once, one gets it", async () => {
  const dead = { pid: 999_999_999, start: "x", machine: await machineName(), computer: "here", holder: "dead", at: 0 };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(dead));
  const said = (await Promise.all(Array.from({ length: 6 }, startHolder))).map((holder) => holder.said);
  expect(said.sort()).toEqual([...Array(5).fill("FOLDER_IN_USE"), "held"]);
});

test("of many in one process, one gets it", async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, "me")));
  const held = results.filter((result) => result.status === "fulfilled");
  expect(held).toHaveLength(1);
  await held[0]?.value.release();
});

test("does not remove a lock that is no longer its own", async () => {
  const lock = await lockFolder(folder, "me");
  await writeFile(join(folder, LOCK_FILE), "somebody else's");
  await lock.release();
  expect(await readFile(join(folder, LOCK_FILE), "utf8")).toBe("somebody else's");
});

test("knows processes by when they began", async () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(999_999_999)).toBe(false);
  expect(await processStart(process.pid)).toBe(await processStart(process.pid));
  expect(await processStart(999_999_999)).toBeNull();
  expect(isSameStart("ms/1000", "ms/1900")).toBe(true);
  expect(isSameStart("ms/1000", "ms/9000")).toBe(false);
  expect(isSameStart("boot/1", "boot/2")).toBe(false);
});
