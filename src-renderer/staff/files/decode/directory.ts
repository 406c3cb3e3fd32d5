/** The directories of a TIFF file (TIFF 6.0, section 2): each page's fields, never more than the file can hold. */
import { Unreadable } from "./unreadable.ts";

/** Pages of one file, at most; an OCT volume has some hundreds. */
const mostPages = 2000;
const mostFields = 500;
/** Bytes of one value by its type; types that no field of ours has are skipped. */
const typeSizes: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 };

/** The numbers of one page by their tag. */
export type Page = ReadonlyMap<number, readonly number[]>;

export interface Directory {
  readonly pages: readonly Page[];
}

/**
 * @throws Unreadable `damaged` for a chain that runs in a circle or out of the file; `coding` for the form with 64-bit
 *   offsets.
 */
export function readDirectory(bytes: Uint8Array): Directory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new Unreadable("damaged", "no header");
  const little = view.getUint16(0) === 0x4949;
  const magic = view.getUint16(2, little);
  if (magic === 43) throw new Unreadable("coding", "BigTIFF");
  if (magic !== 42) throw new Unreadable("damaged", "no TIFF");
  const pages: Page[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, little); at !== 0; ) {
    if (seen.has(at) || pages.length >= mostPages) throw new Unreadable("damaged", "the chain of pages does not end");
    if (at + 2 > bytes.length) throw cutOff(pages);
    seen.add(at);
    const count = view.getUint16(at, little);
    const end = at + 2 + 12 * count;
    if (count > mostFields || end > bytes.length) throw cutOff(pages);
    pages.push(readPage(view, at + 2, count, little));
    at = end + 4 <= bytes.length ? view.getUint32(end, little) : 0;
  }
  if (pages.length === 0) throw new Unreadable("damaged", "no page");
  return { pages };
}

function readPage(view: DataView, start: number, count: number, little: boolean): Page {
  const page = new Map<number, readonly number[]>();
  for (let index = 0; index < count; index++) {
    const at = start + 12 * index;
    const size = typeSizes[view.getUint16(at + 2, little)];
    const values = view.getUint32(at + 4, little);
    if (!size || values === 0) continue;
    const length = size * values;
    const from = length <= 4 ? at + 8 : view.getUint32(at + 8, little);
    // A field that claims more than the file holds is as good as not there; nothing is set aside for it.
    if (from + length > view.byteLength) continue;
    const read = (i: number) =>
      size === 1
        ? view.getUint8(from + i)
        : size === 2
          ? view.getUint16(from + 2 * i, little)
          : view.getUint32(from + 4 * i, little);
    page.set(
      view.getUint16(at, little),
      Array.from({ length: values }, (_, i) => read(i)),
    );
  }
  return page;
}

function cutOff(pages: readonly Page[]): Unreadable {
  return new Unreadable("damaged", `the file ends after ${pages.length} pages`);
}
