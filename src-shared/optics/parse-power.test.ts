import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPower } from "./format.ts";
import { rxLimits } from "./limits.ts";
import { parsePower } from "./parse-power.ts";

describe("a sphere is read", () => {
  test.each([
    ["+1.25", 1250],
    ["-075", -750],
    ["225", 2250],
    ["125", 1250],
    ["-1000", -10000],
    ["+ 1.25", 1250],
    ["1.5", 1500],
    ["-.5", -500],
    ["+2.", 2000],
    ["\u22121.25", -1250],
    ["\u20131.25", -1250],
    ["-1,25", -1250],
    ["-4", -4000],
    ["-10", -10000],
    ["+1.25D", 1250],
    ["-2.00 DS", -2000],
    ["0.125", 125],
    ["+0.12", 125],
    ["-012", -125],
    ["-1.37", -1375],
    [".62", 625],
    ["-3.87", -3875],
  ])("%j as %i", (text, milli) => {
    expect(parsePower(text)).toEqual({ ok: true, value: milli });
  });
  test.each(["pl", "PL", "Plano", "plano", "0", "0.00", "+0", "-0.00", "00", "000", "∞", "\u22120"])(
    "%j as plano",
    (text) => {
      expect(parsePower(text)).toEqual({ ok: true, value: 0 });
    },
  );
});

describe("a sphere is refused", () => {
  test.each([
    ["", "empty"],
    ["  ", "empty"],
    ["+", "unreadable"],
    [".", "unreadable"],
    ["one", "unreadable"],
    ["1.2.5", "unreadable"],
    ["1.2500", "unreadable"],
    ["--1", "unreadable"],
    ["1-", "unreadable"],
    ["1e2", "unreadable"],
    ["+49.25", "out_of_range"],
    ["-39.25", "out_of_range"],
    ["99999", "out_of_range"],
  ])("%j: %s", (text, code) => {
    expect(parsePower(text)).toMatchObject({ ok: false, code });
  });
  test.each([
    ["+1.30", [1250, 1375]],
    ["-1.10", [-1125, -1000]],
    ["-0.05", [0, -125]],
    ["+0.13", [125, 250]],
    ["110", [1125, 1000]],
    ["0.126", [125, 250]],
  ])("when %j is between steps, and the nearest are told", (text, nearest) => {
    expect(parsePower(text)).toMatchObject({ ok: false, code: "not_a_step", nearest });
  });
  test.each([
    ["-25", [-250, -25000]],
    ["-75", [-750]],
    ["+50", [500]],
    ["-05", [-500, -5000]],
  ])("when %j could mean two powers, and those that can be are told", (text, nearest) => {
    expect(parsePower(text)).toMatchObject({ ok: false, code: "ambiguous", nearest });
  });
  test("with the limit named when it is beyond it", () => {
    expect(parsePower("-50.00")).toMatchObject({
      message: "A sphere is within \u221239.00 to +49.00.",
      nearest: [-39000],
    });
  });
});

describe("a cylinder", () => {
  test("needs its sign, because either is a convention", () => {
    expect(parsePower("0.50", "cylinder")).toMatchObject({ ok: false, code: "sign_required", nearest: [-500, 500] });
    expect(parsePower("0.60", "cylinder")).toMatchObject({ ok: false, code: "sign_required", nearest: [] });
    expect(parsePower("-0.50", "cylinder")).toEqual({ ok: true, value: -500 });
    expect(parsePower("+050", "cylinder")).toEqual({ ok: true, value: 500 });
    expect(parsePower("0", "cylinder")).toEqual({ ok: true, value: 0 });
  });
  test("has its own limits", () => {
    expect(parsePower("-19.75", "cylinder")).toMatchObject({ ok: true });
    expect(parsePower("-20.00", "cylinder")).toMatchObject({ ok: false, code: "out_of_range" });
  });
});

describe("an add", () => {
  test("is plus, with or without a sign", () => {
    expect(parsePower("200", "add")).toEqual({ ok: true, value: 2000 });
    expect(parsePower("+2.25", "add")).toEqual({ ok: true, value: 2250 });
  });
  test.each(["-2.00", "0", "6.25", "0.12"])("is not %s", (text) => {
    expect(parsePower(text, "add")).toMatchObject({ ok: false, code: "out_of_range" });
  });
});

test("limits of the practice's own are heeded", () => {
  const narrow = { ...rxLimits, sphere: { ...rxLimits.sphere, block: [-10_000, 10_000] as const } };
  expect(parsePower("-10.25", "sphere", narrow)).toMatchObject({ ok: false, code: "out_of_range" });
});

const quantity = fc.constantFrom("sphere" as const, "cylinder" as const, "add" as const);

test("every power that is printed reads back as itself", () => {
  const printable = quantity.chain((kind) => {
    const [least, most] = rxLimits[kind].block;
    return fc.record({
      kind: fc.constant(kind),
      power: fc.integer({ min: least / 125, max: most / 125 }).map((step) => step * 125 + 0),
    });
  });
  fc.assert(
    fc.property(printable, ({ kind, power }) => {
      expect(parsePower(formatPower(power), kind)).toEqual({ ok: true, value: power });
      expect(parsePower(formatPower(power).replace("\u2212", "-").replace(".", ""), kind)).toEqual({
        ok: true,
        value: power,
      });
    }),
  );
});
test("whatever is typed, what is read is a possible power in whole steps, and what is told is one too", () => {
  const typed = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."+-\u2212.,0123456789 dp") }));
  fc.assert(
    fc.property(typed, quantity, (text, kind) => {
      const parsed = parsePower(text, kind);
      for (const power of parsed.ok ? [parsed.value] : parsed.nearest) {
        expect(Math.abs(power % 125)).toBe(0);
        expect(Object.is(power, -0)).toBe(false);
        expect(power).toBeGreaterThanOrEqual(rxLimits[kind].block[0]);
        expect(power).toBeLessThanOrEqual(rxLimits[kind].block[1]);
      }
      // Never a minus that was not typed.
      if (parsed.ok && parsed.value < 0) expect(text).toMatch(/[-\u2212\u2013]/);
    }),
    { numRuns: 1000 },
  );
});

test("the nearest powers are said as they can be typed: an eighth has three decimals", () => {
  const read = parsePower("+1.30", "sphere");
  expect(read.ok ? null : read.message).toContain("Nearest: +1.25 and +1.375.");
  expect(parsePower("+1.375", "sphere")).toEqual({ ok: true, value: 1375 });
});
