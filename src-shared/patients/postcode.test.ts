import fc from "fast-check";
import { expect, test } from "vitest";
import { usualPostcode } from "./postcode.ts";

test.each([
  ["ls62ab", "LS6 2AB"],
  ["LS6  2AB", "LS6 2AB"],
  ["e16an", "E1 6AN"],
  ["ec1a1bb", "EC1A 1BB"],
  ["w1a 0ax", "W1A 0AX"],
  ["gir0aa", "GIR 0AA"],
  ["1012 ab", "1012 ab"],
  ["k1a 0b1", "k1a 0b1"],
  ["D02 AF30", "D02 AF30"],
  ["ls6", "ls6"],
  ["", ""],
])("%s is %s", (typed, usual) => {
  expect(usualPostcode(typed)).toBe(usual);
});

test("what is usual stays, and nothing but spaces and capitals ever changes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$/)), (typed) => {
      const usual = usualPostcode(typed);
      expect(usualPostcode(usual)).toBe(usual);
      const bare = (text: string) => text.replace(/\s/g, "").toUpperCase();
      expect(bare(usual)).toBe(bare(typed));
    }),
  );
});
