import fc from "fast-check";
import { expect, test } from "vitest";
import { allowedStages, boardColumns, columnOf, nextStage, promiseState, stageForColumn } from "./flow.ts";
import { type Stage, stageRank, stages } from "./stages.ts";

const jobs = fc.record({ stage: fc.constantFrom(...stages), held: fc.boolean(), cancelled: fc.boolean() });
const at = (stage: Stage) => ({ stage, held: false, cancelled: false });

test("every job stands in one column of the board, a held one in its own", () => {
  fc.assert(
    fc.property(jobs, (job) => {
      expect(boardColumns).toContain(columnOf(job));
      expect(columnOf(job) === "hold").toBe(job.held);
    }),
  );
});
test("a job only goes forward, and nowhere while it is held or cancelled", () => {
  fc.assert(
    fc.property(jobs, (job) => {
      const allowed = allowedStages(job);
      if (job.held || job.cancelled) expect([allowed, nextStage(job)]).toEqual([[], null]);
      for (const stage of allowed) expect(stageRank(stage)).toBeGreaterThan(stageRank(job.stage));
      const next = nextStage(job);
      if (next) expect(allowed).toContain(next);
    }),
  );
});
test("nothing leaves the lab that did not pass", () => {
  for (const stage of stages.slice(0, stageRank("passed"))) {
    expect(allowedStages(at(stage)).filter((to) => stageRank(to) > stageRank("passed"))).toEqual([]);
  }
  expect(allowedStages(at("passed"))).toEqual(["dispatched", "received_branch", "ready", "collected"]);
  expect(nextStage(at("collected"))).toBe(null);
});
test("a card dropped on a column goes to the first stage of it", () => {
  expect(stageForColumn(at("released"), "edge")).toBe("edging");
  expect(stageForColumn(at("edging"), "waiting")).toBe(null);
  expect(stageForColumn(at("inspection"), "out")).toBe("passed");
});
test("a promise is late after its day, not on it", () => {
  expect(promiseState("2026-11-12", "2026-11-13")).toBe("late");
  expect(promiseState("2026-11-13", "2026-11-13")).toBe("today");
  expect(promiseState("2026-11-15", "2026-11-13")).toBe("soon");
  expect(promiseState("2026-11-16", "2026-11-13")).toBe("fine");
  // Across the end of a month and the change of the clocks.
  expect(promiseState("2026-11-01", "2026-10-30")).toBe("soon");
});
