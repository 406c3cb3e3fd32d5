import { expect, test } from "vitest";
import { valueProblem } from "./check.ts";

test("a choice that there is none of is refused with its choices", () => {
  expect(valueProblem({ kind: "choice", options: ["no_change", "new"] }, "square")).toBe(
    "This is not among the choices. Choose one of: no change, new.",
  );
});
