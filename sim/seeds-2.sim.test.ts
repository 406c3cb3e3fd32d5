import { describe, expect, test } from "vitest";
import { runSeeds, violations } from "./clean-seeds.ts";

// Half of the seeds; the other half stands in a file of its own, so that both cores work.
describe("sixty seeds of work and misfortune end with every property holding", () => {
  for (const first of [31, 46]) {
    test(`seeds ${first} to ${first + 14}`, async () => {
      const results = await runSeeds({ first, count: 15 });
      expect(violations(results)).toEqual([]);
      expect(results.reduce((sum, { groups }) => sum + groups, 0)).toBeGreaterThan(300);
    });
  }
});
