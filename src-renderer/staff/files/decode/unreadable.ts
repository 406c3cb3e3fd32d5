/** Why an image of an instrument is not drawn: what it is coded in, or what is wrong with it. */
export type Why = "damaged" | "coding" | "tooLarge";

export class Unreadable extends Error {
  readonly why: Why;
  /** `detail` goes to nobody but whoever reads the log. */
  constructor(why: Why, detail: string) {
    super(detail);
    this.why = why;
  }
}

/** Pixels of one picture, at most: 100 megapixels are 400 MB once they are drawn, and no instrument gives more. */
const mostPixels = 100_000_000;
const widest = 32_000;

/** @throws Unreadable `damaged`, `tooLarge`. Whole pixels. */
export function requireSize(width: number, height: number): void {
  if (!(width > 0 && height > 0 && Number.isInteger(width) && Number.isInteger(height)))
    throw new Unreadable("damaged", "no size");
  if (width > widest || height > widest || width * height > mostPixels)
    throw new Unreadable("tooLarge", `${width} by ${height}`);
}

/** One picture, four bytes a pixel, red first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}
