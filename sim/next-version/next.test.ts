import { expect, test } from "vitest";
import * as today from "../version.ts";
import { loadNextVersion } from "./index.ts";

test("the next version stands beside today's in one process", async () => {
  const next = await loadNextVersion();
  expect(next.schemaVersion).toBe(990);
  expect(today.schemaVersion).toBeLessThan(990);
  expect(next.entityOf("patient").columns).toContain("preferred_name");
  expect(today.entityOf("patient").columns).not.toContain("preferred_name");
  expect(today.findEntity("recall_letter")).toBeUndefined();
});
