import * as fc from "fast-check";
import { expect, test } from "vitest";
import { drawDicom, patientIn } from "./dicom.ts";
import { Unreadable } from "./unreadable.ts";

type Element = readonly [tag: number, vr: string, value: string | number | Uint8Array];
const longForms = ["OB", "OW", "SQ", "UN"];

function bytesOf(vr: string, value: Element[2]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number") return Uint8Array.of(value & 255, value >> 8);
  const text = new TextEncoder().encode(value);
  return text.length % 2 === 0 ? text : Uint8Array.of(...text, vr === "UI" ? 0 : 0x20);
}
function element([tag, vr, value]: Element, isExplicit: boolean): number[] {
  const bytes = bytesOf(vr, value);
  const head = [(tag >> 16) & 255, (tag >> 24) & 255, tag & 255, (tag >> 8) & 255];
  const size = [bytes.length & 255, (bytes.length >> 8) & 255, (bytes.length >> 16) & 255, 0];
  if (!isExplicit) return [...head, ...size, ...bytes];
  const letters = [vr.charCodeAt(0), vr.charCodeAt(1)];
  return longForms.includes(vr)
    ? [...head, ...letters, 0, 0, ...size, ...bytes]
    : [...head, ...letters, ...size.slice(0, 2), ...bytes];
}
const explicit = "1.2.840.10008.1.2.1";
const implicit = "1.2.840.10008.1.2";

function dicom(elements: readonly Element[], syntax = explicit): Uint8Array {
  const meta = element([0x00020010, "UI", syntax], true);
  const length = element([0x00020000, "UL", Uint8Array.of(meta.length, 0, 0, 0)], true);
  const rest = elements.flatMap((each) => element(each, syntax !== implicit));
  return Uint8Array.from([...new Array(128).fill(0), 0x44, 0x49, 0x43, 0x4d, ...length, ...meta, ...rest]);
}
const image = (bits: number, pixels: Uint8Array, more: readonly Element[] = [], kind = "MONOCHROME2"): Element[] =>
  (
    [
      [0x00280002, "US", kind === "RGB" ? 3 : 1],
      [0x00280004, "CS", kind],
      [0x00280010, "US", 1],
      [0x00280011, "US", 2],
      [0x00280100, "US", bits],
      [0x00280101, "US", bits === 16 ? 12 : 8],
      [0x00280103, "US", 0],
      ...more,
      [0x7fe00010, bits === 16 ? "OW" : "OB", pixels],
    ] as Element[]
  ).sort(([a], [b]) => a - b);
function shades(file: Uint8Array, index = 0): number[] {
  const { page } = drawDicom(file, index);
  if (page.kind !== "picture") throw new Error("no picture");
  return [...page.picture.rgba];
}
const whyOf = (draw: () => unknown) => {
  try {
    draw();
    return "drawn";
  } catch (error) {
    return error instanceof Unreadable ? error.why : `a bug: ${error}`;
  }
};

test.each([explicit, implicit])("shades of 8 and 16 bits are drawn from the darkest to the lightest: %s", (syntax) => {
  expect(shades(dicom(image(8, Uint8Array.of(10, 20)), syntax))).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  // Twelve bits are stored; what stands above them is no part of the value.
  expect(shades(dicom(image(16, Uint8Array.of(0, 0xf0, 100, 0)), syntax))).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
});

test("the file's own window holds, and a negative is turned over", () => {
  const window: Element[] = [
    [0x00281050, "DS", "128"],
    [0x00281051, "DS", "256"],
  ];
  expect(shades(dicom(image(8, Uint8Array.of(51, 102), window)))[0]).toBe(51);
  expect(shades(dicom(image(8, Uint8Array.of(51, 102), window, "MONOCHROME1")))[4]).toBe(153);
});

test("colours are drawn, and each of several pictures", () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const file = dicom(image(8, pixels, [[0x00280008, "IS", "2"]], "RGB"));
  expect(shades(file, 1)).toEqual([7, 8, 9, 255, 10, 11, 12, 255]);
  expect(drawDicom(file, 0).pages).toBe(2);
});

test("what a screen cannot draw says so, and what is cut off too", () => {
  const jpeg2000 = "1.2.840.10008.1.2.4.90";
  expect(whyOf(() => drawDicom(dicom(image(8, Uint8Array.of(1, 2)), jpeg2000), 0))).not.toMatch(/drawn|bug/);
  expect(whyOf(() => drawDicom(dicom(image(8, Uint8Array.of(1))), 0))).toBe("damaged");
  expect(whyOf(() => drawDicom(dicom([[0x00100010, "PN", "ELLISON^MARGARET"]]), 0))).toBe("coding");
});

const margaret: Element[] = [
  [0x00100010, "PN", "ELLISON^MARGARET"],
  [0x00100020, "LO", "L-1042"],
  [0x00100030, "DA", "19581203"],
];
test("whom the file names is read, also where only its beginning is at hand", () => {
  const named = { name: "ELLISON^MARGARET", dateOfBirth: "1958-12-03", number: "L-1042" };
  const whole = dicom([...margaret, ...image(8, new Uint8Array(1000))]);
  expect(patientIn(whole)).toEqual(named);
  expect(patientIn(whole.subarray(0, whole.length - 900))).toEqual(named);
  expect(patientIn(dicom(image(8, Uint8Array.of(1, 2))))).toEqual({ name: null, dateOfBirth: null, number: null });
  const coded: Element = [0x00080005, "CS", "ISO_IR 192"];
  expect(patientIn(dicom([coded, [0x00100010, "PN", "MÜLLER^JÖRG"]]))?.name).toBe("MÜLLER^JÖRG");
});

test("whatever is cut off or altered is drawn or refused, and never anything else", () => {
  const whole = dicom([...margaret, ...image(16, Uint8Array.of(1, 0, 2, 0))]);
  const change = fc.record({ at: fc.integer({ min: 128, max: whole.length - 1 }), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 10 }), fc.nat(whole.length), (changes, end) => {
      const bytes = whole.slice(0, end);
      for (const { at, byte } of changes) if (at < end) bytes[at] = byte;
      patientIn(bytes);
      expect(["drawn", "damaged", "coding", "tooLarge"]).toContain(whyOf(() => drawDicom(bytes, 0)));
    }),
    { numRuns: 500 },
  );
});
