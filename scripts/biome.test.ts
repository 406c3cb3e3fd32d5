import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, run } from "./run.ts";

let tree = "";
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "horopter-biome-"));
  mkdirSync(join(tree, "scripts"));
  for (const file of ["biome.json", ".gitignore", "scripts/injected.grit"])
    copyFileSync(join(root, file), join(tree, file));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** The lines of this text, as a file at this path, that Biome's lint calls errors. Counted from 1. */
async function errors(path: string, lines: readonly string[]): Promise<number[]> {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), lines.join("\n"));
  const options = ["--diagnostic-level=error", "--max-diagnostics=none", "--reporter=github"];
  const { output } = await run(["bin:biome", "lint", ...options, path], { cwd: tree });
  const lineNumbers = [...output.matchAll(/^::error .*?line=(\d+)/gm)].map((match) => Number(match[1]));
  return [...new Set(lineNumbers)].sort((a, b) => a - b);
}

const uninjected = [
  "export const a = Date.now();",
  "export const b = new Date();",
  "export const c = new Date;",
  "export const d = Math.random();",
  "export const e = [1].map(Math.random);",
  "export const f = setTimeout(() => {}, 1);",
  "export const g = setInterval(() => {}, 1);",
  "export const h = globalThis.setTimeout(() => {}, 1);",
  "export const i = performance.now();",
  "export const j = crypto.randomUUID();",
  'import { randomBytes } from "node:crypto";',
  'import { setTimeout as sleep } from "node:timers/promises";',
  "export const k = [randomBytes, sleep];",
];
const injected = [
  'import { createHash } from "node:crypto";',
  "interface Timers { setTimeout(run: () => void, ms: number): void }",
  "export const a = (timers: Timers) => timers.setTimeout(() => {}, 1);",
  "export const b = (clock: { now(): number }) => new Date(clock.now());",
  "// Date.now() and Math.random() are for the shells.",
  'export const c = "new Date()";',
  'export const d = createHash("sha256");',
];

test.each(["src-shared/calendar", "src-main/engine/sync", "replica"])(
  "time and randomness are injected in %s",
  async (folder) => {
    const every = uninjected.slice(0, -1).map((_, index) => index + 1);
    expect(await errors(`${folder}/bad.ts`, uninjected)).toEqual(every);
    expect(await errors(`${folder}/good.ts`, injected)).toEqual([]);
  },
);

test("the shells, the centre and tests may read the clock", async () => {
  for (const path of ["src-main/host/a.ts", "sync-server/a.ts", "src-main/engine/a.test.ts"]) {
    expect(await errors(path, uninjected)).toEqual([]);
  }
});

test("the renderer has nothing of Node, even where the engine's types bring it along", async () => {
  const lines = [
    'import { readFileSync } from "node:fs";',
    'export const a = Buffer.from("00", "hex");',
    "export const b = process.cwd();",
    'export const c = require("electron");',
    "export const d = readFileSync;",
    "export const e = document.title;",
  ];
  expect(await errors("src-renderer/staff/pos/till.ts", lines)).toEqual([1, 2, 3, 4]);
});

test("an import of types only says so as a whole, or the bundle would keep the module", async () => {
  const lines = ['import { type Router } from "../../src-main/engine/router.ts";', "export type R = Router;"];
  expect(await errors("src-renderer/ui/api.ts", lines)).toEqual([1]);
});
