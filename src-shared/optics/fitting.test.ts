import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkHeights,
  checkProgressiveTilt,
  checkPupilDistances,
  type FittingFinding,
  type PupilDistances,
} from "./fitting.ts";
import { fittingLimits } from "./fitting-limits.ts";

const inShort = ({ eye, severity, field, code }: FittingFinding) => `${eye} ${severity} ${field} ${code}`;
const none: PupilDistances = { r: null, l: null, binocular: null, near: null };

describe("pupil distances", () => {
  test.each<[Partial<PupilDistances>, string[]]>([
    [{}, []],
    [{ r: 315, l: 310, binocular: 625, near: 590 }, []],
    [{ r: 315, l: 310, binocular: 635 }, []],
    [{ r: 315, l: 310, binocular: 636 }, ["both warn pd_monocular sum_differs"]],
    [{ r: 315, l: 310, binocular: 614 }, ["both warn pd_monocular sum_differs"]],
    [{ r: 340, l: 300 }, []],
    [{ r: 341, l: 300 }, ["both warn pd_monocular eyes_differ"]],
    [{ r: 300, l: 341 }, ["both warn pd_monocular eyes_differ"]],
    [{ r: 235 }, ["r warn pd_monocular unusual"]],
    [{ l: 179 }, ["l block pd_monocular out_of_range"]],
    [{ binocular: 490 }, ["both warn pd_binocular_adult unusual"]],
    [{ binocular: 399 }, ["both block pd_binocular_adult out_of_range"]],
    [{ binocular: 630, near: 610 }, []],
    [{ binocular: 630, near: 570 }, []],
    [{ binocular: 630, near: 611 }, ["both warn pd_near near_unusual"]],
    [{ binocular: 630, near: 569 }, ["both warn pd_near near_unusual"]],
    [{ binocular: 630, near: 630 }, ["both block pd_near near_not_smaller"]],
    [{ r: 310, l: 310, near: 640 }, ["both block pd_near near_not_smaller"]],
    [{ r: 310, near: 640 }, []],
    [{ near: 640 }, []],
  ])("%j: %j", (distances, findings) => {
    expect(checkPupilDistances({ ...none, ...distances }).map(inShort)).toEqual(findings);
  });
  test("of a child are not judged by those of adults", () => {
    expect(checkPupilDistances({ ...none, binocular: 490 }, { adult: false })).toEqual([]);
  });
  test("are said in words", () => {
    expect(checkPupilDistances({ ...none, r: 310, l: 300, binocular: 630 })[0]?.message).toBe(
      "The two sides add up to 61 mm, not to 63 mm.",
    );
    expect(checkPupilDistances({ ...none, binocular: 630, near: 620 })[0]?.message).toBe(
      "The near pupil distance is usually 2 to 6 mm smaller.",
    );
  });
  test("do not depend on which eye is which", () => {
    const distance = fc.option(fc.integer({ min: 150, max: 480 }));
    fc.assert(
      fc.property(distance, distance, fc.option(fc.integer({ min: 380, max: 820 })), (r, l, binocular) => {
        const codes = (r: number | null, l: number | null) =>
          checkPupilDistances({ r, l, binocular, near: null })
            .map(({ code }) => code)
            .sort();
        expect(codes(r, l)).toEqual(codes(l, r));
      }),
    );
  });
});

describe("heights", () => {
  const frame = { b: 400, designMinimum: 180 };
  test.each<[number | null, number | null, string[]]>([
    [null, null, []],
    [220, 220, []],
    [220, 240, []],
    [220, 241, ["both warn height eyes_differ"]],
    [180, null, []],
    [175, null, ["r block height below_design"]],
    [50, null, ["r block height off_the_lens"]],
    [null, 350, ["l block height off_the_lens"]],
    [300, null, []],
    [301, null, ["r warn height little_above"]],
    [349, 349, ["r warn height little_above", "l warn height little_above"]],
    [220.5, null, ["r block height not_whole"]],
  ])("%j and %j in a box of 40 mm: %j", (r, l, findings) => {
    expect(checkHeights({ r, l }, frame).map(inShort)).toEqual(findings);
  });
  test("have no minimum where the design has none", () => {
    expect(checkHeights({ r: 51, l: null }, { b: 400, designMinimum: null })).toEqual([]);
    expect(checkHeights({ r: 50, l: null }, { b: 400, designMinimum: null }).map(inShort)).toEqual([
      "r block height off_the_lens",
    ]);
  });
  test("are said in words", () => {
    expect(checkHeights({ r: 360, l: null }, frame)[0]?.message).toBe("In this frame a height is between 5 and 35 mm.");
    expect(checkHeights({ r: 170, l: null }, frame)[0]?.message).toBe("This lens needs a height of 18 mm or more.");
  });
  test("are judged by the practice's own limits where it has some", () => {
    const own = { ...fittingLimits, pairs: { ...fittingLimits.pairs, heightDifference: 5 } };
    expect(checkHeights({ r: 220, l: 230 }, frame, own).map(inShort)).toEqual(["both warn height eyes_differ"]);
  });
});

test.each([
  [6, "Adjust the frame to a tilt of 7° or more, then measure."],
  [-5, "Adjust the frame to a tilt of 7° or more, then measure."],
  [7, "Progressive lenses are designed for a tilt of 8 to 12°. Order by the measured one."],
  [8, undefined],
  [12, undefined],
  [13, "Progressive lenses are designed for a tilt of 8 to 12°. Order by the measured one."],
])("a tilt of %i for a progressive lens: %s", (tilt, message) => {
  expect(checkProgressiveTilt(tilt)?.message).toBe(message);
});
test("a tilt is judged by the practice's own limits where it has some", () => {
  const own = {
    ...fittingLimits,
    fitting: { ...fittingLimits.fitting, tiltWanted: 5, progressiveTilt: [5, 14] as const },
  };
  expect(checkProgressiveTilt(6, own)).toBeNull();
  expect(checkProgressiveTilt(14, own)).toBeNull();
});
