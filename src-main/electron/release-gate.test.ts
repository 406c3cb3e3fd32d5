import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import releaseGate, { missingNative, updateProblems } from "./release-gate.ts";

const sound = "provider: generic\nurl: https://updates.example\npublisherName:\n  - Horopter Ltd\n";
const unnamed = "provider: generic\nurl: https://updates.example\n";

test("updates come over https, and on Windows from a publisher by name", () => {
  expect(updateProblems(sound, true)).toEqual([]);
  expect(updateProblems(unnamed, false)).toEqual([]);
  expect(updateProblems(unnamed, true)).toHaveLength(1);
  expect(updateProblems("url: http://updates.example\npublisherName:\n", true)).toHaveLength(2);
});

test("a release that would not check its updates is no release", async () => {
  const outDir = await mkdtemp(join(tmpdir(), "horopter-release-"));
  const signed = { forceCodeSigning: true };
  expect(() => releaseGate({ outDir, configuration: signed })).toThrow("no app-update.yml");
  await mkdir(join(outDir, "win-unpacked/resources"), { recursive: true });
  await writeFile(join(outDir, "win-unpacked/resources/app-update.yml"), unnamed);
  expect(() => releaseGate({ outDir, configuration: signed })).toThrow("publisherName");
  expect(releaseGate({ outDir, configuration: {} })).toEqual([]);
  await writeFile(join(outDir, "win-unpacked/resources/app-update.yml"), sound);
  expect(releaseGate({ outDir, configuration: signed })).toEqual([]);
  await rm(outDir, { recursive: true });
});

test("an app without its machine code is no app", async () => {
  const at = (path: string) => `linux-unpacked/resources/app.asar.unpacked/node_modules/${path}.node`;
  const all = [
    at("better-sqlite3/prebuilds/linux-x64"),
    at("@node-rs/argon2-linux-x64-gnu/a"),
    at("@napi-rs/keyring-linux-x64-gnu/k"),
  ];
  expect(missingNative(all)).toEqual([]);
  expect(missingNative(all.slice(0, 2))).toEqual(["@napi-rs/keyring-"]);
  const outDir = await mkdtemp(join(tmpdir(), "horopter-release-"));
  await mkdir(join(outDir, "linux-unpacked/resources/app.asar.unpacked"), { recursive: true });
  expect(() => releaseGate({ outDir, configuration: {} })).toThrow("npm ci");
  await rm(outDir, { recursive: true });
});
