import { expect, test } from "vitest";
import { inHours } from "./waiting.ts";

test("a long wait is said in hours and minutes", () => {
  expect(inHours(113)).toEqual({ hours: 1, minutes: 53 });
  expect(inHours(60)).toEqual({ hours: 1, minutes: 0 });
});
