import { expect, test } from "vitest";
import { crashRun } from "./run.ts";

test("a dozen kills in the middle of the work: what was shown exists once, everywhere, and whole", async () => {
  const lines: string[] = [];
  const report = await crashRun({
    kills: 12,
    seed: 3,
    minutes: 1,
    centre: "postgres",
    print: (line) => lines.push(line),
  });
  expect(report.problems, lines.join("\n")).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, n) => sum + n, 0)).toBe(12);
  expect(report.sales).toBeGreaterThan(10);
  // The two tills hold the same.
  expect(report.digests["till A"]).toBe(report.digests["till B"]);
}, 90_000);
