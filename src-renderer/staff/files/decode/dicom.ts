/** What a DICOM file says of its patient, and its pictures (DICOM PS3.3 C.7.6.3, C.11.2; PS3.5 A.4). */
import { type DataSet, parseDicom, readEncapsulatedPixelDataFromFragments } from "dicom-parser";
import type { NamedInFile } from "../../../../src-shared/files/whose.ts";
import { type Picture, requireSize, Unreadable } from "./unreadable.ts";

const implicitLittle = "1.2.840.10008.1.2";
const explicitLittle = "1.2.840.10008.1.2.1";
/** JPEG baseline, 8 bits: a browser draws it. */
const jpegBaseline = "1.2.840.10008.1.2.4.50";
const pixels = "x7fe00010";

export type DicomPage =
  | { readonly kind: "picture"; readonly picture: Picture }
  /** The bytes of a JPEG. */
  | { readonly kind: "jpeg"; readonly bytes: Uint8Array<ArrayBuffer> };

/** Who the patient is by the file itself, of which the beginning is enough; null for a file that does not open so far. */
export function patientIn(bytes: Uint8Array): NamedInFile | null {
  const data = beginningOf(bytes);
  if (!data) return null;
  const born = /^(\d{4})(\d\d)(\d\d)$/.exec(decoded(data, "x00100030") ?? "");
  return {
    name: decoded(data, "x00100010"),
    dateOfBirth: born ? `${born[1]}-${born[2]}-${born[3]}` : null,
    number: decoded(data, "x00100020"),
  };
}

function beginningOf(bytes: Uint8Array): DataSet | null {
  try {
    return parseDicom(bytes, { untilTag: "x00100040" });
  } catch (error) {
    // Cut off behind what is wanted: the library hands over what it has read.
    const read = (error as { dataSet?: DataSet } | null)?.dataSet;
    return read?.elements ? read : null;
  }
}

/** Text by the character set that the file names; what is not named is Latin 1, which ASCII is part of. */
function decoded(data: DataSet, tag: string): string | null {
  const element = data.elements[tag];
  if (!element || element.length === 0) return null;
  const set = data.string("x00080005") ?? "";
  const coding = set.includes("ISO_IR 192") ? "utf-8" : "latin1";
  const bytes = data.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  const text = new TextDecoder(coding).decode(bytes).replaceAll("\0", "").trim();
  return text === "" ? null : text.slice(0, 200);
}

/**
 * Picture `index` of a DICOM file, and how many there are.
 *
 * @throws Unreadable
 */
export function drawDicom(bytes: Uint8Array, index: number): { page: DicomPage; pages: number } {
  let data: DataSet;
  try {
    data = parseDicom(bytes);
  } catch (error) {
    // The library throws texts as well as errors, and what is deflated it cannot open.
    throw new Unreadable("damaged", String(error));
  }
  const element = data.elements[pixels];
  if (!element) throw new Unreadable("coding", "no picture in it");
  const pages = Math.min(Math.max(1, data.intString("x00280008") ?? 1), 10_000);
  if (index >= pages) throw new Unreadable("damaged", "no such picture");
  const [height, width] = [data.uint16("x00280010") ?? 0, data.uint16("x00280011") ?? 0];
  requireSize(width, height);
  const syntax = data.string("x00020010") ?? implicitLittle;
  if (syntax === jpegBaseline) return { page: { kind: "jpeg", bytes: jpegOf(data, index, pages) }, pages };
  if (syntax !== implicitLittle && syntax !== explicitLittle) throw new Unreadable("coding", syntax);
  const from = element.dataOffset + index * frameBytes(data, width, height);
  const to = from + frameBytes(data, width, height);
  if (to > element.dataOffset + element.length || to > bytes.length) throw new Unreadable("damaged", "cut off");
  const raw = bytes.subarray(from, to);
  const samples = data.uint16("x00280002") ?? 1;
  const rgba =
    samples === 1 ? shades(data, raw, width * height) : colours(raw, width * height, data.uint16("x00280006") === 1);
  return { page: { kind: "picture", picture: { width, height, rgba } }, pages };
}

function jpegOf(data: DataSet, index: number, pages: number): Uint8Array<ArrayBuffer> {
  const element = data.elements[pixels];
  const fragments = element?.fragments ?? [];
  if (!element || fragments.length === 0) throw new Unreadable("damaged", "no fragments");
  try {
    // One picture may lie in several fragments; of several pictures without a table each is one (PS3.5 A.4).
    const [first, count] = pages === 1 ? [0, fragments.length] : [index, 1];
    if (pages > 1 && fragments.length !== pages) throw new Unreadable("coding", "pictures in fragments");
    return Uint8Array.from(readEncapsulatedPixelDataFromFragments(data, element, first, count));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("damaged", String(error));
  }
}

/** Bytes of one picture; refuses what is not drawn here. */
function frameBytes(data: DataSet, width: number, height: number): number {
  const samples = data.uint16("x00280002") ?? 1;
  const bits = data.uint16("x00280100") ?? 0;
  const kind = data.string("x00280004") ?? "";
  const isShades = samples === 1 && /^MONOCHROME[12]$/.test(kind) && (bits === 8 || bits === 16);
  const isColour = samples === 3 && kind === "RGB" && bits === 8;
  if (!isShades && !isColour) throw new Unreadable("coding", `${kind}, ${samples} of ${bits} bits`);
  return width * height * samples * (bits / 8);
}

function colours(raw: Uint8Array, count: number, isPlanar: boolean): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    for (let colour = 0; colour < 3; colour++) {
      rgba[4 * i + colour] = raw[isPlanar ? colour * count + i : 3 * i + colour] as number;
    }
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

/** Through the file's own window, or from its darkest to its lightest value where it names none. */
function shades(data: DataSet, raw: Uint8Array, count: number): Uint8ClampedArray<ArrayBuffer> {
  const wide = (data.uint16("x00280100") ?? 8) === 16;
  const stored = data.uint16("x00280101") ?? (wide ? 16 : 8);
  const isSigned = data.uint16("x00280103") === 1;
  // Bits above those that are stored may hold anything (PS3.5 8.1.1).
  const spare = 32 - Math.min(Math.max(stored, 1), wide ? 16 : 8);
  const slope = data.floatString("x00281053") || 1;
  const intercept = data.floatString("x00281052") ?? 0;
  const values = new Float32Array(count);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count; i++) {
    const held = wide ? (raw[2 * i] as number) | ((raw[2 * i + 1] as number) << 8) : (raw[i] as number);
    const value = (isSigned ? (held << spare) >> spare : (held << spare) >>> spare) * slope + intercept;
    values[i] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const centre = data.floatString("x00281050");
  const width = data.floatString("x00281051");
  const hasWindow = centre !== undefined && width !== undefined && width >= 1;
  // The linear window of PS3.3 C.11.2.1.2.
  const [low, span] = hasWindow
    ? [centre - 0.5 - (width - 1) / 2, Math.max(1e-9, width - 1)]
    : [least, most - least || 1];
  const isInverted = data.string("x00280004") === "MONOCHROME1";
  const rgba = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const shade = (255 * ((values[i] as number) - low)) / span;
    const shown = isInverted ? 255 - Math.min(255, Math.max(0, shade)) : shade;
    rgba[4 * i] = shown;
    rgba[4 * i + 1] = shown;
    rgba[4 * i + 2] = shown;
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}
