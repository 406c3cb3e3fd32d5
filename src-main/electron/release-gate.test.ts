import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import releaseGate, { updateProblems } from "./release-gate.ts";

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
