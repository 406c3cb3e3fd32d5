import { expect, test } from "vitest";
import { prism } from "../../sim/lenses.ts";
import { inwardSign, prismOf } from "./signed-prism.ts";

test.each([
  [200, 150, { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" }],
  [-200, -150, { prism_h: 200, base_h: "out", prism_v: 150, base_v: "down" }],
  [0, 150, { prism_v: 150, base_v: "up" }],
  [-0.4, 0.5, { prism_v: 1, base_v: "up" }],
  [-0.5, -0, { prism_h: 1, base_h: "out" }],
] as const)("%f inwards and %f upwards is %j", (inward, upward, expected) => {
  expect(prismOf({ inward, upward })).toEqual(prism(expected));
});
test("the nose is on the observer's right before the right eye, on the left before the left", () => {
  expect([inwardSign("r"), inwardSign("l")]).toEqual([1, -1]);
});
