import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { type Acuity, acuityRange } from "./acuity.ts";
import { formatAcuity } from "./acuity-format.ts";
import { parseAcuity } from "./acuity-parse.ts";

describe("an acuity is read", () => {
  test.each<[string, Partial<Acuity>]>([
    ["6/6", { notation: "metres", logmar: 0, fraction: { distance: 60, size: 60 } }],
    ["6/9-2", { notation: "metres", logmar: 216, letters: -2, fraction: { distance: 60, size: 90 } }],
    ["6/6+1", { logmar: -20, letters: 1 }],
    ["6/9 \u2212 2", { logmar: 216, letters: -2 }],
    [" 6 / 7.5 ", { logmar: 97, fraction: { distance: 60, size: 75 } }],
    ["6/9,5", { logmar: 200 }],
    ["3/60", { notation: "metres", logmar: 1301, fraction: { distance: 30, size: 600 } }],
    ["1/60", { logmar: 1778 }],
    ["0.5/60", { logmar: 2079 }],
    ["4/4", { notation: "metres", logmar: 0 }],
    ["20/40", { notation: "feet", logmar: 301, fraction: { distance: 200, size: 400 } }],
    ["20/12.5-1", { notation: "feet", logmar: -184, letters: -1 }],
    ["0.5", { notation: "decimal", logmar: 301, decimal: 500 }],
    ["0,8", { notation: "decimal", logmar: 97, decimal: 800 }],
    [".125", { notation: "decimal", logmar: 903, decimal: 125 }],
    ["1.0", { notation: "decimal", logmar: 0, decimal: 1000 }],
    ["0.8-2", { notation: "decimal", logmar: 137, letters: -2 }],
    ["0.5 dec", { notation: "decimal", logmar: 301 }],
    ["0.30 logMAR", { notation: "logmar", logmar: 300 }],
    ["logMAR 0.1", { notation: "logmar", logmar: 100 }],
    ["-0.08 LogMAR", { notation: "logmar", logmar: -80 }],
    ["1 logmar", { notation: "logmar", logmar: 1000 }],
    ["\u22120.10", { notation: "logmar", logmar: -100 }],
    ["+0.30", { notation: "logmar", logmar: 300 }],
    ["CF", { notation: "low", low: "CF" }],
    ["cf @ 50cm", { low: "CF", distance_cm: 50 }],
    ["CF 1m", { low: "CF", distance_cm: 100 }],
    ["HM at 30 cm", { low: "HM", distance_cm: 30 }],
    ["PL", { low: "PL" }],
    ["LP", { low: "PL" }],
    ["NPL", { low: "NPL" }],
    ["NLP", { low: "NPL" }],
    ["6/9 ph", { logmar: 176, pinhole: true }],
    ["ph 6/9-1", { logmar: 196, letters: -1, pinhole: true }],
    ["6/12ph", { logmar: 301, pinhole: true }],
    ["VA 6/6", { logmar: 0 }],
    ["va: 0.5", { notation: "decimal" }],
  ])("%j as %j", (text, expected) => {
    expect(must(parseAcuity(text))).toMatchObject({ text: text.trim(), pinhole: false, ...expected });
  });
  test("in logMAR where the practice works in it", () => {
    expect(must(parseAcuity("0.3", { bare: "logmar" }))).toMatchObject({ notation: "logmar", logmar: 300 });
    expect(must(parseAcuity("0.00", { bare: "logmar" }))).toMatchObject({ notation: "logmar", logmar: 0 });
    expect(must(parseAcuity("0.3 dec", { bare: "logmar" }))).toMatchObject({ notation: "logmar" });
  });
});

describe("an acuity is refused", () => {
  test.each([
    ["", "empty"],
    ["ph", "empty"],
    ["six", "unreadable"],
    ["6/", "unreadable"],
    ["/6", "unreadable"],
    ["6/6/6", "unreadable"],
    ["6/9-0", "unreadable"],
    ["6/9-10", "unreadable"],
    ["6/9+2-1", "unreadable"],
    ["6/9.55", "unreadable"],
    ["7/9", "unreadable"],
    ["10/200", "unreadable"],
    ["6/6 blurred", "unreadable"],
    ["0.30 logMAR-2", "unreadable"],
    ["-0.1-2", "unreadable"],
    [".", "unreadable"],
    ["+", "unreadable"],
    ["logmar", "unreadable"],
    ["CF 5", "unreadable"],
    ["N6", "unreadable"],
    ["77", "unreadable"],
    ["6/2", "out_of_range"],
    ["6/0", "out_of_range"],
    ["6/3+1", "out_of_range"],
    ["2.1", "out_of_range"],
    ["-0.5", "out_of_range"],
    ["3.5 logMAR", "out_of_range"],
    ["0.000", "ambiguous"],
  ])("%j: %s", (text, code) => {
    expect(parseAcuity(text)).toMatchObject({ ok: false, code });
  });
  test.each<[string, number[], string]>([
    ["69", [176], "69 can be read in more than one way. If you mean 6/9, write it so."],
    ["612", [301], "612 can be read in more than one way. If you mean 6/12, write it so."],
    ["660", [1000], "660 can be read in more than one way. If you mean 6/60, write it so."],
    ["2040", [301], "2040 can be read in more than one way. If you mean 20/40, write it so."],
    ["9", [176], "9 can be read in more than one way. If you mean 6/9, write it so."],
    ["60", [1000], "60 can be read in more than one way. If you mean 6/60, write it so."],
    ["1", [0], "1 can be read in more than one way. If you mean 1.0, write it so."],
    ["0.0", [0], "0 is no decimal acuity. Write 0.00 logMAR, or NPL."],
  ])("where %j leaves a doubt, with what it can mean", (text, nearest, message) => {
    expect(parseAcuity(text)).toEqual({ ok: false, code: "ambiguous", nearest, message });
  });
});

test("counting fingers or seeing light from further than a room is long is not read", () => {
  expect(parseAcuity("LP66m")).toMatchObject({ ok: false, code: "out_of_range" });
  expect(parseAcuity("CF @ 9.99m")).toMatchObject({ ok: true, value: { distance_cm: 999 } });
});

test("whatever is typed, what is read is in range, keeps its text, and is read again as it is printed", () => {
  const typed = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."620/.+-159 CFHMPLN@cm") }),
    fc
      .tuple(fc.constantFrom("6/", "20/", "3/", "0.", "1."), fc.nat(400), fc.constantFrom("", "-1", "+2", " ph"))
      .map((parts) => parts.join("")),
  );
  let readable = 0;
  fc.assert(
    fc.property(typed, (text) => {
      const parsed = parseAcuity(text);
      if (!parsed.ok) return;
      readable++;
      const { logmar, low, letters, pinhole, distance_cm, notation } = parsed.value;
      expect(parsed.value.text).toBe(text.trim());
      expect((logmar === null) !== (low === null)).toBe(true);
      if (logmar !== null) {
        expect(logmar).toBeGreaterThanOrEqual(acuityRange[0]);
        expect(logmar).toBeLessThanOrEqual(acuityRange[1]);
      }
      const again = must(parseAcuity(formatAcuity(parsed.value)));
      expect(again).toMatchObject({ low, letters, pinhole, distance_cm, notation });
      // logMAR is written to hundredths.
      expect(Math.abs((again.logmar ?? 0) - (logmar ?? 0))).toBeLessThanOrEqual(notation === "logmar" ? 5 : 0);
    }),
    { numRuns: 2000 },
  );
  expect(readable).toBeGreaterThan(100);
});
