import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import config from "../.dependency-cruiser.mjs";
import { checkImports } from "./imports.ts";

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** A tree of small modules: the path of each, and what it holds. */
function plant(files: Readonly<Record<string, string>>): string {
  const tree = mkdtempSync(join(tmpdir(), "horopter-imports-"));
  trees.push(tree);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}\n`);
  }
  return tree;
}

/** What every layer may do, for forbidden imports to be planted into. */
const lawful = {
  "src-shared/optics/vertex.ts": 'import { axis } from "./axis.ts";\nexport const vertex = axis;',
  "src-shared/optics/axis.ts": "export const axis = 180;\nexport type Axis = number;",
  "src-shared/optics/axis.test.ts": 'import "node:fs";\nimport "./axis.ts";',
  "migrations/first.ts": 'import "../src-shared/optics/axis.ts";',
  "replica/open.ts": 'import "../migrations/first.ts";\nimport "node:fs";',
  "src-main/engine/router.ts":
    'import "../../replica/open.ts";\nexport type Router = string;\nexport const router = 1;',
  "src-main/host/main.ts": 'import "../engine/router.ts";',
  "src-main/electron/main.ts": 'import { app } from "electron";\nimport "../engine/router.ts";\napp.quit();',
  "src-preload/bridge.ts":
    'import { contextBridge } from "electron";\nimport type { Router } from "../src-main/engine/router.ts";\nexport const bridge = contextBridge as unknown as Router;',
  "sync-server/main.ts": 'import "../replica/open.ts";\nexport type Centre = string;\nexport const start = "";',
  "src-renderer/staff/pos/index.ts": 'export { till } from "./till.ts";',
  "src-renderer/staff/pos/till.ts":
    'import type { Router } from "../../../src-main/engine/router.ts";\nimport { frame } from "../shell/frame.ts";\nexport const till = frame as unknown as Router;',
  "src-renderer/staff/exam/chart.ts": 'import { till } from "../pos/index.ts";\nexport const chart = till;',
  "src-renderer/staff/shell/frame.ts": "export const frame = 1;",
  "src-shared/lab/ring-a.ts": 'import type { B } from "./ring-b.ts";\nexport type A = B | 1;',
  "src-shared/lab/ring-b.ts": 'import type { A } from "./ring-a.ts";\nexport type B = A | 2;',
};

/** One crime per line: rule, file, and the line that breaks it. */
const crimes: readonly (readonly [rule: string, file: string, text: string])[] = [
  [
    "shared-stands-alone",
    "src-shared/crime-1.ts",
    'import type { Router } from "../src-main/engine/router.ts";\nexport type R = Router;',
  ],
  [
    "shared-is-pure",
    "src-shared/crime-2.ts",
    'import { readFileSync } from "node:fs";\nexport const read = readFileSync;',
  ],
  ["shared-is-pure", "src-shared/crime-3.ts", 'import { createHash } from "crypto";\nexport const hash = createHash;'],
  ["migrations-on-shared", "migrations/crime.ts", 'import "../replica/open.ts";'],
  ["replica-on-migrations", "replica/crime.ts", 'import "../src-main/engine/router.ts";'],
  [
    "engine-on-replica",
    "src-main/engine/crime-1.ts",
    'import type { Centre } from "../../sync-server/main.ts";\nexport type C = Centre;',
  ],
  ["engine-on-replica", "src-main/engine/crime-2.ts", 'import "../host/main.ts";'],
  [
    "server-on-replica",
    "sync-server/crime.ts",
    'import { router } from "../src-main/engine/router.ts";\nexport const r = router;',
  ],
  [
    "engine-without-electron",
    "src-main/engine/crime-3.ts",
    'import type { App } from "electron";\nexport type A = App;',
  ],
  ["engine-without-electron", "src-main/engine/crime-4.ts", 'export const electron = require("electron");'],
  ["engine-without-electron", "src-main/engine/crime-5.ts", 'export const electron = await import("electron/main");'],
  [
    "renderer-takes-types",
    "src-renderer/ui/crime-1.ts",
    'import { router } from "../../src-main/engine/router.ts";\nexport const r = router;',
  ],
  [
    "renderer-takes-types",
    "src-renderer/ui/crime-2.ts",
    'import { type Centre, start } from "../../sync-server/main.ts";\nexport const c: Centre = start;',
  ],
  ["renderer-without-storage", "src-renderer/ui/crime-3.ts", 'import "../../replica/open.ts";'],
  [
    "preload-takes-types",
    "src-preload/crime.ts",
    'import { axis } from "../src-shared/optics/axis.ts";\nexport const a = axis;',
  ],
  [
    "features-by-index",
    "src-renderer/staff/exam/crime.ts",
    'import { till } from "../pos/till.ts";\nexport const t = till;',
  ],
  ["no-runtime-cycles", "replica/ring-a.ts", 'import { b } from "./ring-b.ts";\nexport const a = () => b;'],
  ["no-runtime-cycles", "replica/ring-b.ts", 'import { a } from "./ring-a.ts";\nexport const b = () => a;'],
];

test("lawful imports pass", async () => {
  const report = await checkImports(plant(lawful), 10);
  expect(report).toEqual({ violations: [], problems: [], modules: expect.any(Number) });
});

test("each forbidden import is named by its rule", async () => {
  const tree = plant({ ...lawful, ...Object.fromEntries(crimes.map(([, file, text]) => [file, text])) });
  const { violations } = await checkImports(tree, 10);
  const named = new Set(violations.map(({ rule, from }) => `${rule}: ${from}`));
  // Whichever module of a ring is met first gets the blame.
  const ring = crimes.filter(([rule]) => rule === "no-runtime-cycles").map(([rule, file]) => `${rule}: ${file}`);
  expect(ring.some((crime) => named.has(crime))).toBe(true);
  for (const crime of ring) named.delete(crime);
  const expected = crimes.map(([rule, file]) => `${rule}: ${file}`).filter((crime) => !ring.includes(crime));
  expect([...named].sort()).toEqual(expected.sort());
});

test("no rule is without a planted crime", () => {
  const rules = (config.forbidden ?? []).map((rule) => rule.name);
  expect([...new Set(crimes.map(([rule]) => rule))].sort()).toEqual(rules.sort());
});

test("a cruise that saw next to nothing is no proof", async () => {
  const few = await checkImports(plant({ "src-shared/optics/axis.ts": "export const axis = 180;" }));
  expect(few.problems).toHaveLength(2);
  const none = await checkImports(plant({ "README.md": "" }));
  expect(none.problems).toEqual(["there is nothing to cruise"]);
});
