import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import type { AcuityNotation } from "./acuity.ts";
import { formatAcuity } from "./acuity-format.ts";
import { chartLines } from "./acuity-lines.ts";
import { parseAcuity } from "./acuity-parse.ts";

const written = (text: string, notation?: AcuityNotation) => formatAcuity(must(parseAcuity(text)), notation);

describe("an acuity is written", () => {
  test.each([
    ["6/9-2", "6/9\u22122"],
    ["6/6 +1", "6/6+1"],
    ["6/7.5ph", "6/7.5 ph"],
    ["20/40", "20/40"],
    ["0.125", "0.125"],
    ["0.5", "0.50"],
    ["1.0", "1.00"],
    ["0.8-2", "0.80\u22122"],
    ["0.3 logmar", "0.30 logMAR"],
    ["-0.08", "\u22120.08 logMAR"],
    ["cf 50cm", "CF @ 50 cm"],
    ["nlp", "NPL"],
    ["ph hm", "HM ph"],
  ])("as it was given: %j as %s", (text, own) => {
    expect(written(text)).toBe(own);
  });
  test.each<[string, string, string, string, string]>([
    ["6/6", "6/6", "20/20", "1.00", "0.00 logMAR"],
    ["6/9", "6/9", "20/30", "0.67", "0.18 logMAR"],
    ["6/9-2", "6/9\u22122", "20/30\u22122", "0.61", "0.22 logMAR"],
    ["6/9.5", "6/9.5", "20/32", "0.63", "0.20 logMAR"],
    ["6/5+1", "6/5+1", "20/17+1", "1.26", "\u22120.10 logMAR"],
    ["6/38", "6/38", "20/125", "0.16", "0.80 logMAR"],
    ["6/60", "6/60", "20/200", "0.10", "1.00 logMAR"],
    ["3/60", "3/60", "20/400", "0.05", "1.30 logMAR"],
    ["1/60", "1/60", "20/1200", "0.017", "1.78 logMAR"],
    ["20/200", "6/60", "20/200", "0.10", "1.00 logMAR"],
    ["0.5", "6/12", "20/40", "0.50", "0.30 logMAR"],
    ["0.30 logMAR", "6/12", "20/40", "0.50", "0.30 logMAR"],
    ["0.22 logMAR", "6/9.5\u22121", "20/32\u22121", "0.60", "0.22 logMAR"],
    ["0.06 logMAR", "6/7.5+2", "20/25+2", "0.87", "0.06 logMAR"],
    // Too far from any line for letters beside it.
    ["0.5/60", "0.5/60", "20/2399", "0.008", "2.08 logMAR"],
    ["2.5 logMAR", "6/1897.4", "20/6324.6", "0.003", "2.50 logMAR"],
    ["CF", "CF", "CF", "CF", "CF"],
  ])("%s as %s, %s, %s and %s", (text, ...others) => {
    const notations = ["metres", "feet", "decimal", "logmar"] as const;
    expect(notations.map((notation) => written(text, notation))).toEqual(others);
  });
});

test("a line of the chart goes into any notation and comes back within half a letter, and two-digit decimals one", () => {
  const notation = fc.constantFrom<AcuityNotation>("metres", "feet", "decimal", "logmar");
  fc.assert(
    fc.property(
      fc.constantFrom(...chartLines.slice(1)),
      fc.integer({ min: -2, max: 2 }),
      notation,
      (line, by, into) => {
        const letters = by === 0 ? "" : `${by > 0 ? "+" : ""}${by}`;
        const given = must(parseAcuity(`${line.metres.distance / 10}/${line.metres.size / 10}${letters}`));
        const again = must(parseAcuity(formatAcuity(given, into)));
        expect(again.notation).toBe(into);
        const slack = into === "decimal" ? 22 : 10;
        expect(Math.abs((again.logmar as number) - (given.logmar as number))).toBeLessThanOrEqual(slack);
      },
    ),
    { numRuns: 500 },
  );
});
