import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allSources, filesOf, type Layer, layers, patternsOf } from "./layers.ts";
import { root, run } from "./run.ts";

const typeError = 'export const sphere: number = "-2.25";';
const enumeration = "export enum Eye { Right, Left }";
const usesDocument = "export const title = document.title;";
const usesProcess = "export const folder = process.cwd();";
const usesBuffer = 'export const bytes = Buffer.from("00", "hex");';
const usesNodeModule = 'import { readFileSync } from "node:fs";\nexport const text = readFileSync("a", "utf8");';
const usesTimer = "export const timer = setTimeout(() => {}, 1);";
const usesConsole = 'console.log("");\nexport {};';
const usesElectron = 'import { app } from "electron";\nexport const name = app.getName();';
const usesStyleSheet = 'import "./theme.css";\nexport {};';
const jsx = "export const Heading = () => <h1>Dispense</h1>;";
const calculation = "export const half = (sphere: number): number => Math.round(sphere / 2);";

interface Plants {
  readonly allowed: Readonly<Record<string, string>>;
  readonly forbidden: Readonly<Record<string, string>>;
}

const pure: Plants = {
  allowed: { calculation },
  forbidden: { typeError, enumeration, usesDocument, usesProcess, usesBuffer, usesNodeModule, usesTimer, usesConsole },
};
const node: Plants = {
  allowed: { calculation, usesProcess, usesBuffer, usesNodeModule, usesConsole },
  forbidden: { typeError, enumeration, usesDocument, jsx },
};
const tools: Plants = {
  allowed: { calculation, usesProcess, usesNodeModule, usesDocument },
  forbidden: { typeError, enumeration },
};

const plants: Readonly<Record<string, Plants>> = {
  "src-shared": pure,
  migrations: pure,
  replica: node,
  engine: node,
  secrets: node,
  host: node,
  electron: { ...node, allowed: { ...node.allowed, usesElectron } },
  preload: { allowed: { calculation, usesDocument, usesElectron }, forbidden: { typeError, enumeration } },
  renderer: {
    allowed: { calculation, usesDocument, usesTimer, usesStyleSheet, jsx },
    forbidden: { typeError, enumeration, usesProcess, usesBuffer, usesNodeModule },
  },
  "sync-server": node,
  scripts: tools,
  tests: tools,
};

/**
 * The planted files that tsc complains about, seen together with everything the layer holds today: a library's types
 * may bring globals along. The renderer is seen without its code, since the types it takes from the engine do bring
 * Node's along; there the ban on Node's globals is Biome's (biome.test.ts).
 */
async function complaints(layer: Layer, files: Readonly<Record<string, string>>, folder: string): Promise<string[]> {
  const place = mkdtempSync(join(folder, `${layer.name}-`));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(place, `${name}.${name === "jsx" ? "tsx" : "ts"}`), text);
  }
  const { include, exclude } = patternsOf(layer);
  const around = layer.name === "renderer" ? [] : include;
  const config = {
    extends: join(root, layer.config),
    include: [...around.map((pattern) => join(root, pattern)), "*.ts", "*.tsx"],
    exclude: exclude.map((pattern) => join(root, pattern)).filter((pattern) => !place.startsWith(pattern)),
  };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify(config));
  const { output } = await run(["bin:tsc7", "-p", join(place, "tsconfig.json"), "--pretty", "false"]);
  const places = [...output.matchAll(/^(.+?)\(\d+,\d+\): error TS/gm)].map((match) => match[1] ?? "");
  const planted = places.filter((file) => file.includes(`${basename(place)}/`));
  return [...new Set(planted.map((file) => basename(file).replace(/\.tsx?$/, "")))].sort();
}

describe("a layer sees only what it may", () => {
  let folder = "";
  beforeAll(() => {
    // Inside the repository, so that packages and their types are found.
    mkdirSync(join(root, "out"), { recursive: true });
    folder = mkdtempSync(join(root, "out/planted-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The compiler reads all of a layer, which takes as long as the machine lets it.
  test.each(layers)(
    "$name",
    async (layer) => {
      const { allowed, forbidden } = plants[layer.name] ?? { allowed: {}, forbidden: {} };
      expect(await complaints(layer, { ...allowed, ...forbidden }, folder)).toEqual(Object.keys(forbidden).sort());
    },
    60_000,
  );
});

test("every TypeScript file is checked by some layer", () => {
  const covered = new Set(layers.flatMap(filesOf));
  expect(allSources().filter((file) => !covered.has(file))).toEqual([]);
});

test("no layer but the tests' sees a test", () => {
  const others = layers.filter((layer) => layer.name !== "tests").flatMap(filesOf);
  expect(others.filter((file) => /\.test\.tsx?$/.test(file))).toEqual([]);
});
