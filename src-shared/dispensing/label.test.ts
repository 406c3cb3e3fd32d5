import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLabel, jobLabel, parseLabel } from "./label.ts";

const parts = fc.record({
  branchCode: fc.stringMatching(/^[A-Z]{3}$/),
  terminal: fc.stringMatching(/^[A-Z][1-9][0-9]{0,2}$/),
  letter: fc.constantFrom("", "C", "K", "P", "Z"),
  counter: fc.integer({ min: 1, max: 99_999_999 }),
});

test("a number reads back as its parts, however it was typed", () => {
  fc.assert(
    fc.property(parts, (label) => {
      const text = formatLabel(label);
      expect(parseLabel(text)).toEqual(label);
      expect(parseLabel(`  ${text.toLowerCase()} `)).toEqual(label);
    }),
  );
});
test("two documents never share a number by the way it is written", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(formatLabel(a) === formatLabel(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
test("numbers have at least six digits and go on after them", () => {
  expect(formatLabel({ branchCode: "LDS", terminal: "T2", letter: "", counter: 417 })).toBe("LDS-T2-000417");
  expect(formatLabel({ branchCode: "LDS", terminal: "T2", letter: "K", counter: 1_000_000 })).toBe("LDS-T2-K1000000");
  expect(jobLabel("LDS-T2-000417", 1)).toBe("LDS-T2-000417/1");
});
test("what is no number is none", () => {
  for (const text of ["", "LDS", "LDS-T2-417", "LEEDS-T2-000417", "LDS-T2-KK000417", "LDS-T2-000417/1"])
    expect(parseLabel(text), text).toBe(null);
});
