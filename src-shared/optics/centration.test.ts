import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { centration, edgingAllowance, minimumBlank, minimumBlankOfPair } from "./centration.ts";

const box = { a: 520, b: 400, dbl: 180 };

describe("an optical centre", () => {
  test.each<[typeof box, number, number | null, number, number]>([
    // The worked frame of §3.4: 52□18 with a pupil distance of 62 is decentred by 4.
    [box, 310, null, 40, 0],
    [box, 310, 220, 40, 20],
    [box, 310, 170, 40, -30],
    [box, 365, 200, -15, 0],
    [{ ...box, dbl: 181 }, 310, null, 41, 0],
    [{ ...box, a: 521, b: 401 }, 352, 200, -2, -1],
  ])("in %j for %i and %j is decentred by %i and %i", (frame, pd, height, inward, upward) => {
    expect(centration(frame, { pd, height })).toEqual({ ok: true, value: { inward, upward } });
  });
  test.each<[typeof box, number, number | null]>([
    [box, 0, null],
    [box, 310.5, null],
    [box, Number.NaN, null],
    [{ ...box, a: -520 }, 310, null],
    [box, 310, 0],
    [{ ...box, a: 1000 }, 180, null],
    [{ ...box, b: 900 }, 310, 10],
  ])("in %j for %j and %j is refused", (frame, pd, height) => {
    expect(centration(frame, { pd, height })).toMatchObject({ ok: false, code: "out_of_range" });
  });
});

describe("the smallest blank", () => {
  const by = (inward: number, upward = 0) => ({ inward, upward });
  test.each([
    // The worked frame of §3.4: effective diameter 55, decentred by 4, needs 63, with the edger's allowance 65.
    [550, [by(40), by(40)], "combined", 630],
    [550, [by(40), by(40)], "horizontal", 630],
    [550, [by(40, 30), by(40, -30)], "combined", 650],
    [550, [by(40, 30), by(40, -30)], "horizontal", 630],
    [550, [by(40), by(-45)], "combined", 640],
    [550, [by(10, 10)], "combined", 578],
    [550, [], "combined", 550],
  ] as const)("over %i with %j, %s, is %i", (ed, decentrations, form, bare) => {
    expect(minimumBlank(ed, decentrations, form)).toEqual({ ok: true, value: { bare, toOrder: bare + 20 } });
  });
  test("of the worked frame is 65 to order", () => {
    const eyes = [must(centration(box, { pd: 310, height: null })), must(centration(box, { pd: 310, height: null }))];
    expect(must(minimumBlank(550, eyes))).toEqual({ bare: 630, toOrder: 650 });
    expect(must(minimumBlankOfPair(550, box, 620))).toEqual({ bare: 630, toOrder: 650 });
    expect(edgingAllowance).toBe(20);
  });
  test("takes the pair's form outwards too", () => {
    expect(must(minimumBlankOfPair(550, box, 780)).bare).toBe(630);
  });
  test.each([
    [0, [by(40)]],
    [550.5, [by(40)]],
    [550, [by(376)]],
    [550, [by(0, 0.5)]],
    [Number.NaN, []],
  ])("over %j with %j is refused", (ed, decentrations) => {
    expect(minimumBlank(ed, decentrations)).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test.each([
    [0, 620],
    [550, 0],
    [550, 620.5],
  ])("of a pair over %j for %j is refused", (ed, pd) => {
    expect(minimumBlankOfPair(ed, box, pd)).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test("covers the lens, and is the pair's where both eyes are alike and half way up", () => {
    const size = fc.record({ a: fc.integer({ min: 400, max: 600 }), dbl: fc.integer({ min: 140, max: 240 }) });
    fc.assert(
      fc.property(size, fc.integer({ min: 280, max: 360 }), fc.integer({ min: 150, max: 300 }), (frame, pd, height) => {
        const eye = must(centration({ ...frame, b: 400 }, { pd, height: null }));
        const pair = must(minimumBlankOfPair(600, frame, 2 * pd)).bare;
        expect(Math.abs(must(minimumBlank(600, [eye, eye])).bare - pair)).toBeLessThanOrEqual(1);
        const raised = must(centration({ ...frame, b: 400 }, { pd, height }));
        const combined = must(minimumBlank(600, [raised])).bare;
        expect(combined).toBeGreaterThanOrEqual(must(minimumBlank(600, [raised], "horizontal")).bare);
        // Every point of the lens, at most half the effective diameter from the box's centre, is in the circle.
        expect(combined / 2 + 0.5).toBeGreaterThanOrEqual(300 + Math.hypot(raised.inward, raised.upward));
      }),
    );
  });
});
