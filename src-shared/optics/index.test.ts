import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as optics from "./index.ts";

const docs = readFileSync(join(import.meta.dirname, "../../docs/optics.md"), "utf8");
const functions = Object.entries(optics)
  .filter(([, value]) => typeof value === "function")
  .map(([name]) => name);

test.each(functions)("docs/optics.md says what %s does", (name) => {
  expect(docs).toContain(`\`${name}\``);
});
test("docs/optics.md names no function that is gone", () => {
  const named = [...docs.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !(name in optics))).toEqual([]);
});
