import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { schemaVersion } from "../migrations/index.ts";
import { makeSigningKeys } from "../replica/crypto.ts";
import { connect } from "../sim/greeted.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { type Booted, BootRefused, boot } from "./boot.ts";
import { SchemaFromTheFuture } from "./database/migrate.ts";
import { startHttp } from "./http.ts";
import { FolderInUse } from "./lock.ts";

let folder: string;
const running: Booted[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "horopter-centre-"));
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(demo: boolean): Promise<Booted> {
  const booted = await boot({ dataFolder: folder, databaseUrl: null, demo, log: silentLog, secret: null });
  running.push(booted);
  return booted;
}
async function stop(): Promise<void> {
  for (const each of running.splice(0)) await each.close();
}
const refused = (error: Error) => error;

test("a demo server does not touch a real database, nor a real one a demo's", async () => {
  await start(false);
  await stop();
  const demo = await start(true).catch(refused);
  expect(demo).toBeInstanceOf(BootRefused);
  expect((demo as Error).message).toMatch(/not marked as a demo.*Nothing was changed/s);
  // The refusal left the folder free and the mark as it was.
  const again = await start(false);
  expect(await again.centre.db.query("select value from server_meta where key='kind'")).toEqual([{ value: "real" }]);
  await stop();
  rmSync(folder, { recursive: true });
  await start(true);
  await stop();
  const real = await start(false).catch(refused);
  expect(real).toBeInstanceOf(BootRefused);
  expect((real as Error).message).toMatch(/belongs to a demo.*Nothing was changed/s);
}, 120_000);

test("one server a folder: the second says who has it", async () => {
  const first = await start(false);
  const second = await start(false).catch(refused);
  expect(second).toBeInstanceOf(FolderInUse);
  expect((second as Error).message).toContain(`process number ${process.pid}`);
  expect(await first.centre.db.query("select 1 as one")).toEqual([{ one: 1 }]);
}, 60_000);

test("a lock that a dead process left behind is taken over", async () => {
  writeFileSync(join(folder, "server.lock"), JSON.stringify({ pid: 2 ** 22 + 1, started: "1" }));
  await start(false);
  expect(JSON.parse(readFileSync(join(folder, "server.lock"), "utf8"))).toMatchObject({ pid: process.pid });
  await stop();
  expect(existsSync(join(folder, "server.lock"))).toBe(false);
}, 60_000);

test("a port in use is an error with its number, and frees nothing of the other", async () => {
  const { centre } = await start(false);
  const first = await startHttp(centre, { host: "127.0.0.1", port: 0 });
  await expect(startHttp(centre, { host: "127.0.0.1", port: first.port })).rejects.toThrow(
    new RegExp(`EADDRINUSE.*${first.port}`),
  );
  expect((await fetch(`${first.url.replace(/^ws/, "http")}/health`)).ok).toBe(true);
  await first.close();
}, 60_000);

test("a database of a newer server is left alone, and the folder is free again", async () => {
  const { centre } = await start(false);
  await centre.db.query("insert into schema_migration (number, name) values ($1, 'newer')", [schemaVersion + 10]);
  await stop();
  const older = await start(false).catch(refused);
  expect(older).toBeInstanceOf(SchemaFromTheFuture);
  expect((older as Error).message).toMatch(/Nothing was changed\. Start the newer server/);
  expect(existsSync(join(folder, "server.lock"))).toBe(false);
}, 60_000);

test("epoch and secret stay over a restart, the secret for nobody else's eyes", async () => {
  const first = await start(false);
  const { epoch, secret } = first.centre;
  await stop();
  const second = await start(false);
  expect([second.centre.epoch, second.centre.secret]).toEqual([epoch, secret]);
  expect(statSync(join(folder, "server-secret")).mode & 0o077).toBe(0);
}, 60_000);

test("the set-up code makes one practice, once, and a new start makes another code until then", async () => {
  const first = await start(false);
  await stop();
  const second = await start(false);
  expect(second.setupCode).not.toBe(first.setupCode);
  const { caller } = connect(second.centre);
  const input = (setupCode: string) => ({
    setupCode,
    practiceName: "Ellison Opticians",
    branchName: "Leeds",
    branchCode: "LDS",
    timeZone: "Europe/London",
    ownerName: "Jo Owner",
    ownerEmail: "jo@example.org",
    ownerPassword: "correct horse battery",
    deviceName: "till",
    ed25519: makeSigningKeys().publicKey,
    x25519: "x",
  });
  await expect(caller.practice.setUp(input(first.setupCode ?? ""))).rejects.toThrow(/wrong or was used/);
  expect(await caller.practice.setUp(input(second.setupCode ?? ""))).toMatchObject({
    terminalCode: "T1",
    profile: "single",
  });
  await expect(caller.practice.setUp(input(second.setupCode ?? ""))).rejects.toThrow(/wrong or was used/);
  expect(await second.centre.db.query("select count(*) as n from practice_head")).toEqual([{ n: 1 }]);
  await stop();
  expect((await start(false)).setupCode).toBe(null);
}, 120_000);

test("a demo server sets up no real practice", async () => {
  const { centre, setupCode } = await start(true);
  expect(setupCode).toBe(null);
  const { caller } = connect(centre);
  const input = {
    setupCode: "AAAA-BBBB-CCCC",
    practiceName: "x",
    branchName: "x",
    branchCode: "LDS",
    timeZone: "Europe/London",
    ownerName: "x",
    ownerEmail: "x@example.org",
    ownerPassword: "correct horse battery",
    deviceName: "x",
    ed25519: "x",
    x25519: "x",
  };
  await expect(caller.practice.setUp(input)).rejects.toThrow(/demo server/);
}, 60_000);
