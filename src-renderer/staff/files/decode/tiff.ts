/** Draws a page of a TIFF file: grey, palette and RGB of 8 or 16 bits, in strips or tiles (TIFF 6.0, baseline). */
import { type Page, readDirectory } from "./directory.ts";
import { deflate, lzw, packBits, plain, type Unpack } from "./unpack.ts";
import { type Picture, requireSize, Unreadable } from "./unreadable.ts";

const tag = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
} as const;
const whiteIsZero = 0;
const rgb = 2;
const palette = 3;

/** Bytes of one unpacked strip or tile, at most. */
const mostPiece = 400_000_000;

const compressions: Readonly<Record<number, Unpack>> = {
  1: plain,
  5: lzw,
  8: deflate,
  32773: packBits,
  32946: deflate,
};

/**
 * Page `index` of a TIFF file, and how many pages there are.
 *
 * @throws Unreadable
 */
export async function drawTiff(bytes: Uint8Array, index: number): Promise<{ picture: Picture; pages: number }> {
  const { pages } = readDirectory(bytes);
  const page = pages[index];
  if (!page) throw new Unreadable("damaged", "no such page");
  return { picture: await drawPage(bytes, page), pages: pages.length };
}

async function drawPage(bytes: Uint8Array, page: Page): Promise<Picture> {
  const one = (name: keyof typeof tag, otherwise = 0) => page.get(tag[name])?.[0] ?? otherwise;
  const [width, height] = [one("width"), one("height")];
  requireSize(width, height);
  const samples = one("samples", 1);
  const bits = one("bits", 1);
  const photometric = one("photometric", 1);
  const unpack = compressions[one("compression", 1)];
  const isGrey = photometric === whiteIsZero || photometric === 1;
  const isKnown = isGrey || photometric === palette ? samples >= 1 : photometric === rgb && samples >= 3;
  if (!unpack || !isKnown || samples > 8 || (bits !== 8 && bits !== 16) || (one("planar", 1) !== 1 && samples > 1))
    throw new Unreadable("coding", `compression ${one("compression", 1)}, ${bits} bits, colours ${photometric}`);
  const isTiled = page.has(tag.tileOffsets);
  const across = isTiled ? one("tileWidth") : width;
  const down = isTiled ? one("tileHeight") : Math.min(height, one("rowsPerStrip", height));
  requireSize(across, down);
  const offsets = page.get(isTiled ? tag.tileOffsets : tag.stripOffsets) ?? [];
  const lengths = page.get(isTiled ? tag.tileBytes : tag.stripBytes) ?? [];
  const perRow = Math.ceil(width / across);
  const pieces = perRow * Math.ceil(height / down);
  if (offsets.length < pieces) throw new Unreadable("damaged", "pieces are missing");
  const little = bytes[0] === 0x49;
  const step = samples * (bits / 8);
  if (across * down * step > mostPiece) throw new Unreadable("tooLarge", "a strip");
  const high = bits === 16 && little ? 1 : 0;
  const colours = page.get(tag.palette) ?? [];
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let piece = 0; piece < pieces; piece++) {
    const [left, top] = [(piece % perRow) * across, Math.floor(piece / perRow) * down];
    const rows = isTiled ? down : Math.min(down, height - top);
    const from = offsets[piece] as number;
    if (from >= bytes.length) throw new Unreadable("damaged", "a piece lies outside of the file");
    // Some writers leave the length of a single uncompressed strip out.
    const packed = bytes.subarray(from, from + (lengths[piece] ?? bytes.length - from));
    const unpacked = await unpack(packed, across * rows * step);
    const predicted = one("predictor", 1) === 2;
    if (predicted && bits !== 8) throw new Unreadable("coding", "a predictor of 16 bits");
    const raw = predicted ? undiffer(unpacked.slice(), across * samples, samples) : unpacked;
    for (let y = 0; y < Math.min(rows, height - top); y++) {
      for (let x = 0; x < Math.min(across, width - left); x++) {
        const at = (y * across + x) * step + high;
        const to = 4 * ((top + y) * width + left + x);
        const value = raw[at] as number;
        if (photometric === rgb) {
          rgba[to] = value;
          rgba[to + 1] = raw[at + bits / 8] as number;
          rgba[to + 2] = raw[at + bits / 4] as number;
        } else if (photometric === palette) {
          // Three runs of 256 values of 16 bits: all reds, all greens, all blues.
          for (let colour = 0; colour < 3; colour++) rgba[to + colour] = (colours[256 * colour + value] ?? 0) >> 8;
        } else rgba.fill(photometric === whiteIsZero ? 255 - value : value, to, to + 3);
        rgba[to + 3] = 255;
      }
    }
  }
  return { width, height, rgba };
}

/** Each byte was kept as what it differs from its neighbour by (TIFF 6.0, section 14). `row`: bytes. */
function undiffer(raw: Uint8Array, row: number, samples: number): Uint8Array {
  for (let start = 0; start < raw.length; start += row) {
    for (let at = start + samples; at < Math.min(start + row, raw.length); at++) {
      raw[at] = (raw[at] as number) + (raw[at - samples] as number);
    }
  }
  return raw;
}
