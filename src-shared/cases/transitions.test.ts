import { expect, test } from "vitest";
import { caseStatuses } from "./status.ts";
import { mayFollow, nextStatuses, whoseTurn } from "./transitions.ts";

test("every status can be reached and, but for the archive, left", () => {
  const reached = new Set(caseStatuses.flatMap((status) => nextStatuses[status]));
  for (const status of caseStatuses) {
    if (status !== "open") expect(reached, status).toContain(status);
    expect(nextStatuses[status].length > 0, status).toBe(status !== "archived");
    expect(mayFollow(status, status), status).toBe(false);
    expect(whoseTurn[status], status).toBeTypeOf("string");
  }
});
test("what is closed is taken up again by reopening, never silently", () => {
  expect(nextStatuses.resolved).toEqual(["closed", "reopened"]);
  expect(mayFollow("closed", "in_progress")).toBe(false);
  expect(mayFollow("archived", "reopened")).toBe(false);
});
