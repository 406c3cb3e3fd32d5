// The layers of the code, each with a tsconfig that says which language features and globals it may see.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./run.ts";

export interface Layer {
  readonly name: string;
  /** Path of its tsconfig, from the root of the repository. */
  readonly config: string;
}

export const layers: readonly Layer[] = [
  { name: "src-shared", config: "src-shared/tsconfig.json" },
  { name: "migrations", config: "migrations/tsconfig.json" },
  { name: "replica", config: "replica/tsconfig.json" },
  { name: "engine", config: "src-main/engine/tsconfig.json" },
  { name: "secrets", config: "src-main/secrets/tsconfig.json" },
  { name: "host", config: "src-main/host/tsconfig.json" },
  { name: "electron", config: "src-main/electron/tsconfig.json" },
  { name: "preload", config: "src-preload/tsconfig.json" },
  { name: "renderer", config: "src-renderer/tsconfig.json" },
  { name: "sync-server", config: "sync-server/tsconfig.json" },
  { name: "scripts", config: "tsconfig.scripts.json" },
  { name: "tests", config: "tsconfig.tests.json" },
];

/** Folders that hold no source of ours. */
export const notSource = ["**/node_modules/**", "out/**", "dist/**", "test-results/**", ".*/**"];

interface Config {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The include and exclude patterns of a layer, from the root of the repository. */
export function patternsOf(layer: Layer): Config {
  const config = JSON.parse(readFileSync(join(root, layer.config), "utf8")) as Config;
  const fromRoot = (pattern: string) => join(dirname(layer.config), pattern).replaceAll("\\", "/");
  return { include: config.include.map(fromRoot), exclude: config.exclude.map(fromRoot) };
}

/** The files a layer's tsconfig covers. Empty for a folder that has no code yet, which tsc would call an error. */
export function filesOf(layer: Layer): string[] {
  const { include, exclude } = patternsOf(layer);
  return globSync([...include], { cwd: root, exclude: [...exclude, ...notSource] }).map((file) =>
    file.replaceAll("\\", "/"),
  );
}

/** Every TypeScript file of ours, whether a layer covers it or not. */
export function allSources(): string[] {
  return globSync("**/*.{ts,tsx}", { cwd: root, exclude: notSource }).map((file) => file.replaceAll("\\", "/"));
}
