import { expect, test } from "vitest";
import { computed, isWhole, refused } from "./computed.ts";

test.each([
  [1, true],
  [3, true],
  [0, false],
  [4, false],
  [1.5, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])("%f is a whole number from 1 to 3: %j", (value, is) => {
  expect(isWhole(value, 1, 3)).toBe(is);
});
test("a value and a refusal are told apart by ok", () => {
  expect(computed(0)).toEqual({ ok: true, value: 0 });
  expect(refused("singular", "Why.")).toEqual({ ok: false, code: "singular", message: "Why." });
});
