import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, somePrism } from "../../sim/lenses.ts";
import { formatPolarPrism, formatPrism } from "./format.ts";
import { rxLimits } from "./limits.ts";
import { parsePrism } from "./parse-prism.ts";
import { polarPrism, signedPrism } from "./prism.ts";
import { type EyeSide, noPrism, type Prism } from "./types.ts";

describe("a prism is read", () => {
  test.each<[string, Partial<Prism>]>([
    ["2 in", { prism_h: 200, base_h: "in" }],
    ["1.5Δ base up", { prism_v: 150, base_v: "up" }],
    ["1.5 ∆ up", { prism_v: 150, base_v: "up" }],
    ["2Δ in, 1.5Δ up", { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" }],
    ["1.5 BU 2 BI", { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" }],
    ["3 base out and 0,75 base down", { prism_h: 300, base_h: "out", prism_v: 75, base_v: "down" }],
    ["2in/1up", { prism_h: 200, base_h: "in", prism_v: 100, base_v: "up" }],
    [".25 out", { prism_h: 25, base_h: "out" }],
    ["", {}],
    ["none", {}],
    ["0", {}],
    ["0.00Δ", {}],
    ["0 in", {}],
    [" , ", {}],
    ["3^ out", { prism_h: 300, base_h: "out" }],
    ["2Δ BI", { prism_h: 200, base_h: "in" }],
    ["1.25 pd bd", { prism_v: 125, base_v: "down" }],
  ])("%j", (text, prism) => {
    expect(parsePrism(text)).toEqual({ ok: true, value: { ...noPrism, ...prism } });
  });
  test.each([
    ["2", "unreadable"],
    ["in", "unreadable"],
    ["2 inward", "unreadable"],
    ["2 left", "unreadable"],
    ["-2 in", "unreadable"],
    ["2 i", "unreadable"],
    ["/", "unreadable"],
    ["and", "unreadable"],
    ["2 in 1 out", "stated_twice"],
    ["1 up 1 up", "stated_twice"],
    ["40.25 in", "out_of_range"],
    ["1.125 in", "not_a_step"],
  ])("%j not at all: %s", (text, code) => {
    expect(parsePrism(text)).toMatchObject({ ok: false, code });
  });
});

describe("a prism at an angle", () => {
  test.each<[string, EyeSide, Partial<Prism>]>([
    ["2.50Δ@37", "r", { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" }],
    ["2.50Δ@37", "l", { prism_h: 200, base_h: "out", prism_v: 150, base_v: "up" }],
    ["2.5 @ 36.87°", "r", { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" }],
    ["2^ base @ 270", "l", { prism_v: 200, base_v: "down" }],
    ["2@0", "r", { prism_h: 200, base_h: "in" }],
    ["2@360", "l", { prism_h: 200, base_h: "out" }],
    ["2@180", "l", { prism_h: 200, base_h: "in" }],
    ["0@37", "l", {}],
  ])("%j before %s", (text, eye, prism) => {
    expect(parsePrism(text, rxLimits, eye)).toEqual({ ok: true, value: { ...noPrism, ...prism } });
  });
  test.each([
    ["2@361", "out_of_range"],
    ["41@37", "out_of_range"],
    ["2.555@37", "not_a_step"],
    ["2@37 1 in", "stated_twice"],
    ["2@37 1@20", "stated_twice"],
    ["2@", "unreadable"],
    ["2@37.555", "unreadable"],
    ["@37", "unreadable"],
  ])("%j is refused: %s", (text, code) => {
    expect(parsePrism(text, rxLimits, "r")).toMatchObject({ ok: false, code });
  });
  test("needs its eye", () => {
    expect(parsePrism("2@37")).toMatchObject({ ok: false, code: "eye_required" });
  });
});

describe("whatever is printed reads back as itself", () => {
  test("in components", () => {
    fc.assert(
      fc.property(somePrism(rxLimits.prism.most), (prism) => {
        expect(parsePrism(formatPrism(prism))).toEqual({ ok: true, value: prism });
      }),
    );
  });
  test("by its angle, to a hundredth", () => {
    fc.assert(
      fc.property(somePrism(2800), fc.constantFrom<EyeSide>("r", "l"), (prism, eye) => {
        const text = formatPolarPrism(must(polarPrism(prism, eye)));
        const [again, before] = [must(signedPrism(must(parsePrism(text, rxLimits, eye)))), must(signedPrism(prism))];
        expect(Math.abs(again.inward - before.inward)).toBeLessThanOrEqual(1);
        expect(Math.abs(again.upward - before.upward)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
