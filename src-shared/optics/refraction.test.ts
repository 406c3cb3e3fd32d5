import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eye, lens, must, someLens, somePrism } from "../../sim/lenses.ts";
import { chartLines } from "./acuity-lines.ts";
import { parseAcuity } from "./acuity-parse.ts";
import { parseNearAcuity } from "./near-acuity.ts";
import { formatRefraction, parseRefraction } from "./refraction.ts";
import type { EyeRx } from "./types.ts";

describe("a line with its acuity is read", () => {
  test.each<[string, Partial<EyeRx>, string | null, string | null]>([
    ["+1.75/-0.50×085 6/6-1", lens(1750, -500, 85), "6/6-1", null],
    ["-2.25/-0.75x170 6/5", lens(-2250, -750, 170), "6/5", null],
    ["+175/-050x85 6/9 +2", lens(1750, -500, 85), "6/9 +2", null],
    ["-2.00 DS 20/25", lens(-2000), "20/25", null],
    ["-2.00, 6/7.5 ph", lens(-2000), "6/7.5 ph", null],
    ["pl 6/6", lens(0), "6/6", null],
    ["-2.00 VA 0.8", lens(-2000), "VA 0.8", null],
    ["-2.00 0.10 logMAR", lens(-2000), "0.10 logMAR", null],
    ["-2.00 LogMAR \u22120.08", lens(-2000), "LogMAR \u22120.08", null],
    ["-20.00 CF @ 50 cm", lens(-20_000), "CF @ 50 cm", null],
    ["pl HM", lens(0), "HM", null],
    ["pl NPL", lens(0), "NPL", null],
    ["pl va PL", lens(0), "va PL", null],
    ["+1.25/-0.50x180 6/6 add 2.00 N5 @ 40", { ...lens(1250, -500, 180), add: 2000 }, "6/6", "N5 @ 40"],
    ["+1.25 add 2.00 N5 6/6", { ...lens(1250), add: 2000 }, "6/6", "N5"],
    [
      "+1.25 2 in 6/6 add 2.00 0.4M @ 40cm",
      eye({ ...lens(1250), prism_h: 200, base_h: "in", add: 2000 }),
      "6/6",
      "0.4M @ 40cm",
    ],
    ["+1.25/-0.50x180", lens(1250, -500, 180), null, null],
    ["+1.25 N8", lens(1250), null, "N8"],
    ["+1.25 CF 1m", lens(1250), "CF 1m", null],
    ["pl CF @ 1M", lens(0), "CF @ 1M", null],
    ["pl CF, 1M", lens(0), "CF", "1M"],
  ])("%j", (text, rx, acuity, near) => {
    expect(parseRefraction(text)).toEqual({
      ok: true,
      value: {
        rx: eye(rx),
        acuity: acuity === null ? null : must(parseAcuity(acuity)),
        near: near === null ? null : must(parseNearAcuity(near)),
      },
    });
  });
  test("for its eye where the prism is oblique", () => {
    expect(must(parseRefraction("+1.25 2.50Δ@37 6/6", { eye: "l" })).rx).toMatchObject({ prism_h: 200, base_h: "out" });
    expect(parseRefraction("+1.25 2.50Δ@37 6/6")).toMatchObject({ ok: false, code: "eye_required" });
  });
  test("with bare numbers as the practice means them", () => {
    expect(must(parseRefraction("-2.00 VA 0.3", { bare: "logmar" })).acuity).toMatchObject({ logmar: 300 });
    expect(must(parseRefraction("-2.00 VA 0.3")).acuity).toMatchObject({ logmar: 523 });
  });
});

describe("a line with its acuity is refused", () => {
  test.each([
    ["", "empty"],
    ["6/6", "unreadable"],
    ["6/6 +1.25", "unreadable"],
    ["+1.25 0.8", "unreadable"],
    ["+1.25 6/6 and more", "unreadable"],
    ["+1.25 6/6 6/9", "stated_twice"],
    ["+1.25 N5 N6", "stated_twice"],
    ["+1.25 6/2", "out_of_range"],
    ["+1.25 VA 69", "ambiguous"],
    ["+1.25 VA well", "unreadable"],
    ["+1.25 N5 @ 300", "out_of_range"],
    ["-0.50x90 6/6", "unreadable"],
    ["+1.25/-0.50 6/6", "axis_missing"],
    ["+1.30 6/6", "not_a_step"],
    ["+1.25 pl", "ambiguous"],
    ["pl PL", "ambiguous"],
    ["pl CF 1M", "ambiguous"],
  ])("%j: %s", (text, code) => {
    expect(parseRefraction(text)).toMatchObject({ ok: false, code });
  });
  test("and not taken for an axis", () => {
    expect(parseRefraction("+1.25/-0.50 6/6")).toMatchObject({ nearest: [] });
    expect(parseRefraction("+1.25/-0.50 85 6/6")).toMatchObject({ code: "axis_missing", nearest: [85] });
  });
});

test("whatever is printed reads back as itself, with the acuity as it was typed", () => {
  const acuity = fc.oneof(
    fc.constantFrom(...chartLines.map(({ metres }) => `${metres.distance / 10}/${metres.size / 10}`)),
    fc.constantFrom("20/40-1", "6/9+2 ph", "VA 0.8", "VA 0.125-1", "0.30 logMAR", "-0.10 logMAR", "VA PL", "HM", "NPL"),
    fc.constantFrom("CF @ 50cm"),
  );
  const refraction = fc.record({
    power: someLens,
    prism: somePrism(4000),
    add: fc.option(fc.integer({ min: 2, max: 48 }).map((steps) => steps * 125)),
    acuity: fc.option(acuity),
    near: fc.option(fc.constantFrom("N5", "N4.5 @ 35 cm", "0.4M @ 40", "2M")),
  });
  fc.assert(
    fc.property(refraction, ({ power, prism, add, acuity, near }) => {
      const given = {
        rx: eye({ ...power, ...prism, add }),
        acuity: acuity === null ? null : must(parseAcuity(acuity)),
        near: near === null ? null : must(parseNearAcuity(near)),
      };
      const again = must(parseRefraction(formatRefraction(given)));
      expect(again.rx).toEqual(given.rx);
      const { text: _typed, ...kept } = given.acuity ?? { text: "" };
      expect(again.acuity ?? {}).toMatchObject(kept);
      expect(again.near?.size).toBe(given.near?.size);
      expect(again.near?.distance_cm).toBe(given.near?.distance_cm);
      expect((again.acuity === null) === (given.acuity === null)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
