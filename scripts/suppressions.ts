// No comment may switch a check off for a line or a file: the rule is changed for everyone, or the code is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allSources } from "./layers.ts";
import { isStarted, root } from "./run.ts";

const switches = /(?:\/\/|\/\*)[*\s]*(?:@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable|v8 ignore)/;

/** The lines of a source text that hold such a comment, counted from 1. */
export function suppressions(source: string): number[] {
  return source.split("\n").flatMap((line, index) => (switches.test(line) ? [index + 1] : []));
}

if (isStarted(import.meta.url)) {
  const found = allSources()
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .flatMap((file) => suppressions(readFileSync(join(root, file), "utf8")).map((line) => `${file}:${line}`));
  for (const place of found) console.error(`${place} switches a check off`);
  process.exit(found.length === 0 ? 0 : 1);
}
