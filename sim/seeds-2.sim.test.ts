import { describe, expect, test } from "vitest";
import { runSeeds, violations } from "./clean-seeds.ts";

// Half of the seeds; the other half stands in a file of its own, so that both cores work.
describe("forty seeds of work and misfortune end with every property holding", () => {
  for (const first of [21, 31]) {
    test(`seeds ${first} to ${first + 9}`, async () => {
      const results = await runSeeds({ first, count: 10 });
      expect(violations(results)).toEqual([]);
      expect(results.reduce((sum, { groups }) => sum + groups, 0)).toBeGreaterThan(200);
    });
  }
});
