import fc from "fast-check";
import { expect, test } from "vitest";
import { detectSeparator, readCsv, separators, writeCsv } from "./csv.ts";

const cells = (text: string) => readCsv(text, ",").rows.map((row) => row.cells);

test("what was written is read as it was, whatever stands in it and whatever parts it", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", ",", ";", "\t", '"', "\n", "\r", " ", "\uFEFF", "Ω") });
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 8 });
  fc.assert(
    fc.property(table, fc.constantFrom(...separators), fc.boolean(), (rows, separator, mark) => {
      const read = readCsv((mark ? "\uFEFF" : "") + writeCsv(rows, separator), separator);
      // A line of nothing is nobody's record.
      expect(read.rows.map((row) => row.cells)).toEqual(rows.filter((row) => row.length > 1 || row[0] !== ""));
      expect(read.unclosed).toBeNull();
    }),
  );
});

test("no text, however broken, is read for ever or loses a letter of what is not a quote, a separator or a line end", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r") }), (text) => {
      const letters = (of: string) => of.replaceAll(/[^a]/g, "").length;
      expect(letters(cells(text).flat().join(""))).toBe(letters(text));
    }),
  );
});

test.each([
  [
    "a,b\r\nc,d\r\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a,b\nc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a,b\rc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "a,\n,b\n",
    [
      ["a", ""],
      ["", "b"],
    ],
  ],
  ["a,b,", [["a", "b", ""]]],
  ['"a ""x"", y",b', [['a "x", y', "b"]]],
  ['"Flat 2" rear,b', [["Flat 2 rear", "b"]]],
  ['"12 High St\r\nLeeds",b', [["12 High St\r\nLeeds", "b"]]],
  ["a\n\n\nb\n", [["a"], ["b"]]],
  ["", []],
])("%j", (text, rows) => {
  expect(cells(text)).toEqual(rows);
});

test("a row is found again by the line on which it begins, quoted line ends counted", () => {
  expect(readCsv('h\n"a\nb\r\nc"\n\nd', ",").rows.map(({ line }) => line)).toEqual([1, 2, 6]);
});

test("a quote that nothing closes is told by its line", () => {
  expect(readCsv('a,b\nc,"d\ne,f\n', ",").unclosed).toBe(2);
});

test.each([
  ["name,dob\nEllison,1958-12-03\n", ","],
  ["name;dob;note\nEllison;1958-12-03;a, b, c\n", ";"],
  ["name\tdob\nEllison, M\t1958-12-03\n", "\t"],
  ['"Surname, first";"Born"\n"Ellison, M";"3/12/58"\n', ";"],
  ["name\nEllison\n", ","],
])("the separator of %j", (text, separator) => {
  expect(detectSeparator(text)).toBe(separator);
});
