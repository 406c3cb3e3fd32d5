import { describe, expect, test } from "vitest";
import { productRules } from "../src-shared/sync/rules.ts";
import { runSeeds } from "./clean-seeds.ts";
import { variants } from "./variants.ts";

describe("a broken rule is caught", () => {
  for (const { name, rules, world, first = 1, within } of variants) {
    test(name, async () => {
      const results = await runSeeds({
        first,
        count: within,
        rules: { ...productRules, ...rules },
        ...world,
        stopAtFirst: true,
      });
      const caught = results.find(({ violation }) => violation !== null);
      expect(caught?.violation ?? "nothing was noticed").not.toBe("nothing was noticed");
    });
  }
});
