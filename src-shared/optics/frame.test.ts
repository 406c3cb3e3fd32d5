import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkFrame, type Frame, formatFrameMarking, parseFrameMarking, unknownFrame } from "./frame.ts";

describe("a frame", () => {
  test.each<[Partial<Frame>, string[]]>([
    [{}, []],
    [{ a: 520, b: 400, dbl: 180, ed: 550, side: 1400 }, []],
    [{ a: 199 }, ["box_a out_of_range"]],
    [{ b: 651, dbl: 301 }, ["box_b out_of_range", "dbl out_of_range"]],
    [{ side: 790 }, ["side out_of_range"]],
    [{ a: 520.5 }, ["box_a not_whole"]],
    // 0.95 of 52 is 49.4; the diagonal of 52 by 40 is 65.6.
    [{ a: 520, b: 400, ed: 494 }, []],
    [{ a: 520, b: 400, ed: 493 }, ["ed not_of_this_box"]],
    [{ a: 400, b: 520, ed: 493 }, ["ed not_of_this_box"]],
    [{ a: 520, b: 400, ed: 666 }, []],
    [{ a: 520, b: 400, ed: 667 }, ["ed not_of_this_box"]],
    [{ ed: 493.5 }, ["ed not_whole"]],
    [{ a: 520, ed: 100 }, []],
  ])("%j: %j", (stated, findings) => {
    const found = checkFrame({ ...unknownFrame, ...stated });
    expect(found.map(({ field, code }) => `${field} ${code}`)).toEqual(findings);
    expect(found.every(({ severity }) => severity === "block")).toBe(true);
  });
  test("says which diameters its box can have", () => {
    expect(checkFrame({ ...unknownFrame, a: 520, b: 400, ed: 300 })[0]?.message).toBe(
      "The effective diameter of this box is 49.4 to 66.6 mm.",
    );
  });
  test("can have the diameter of any lens that touches its box on all sides", () => {
    // The longest radius of such a lens reaches at least the nearer, at most the furthest point of the box's sides.
    const side = fc.integer({ min: 200, max: 650 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, shape) => {
        const [least, most] = [Math.max(a, b), Math.hypot(a, b)];
        const ed = Math.round(least + (most - least) * shape);
        expect(checkFrame({ ...unknownFrame, a, b, ed })).toEqual([]);
      }),
    );
  });
});

describe("a marking is read", () => {
  test.each<[string, number, number, number | null]>([
    ["52□18 140", 520, 180, 1400],
    ["52 □ 18 - 140", 520, 180, 1400],
    ["52[]18 140", 520, 180, 1400],
    ["52-18-140", 520, 180, 1400],
    ["52/18/140", 520, 180, 1400],
    ["52 18", 520, 180, null],
    [" 48-9 ", 480, 90, null],
  ])("%j", (text, a, dbl, side) => {
    expect(parseFrameMarking(text)).toEqual({ ok: true, value: { a, dbl, side } });
  });
  test.each([
    ["", "empty"],
    ["52", "unreadable"],
    ["5218140", "unreadable"],
    ["52.5-18", "unreadable"],
    ["52-18 140 1", "unreadable"],
    ["80-18", "out_of_range"],
    ["52-45", "out_of_range"],
    ["52-18 70", "out_of_range"],
  ])("%j not at all: %s", (text, code) => {
    expect(parseFrameMarking(text)).toMatchObject({ ok: false, code });
  });
});

describe("a marking is written", () => {
  test.each<[Partial<Frame>, string]>([
    [{ a: 520, dbl: 180, side: 1400 }, "52□18 140"],
    [{ a: 524, dbl: 176 }, "52□18"],
    [{ a: 520, side: 1400 }, "52"],
    [{ dbl: 180 }, ""],
  ])("%j as %j", (stated, text) => {
    expect(formatFrameMarking({ ...unknownFrame, ...stated })).toBe(text);
  });
  test("and reads back as itself", () => {
    const whole = (min: number, max: number) => fc.integer({ min, max }).map((mm) => mm * 10);
    fc.assert(
      fc.property(whole(20, 75), whole(8, 30), fc.option(whole(80, 160)), (a, dbl, side) => {
        const marking = { a, dbl, side };
        expect(parseFrameMarking(formatFrameMarking(marking))).toEqual({ ok: true, value: marking });
      }),
    );
  });
});
