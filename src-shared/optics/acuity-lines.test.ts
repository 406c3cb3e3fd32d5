import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { chartLines, isDrop, linesBetween, nearestLine } from "./acuity-lines.ts";
import { parseAcuity } from "./acuity-parse.ts";

const acuity = (text: string) => must(parseAcuity(text));

test("the lines go from the best to the worst, and feet are metres by 0.3", () => {
  const logmars = chartLines.map(({ logmar }) => logmar);
  expect(logmars).toEqual([...logmars].sort((a, b) => a - b));
  for (const { metres, feet } of chartLines) {
    const exactly = (metres.size / metres.distance) * 200;
    // Charts round: 20/125 stands for 126.7, 20/17 for 16.7.
    expect(Math.abs(feet - exactly) / exactly).toBeLessThan(0.025);
  }
});
test.each([
  [0, "6/6"],
  [176, "6/9"],
  [190, "6/9.5"],
  [310, "6/12"],
  [-400, "6/3"],
  [1500, "3/60"],
  [5000, "1/60"],
])("nearest to %i is %s", (logmar, text) => {
  const { metres } = nearestLine(logmar);
  expect(`${metres.distance / 10}/${metres.size / 10}`).toBe(text);
});

describe("lines between", () => {
  test.each([
    // On the traditional chart its own lines count.
    ["6/6", "6/6", 0],
    ["6/6", "6/9", 1],
    ["6/6", "6/12", 2],
    ["6/12", "6/18", 1],
    ["6/18", "6/60", 3],
    ["6/60", "3/60", 1],
    ["3/60", "1/60", 1],
    ["6/12", "6/6", -2],
    ["6/5", "6/60", 7],
    ["20/20", "20/40", 2],
    ["20/20", "6/12", 2],
    // Letters count in, to the nearest line.
    ["6/6-1", "6/12", 2],
    ["6/6", "6/9-2", 1],
    ["6/6+2", "6/12-2", 3],
    ["6/5+3", "6/6", 2],
    // On a chart that is even in logMAR, and between charts, every 0.1 counts.
    ["6/6", "6/9.5", 2],
    ["6/7.5", "6/15", 3],
    ["0.00 logMAR", "0.18 logMAR", 2],
    ["1.0", "0.5", 3],
    ["6/6", "0.5", 3],
    ["0.30 logMAR", "0.10 logMAR", -2],
  ])("%s and %s are %i", (before, now, lines) => {
    expect(linesBetween(acuity(before), acuity(now))).toBe(lines);
  });
  test.each([
    ["6/6", "CF"],
    ["HM", "6/60"],
    ["CF", "HM"],
  ])("%s and %s cannot be counted", (before, now) => {
    expect(linesBetween(acuity(before), acuity(now))).toBeNull();
  });
  test("are as many back as there", () => {
    const text = fc.oneof(
      fc.constantFrom(...chartLines.map(({ metres }) => `${metres.distance / 10}/${metres.size / 10}`)),
      fc.integer({ min: -30, max: 130 }).map((logmar) => `${(logmar / 100).toFixed(2)} logMAR`),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 3 }), (one, other, letters) => {
        const [a, b] = [acuity(one), acuity(other)];
        expect(linesBetween(a, b)).toBe(0 - (linesBetween(b, a) as number) + 0);
        // Fewer letters read now are never fewer lines lost.
        if (!other.includes("/")) return;
        const fewer = acuity(`${other}-${letters}`);
        expect(linesBetween(a, fewer)).toBeGreaterThanOrEqual(linesBetween(a, b) as number);
      }),
    );
  });
});

test.each([
  ["6/6", "6/12", true],
  ["6/6", "6/9", false],
  ["6/12", "6/6", false],
  ["6/6", "6/9.5", true],
  ["6/60", "CF", true],
  ["CF", "HM", true],
  ["HM", "HM", false],
  ["HM", "CF", false],
  ["NPL", "6/60", false],
])("from %s to %s is a drop of two lines: %j", (before, now, dropped) => {
  expect(isDrop(acuity(before), acuity(now))).toBe(dropped);
});
test("a drop is of as many lines as are asked for", () => {
  expect(isDrop(acuity("6/6"), acuity("6/9"), 1)).toBe(true);
  expect(isDrop(acuity("6/6"), acuity("6/12"), 3)).toBe(false);
});
