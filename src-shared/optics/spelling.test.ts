import { expect, test } from "vitest";
import { numberForm, oneSpelling } from "./spelling.ts";

test.each([
  [" \u22121.25\u2013\t0.50 ", "-1.25- 0.50"],
  ["X ×✕", "x xx"],
  ["2Δ 2∆ 2△ 2^", "2δ 2δ 2δ 2δ"],
  ["15º", "15°"],
  ["Plano  DS", "plano ds"],
])("%j is spelt %j", (typed, text) => {
  expect(oneSpelling(typed)).toBe(text);
});
test.each([
  ["12", true],
  ["1.25", true],
  ["1,25", true],
  ["2.", true],
  [".5", true],
  [".", false],
  ["-1", false],
  ["1.2.5", false],
  ["", false],
])("%j is a number without a sign: %j", (text, is) => {
  expect(new RegExp(`^${numberForm}$`).test(text)).toBe(is);
});
