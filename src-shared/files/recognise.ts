/**
 * What a file is, by its first bytes and never by its name. What is not on this list is not taken: above all nothing
 * that a browser would run (HTML, SVG), and no plain text, which has no first bytes to be known by and may be either.
 */

export const fileTypes = {
  "image/png": { short: "PNG", shows: true },
  "image/jpeg": { short: "JPEG", shows: true },
  "image/webp": { short: "WebP", shows: true },
  "image/gif": { short: "GIF", shows: true },
  "image/tiff": { short: "TIFF", shows: false },
  "application/pdf": { short: "PDF", shows: false },
  "application/dicom": { short: "DICOM", shows: false },
} as const;
export type FileType = keyof typeof fileTypes;

/** As many first bytes as it takes to know any of them: DICOM's word stands behind a preamble of 128. */
export const bytesToRecognise = 132;

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const jpeg = [0xff, 0xd8, 0xff];

/** The type of a file whose first bytes these are (`bytesToRecognise`, fewer of a shorter file); null if unknown. */
export function recognise(first: Uint8Array): FileType | null {
  // A DICOM file may carry a TIFF's header in its preamble; it is the former all the same.
  if (says(first, 128, "DICM")) return "application/dicom";
  if (begins(first, png)) return "image/png";
  if (begins(first, jpeg)) return "image/jpeg";
  if (says(first, 0, "GIF87a") || says(first, 0, "GIF89a")) return "image/gif";
  if (says(first, 0, "RIFF") && says(first, 8, "WEBP")) return "image/webp";
  if (says(first, 0, "%PDF-")) return "application/pdf";
  if (isTiff(first)) return "image/tiff";
  return null;
}

/** Little- or big-endian; 42 for TIFF, 43 for its form with 64-bit offsets. */
function isTiff(first: Uint8Array): boolean {
  return [
    [0x49, 0x49, 42, 0],
    [0x49, 0x49, 43, 0],
    [0x4d, 0x4d, 0, 42],
    [0x4d, 0x4d, 0, 43],
  ].some((magic) => begins(first, magic));
}

function begins(bytes: Uint8Array, magic: readonly number[], at = 0): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}
function says(bytes: Uint8Array, at: number, word: string): boolean {
  return begins(
    bytes,
    [...word].map((letter) => letter.charCodeAt(0)),
    at,
  );
}

/** Whether every screen can show it as it is; the others are drawn first, or shown by a viewer of their own. */
export function showsItself(mime: string): boolean {
  return Object.hasOwn(fileTypes, mime) && fileTypes[mime as FileType].shows;
}
