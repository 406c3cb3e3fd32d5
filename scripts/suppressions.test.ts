import { expect, test } from "vitest";
import { suppressions } from "./suppressions.ts";

test("comments that switch a check off are found", () => {
  const lines = [
    "const a = 1;",
    "// @ts-ignore",
    "// @ts-expect-error: the library is wrong",
    "/* biome-ignore lint/style/x: because */",
    "/** @ts-nocheck */",
    "// eslint-disable-next-line",
    "const b = 'biome-ignore';",
    "// A word about how tsc reads this line.",
  ];
  expect(suppressions(lines.join("\n"))).toEqual([2, 3, 4, 5, 6]);
});
