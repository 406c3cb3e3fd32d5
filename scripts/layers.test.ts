import { expect, test } from "vitest";
import { allSources, filesOf, layers } from "./layers.ts";

test("every TypeScript file is checked by some layer", () => {
  const covered = new Set(layers.flatMap(filesOf));
  expect(allSources().filter((file) => !covered.has(file))).toEqual([]);
});

test("no layer but the tests' sees a test", () => {
  const others = layers.filter((layer) => layer.name !== "tests").flatMap(filesOf);
  expect(others.filter((file) => /\.test\.tsx?$/.test(file))).toEqual([]);
});
