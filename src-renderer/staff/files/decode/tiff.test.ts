import * as fc from "fast-check";
import { expect, test } from "vitest";
import { drawTiff } from "./tiff.ts";
import { Unreadable } from "./unreadable.ts";

type Field = readonly [tag: number, type: 3 | 4, values: readonly number[]];

/** A little-endian TIFF of pages, each of its fields and one strip. */
function tiff(pages: readonly { fields: readonly Field[]; strip: Uint8Array }[], loops = false): Uint8Array {
  const bytes = new Uint8Array(
    8 + pages.reduce((sum, { fields, strip }) => sum + strip.length + 4000 + fields.length, 0),
  );
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  let [at, link] = [8, 4];
  for (const { fields, strip } of pages) {
    const stripAt = at;
    bytes.set(strip, at);
    at += strip.length;
    const all: Field[] = [...fields, [273, 4, [stripAt]], [279, 4, [strip.length]]];
    const wide = all.map(([, type, values]) => {
      const length = values.length * (type === 3 ? 2 : 4);
      if (length <= 4) return null;
      const from = at;
      for (const value of values) {
        if (type === 3) view.setUint16(at, value, true);
        else view.setUint32(at, value, true);
        at += type === 3 ? 2 : 4;
      }
      return from;
    });
    view.setUint32(link, at, true);
    view.setUint16(at, all.length, true);
    at += 2;
    for (const [index, [tag, type, values]] of all.entries()) {
      view.setUint16(at, tag, true);
      view.setUint16(at + 2, type, true);
      view.setUint32(at + 4, values.length, true);
      const from = wide[index] ?? null;
      if (from !== null) view.setUint32(at + 8, from, true);
      else for (const [i, value] of values.entries()) view.setUint16(at + 8 + 2 * i, value, true);
      at += 12;
    }
    link = at;
    at += 4;
  }
  if (loops) view.setUint32(link, view.getUint32(4, true), true);
  return bytes.subarray(0, at);
}

const page = (width: number, height: number, strip: Uint8Array, more: readonly Field[] = []) => ({
  fields: [[256, 3, [width]], [257, 3, [height]], [258, 3, [8]], ...more] as Field[],
  strip,
});
const grey = (bytes: Uint8Array) => [...bytes].flatMap((value) => [value, value, value, 255]);
const whyOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "drawn",
    (error) => (error instanceof Unreadable ? error.why : `a bug: ${error}`),
  );

/** Codes as a writer makes them that never finds a string twice: each byte for itself, cleared in time. */
function literalLzw(bytes: Uint8Array): Uint8Array {
  const codes = [256];
  for (const [index, byte] of bytes.entries()) {
    if (index > 0 && index % 200 === 0) codes.push(256);
    codes.push(byte);
  }
  codes.push(257);
  const out = new Uint8Array(Math.ceil((codes.length * 9) / 8));
  for (const [index, code] of codes.entries()) {
    for (let bit = 0; bit < 9; bit++) {
      const to = index * 9 + bit;
      if ((code >> (8 - bit)) & 1) out[to >> 3] = (out[to >> 3] as number) | (0x80 >> (to & 7));
    }
  }
  return out;
}
function packed(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += 100) {
    const part = bytes.subarray(at, at + 100);
    out.push(128, part.length - 1, ...part);
  }
  return Uint8Array.from(out);
}
async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

test("the same picture comes out of every compression", async () => {
  const codings = [
    [1, (bytes: Uint8Array) => bytes],
    [5, literalLzw],
    [8, deflated],
    [32773, packed],
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 600, maxLength: 600 }), async (bytes) => {
      for (const [compression, pack] of codings) {
        const file = tiff([page(30, 20, await pack(bytes), [[259, 3, [compression]]])]);
        const { picture, pages } = await drawTiff(file, 0);
        expect([pages, picture.width, picture.height]).toEqual([1, 30, 20]);
        expect([...picture.rgba]).toEqual(grey(bytes));
      }
    }),
    { numRuns: 30 },
  );
});

test("strings of LZW that grow out of themselves are found", async () => {
  // Clear, 7, then the string that is just being made (258: 7 7), then 259 (7 7 7), end.
  const bits = [256, 7, 258, 259, 257].map((code) => code.toString(2).padStart(9, "0")).join("");
  const strip = Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
  const { picture } = await drawTiff(tiff([page(6, 1, strip, [[259, 3, [5]]])]), 0);
  expect([...picture.rgba]).toEqual(grey(new Uint8Array(6).fill(7)));
});

test("colours, palettes, white as nought, 16 bits and differences are drawn", async () => {
  const draw = async (...of: Parameters<typeof page>) => [...(await drawTiff(tiff([page(...of)]), 0)).picture.rgba];
  const rgb: Field[] = [
    [277, 3, [3]],
    [262, 3, [2]],
  ];
  expect(await draw(1, 1, Uint8Array.of(1, 2, 3), rgb)).toEqual([1, 2, 3, 255]);
  expect(await draw(2, 1, Uint8Array.of(1, 2, 3, 1, 1, 1), [...rgb, [317, 3, [2]]])).toEqual([
    1, 2, 3, 255, 2, 3, 4, 255,
  ]);
  expect(await draw(1, 1, Uint8Array.of(250), [[262, 3, [0]]])).toEqual([5, 5, 5, 255]);
  const colours = Array.from({ length: 768 }, (_, i) => (i % 256 === 9 ? (10 + Math.floor(i / 256)) << 8 : 0));
  expect(
    await draw(1, 1, Uint8Array.of(9), [
      [262, 3, [3]],
      [320, 3, colours],
    ]),
  ).toEqual([10, 11, 12, 255]);
  const deep = {
    fields: [
      [256, 3, [1]],
      [257, 3, [1]],
      [258, 3, [16]],
    ] as Field[],
    strip: Uint8Array.of(0xff, 0x12),
  };
  expect([...(await drawTiff(tiff([deep]), 0)).picture.rgba]).toEqual([0x12, 0x12, 0x12, 255]);
});

test("of a file with several pages each is drawn", async () => {
  const file = tiff([1, 2, 3].map((shade) => page(1, 1, Uint8Array.of(shade))));
  const drawn = await Promise.all([0, 1, 2].map((index) => drawTiff(file, index)));
  expect(drawn.map(({ pages, picture }) => [pages, picture.rgba[0]])).toEqual([
    [3, 1],
    [3, 2],
    [3, 3],
  ]);
});

test("what was made to harm is refused in words, and nothing is set aside for it", async () => {
  const strip = Uint8Array.of(1);
  expect(await whyOf(drawTiff(tiff([page(1, 1, strip), page(1, 1, strip)], true), 0))).toBe("damaged");
  expect(await whyOf(drawTiff(tiff([page(60_000, 60_000, strip)]), 0))).toBe("tooLarge");
  expect(await whyOf(drawTiff(tiff([page(30_000, 30_000, strip)]), 0))).toBe("tooLarge");
  expect(await whyOf(drawTiff(tiff([page(1, 1, strip, [[259, 3, [7]]])]), 0))).toBe("coding");
  expect(await whyOf(drawTiff(Uint8Array.of(0x49, 0x49, 43, 0, 0, 0, 0, 0), 0))).toBe("coding");
});

test("whatever is cut off or altered is drawn or refused, and never anything else", async () => {
  const whole = tiff([
    page(20, 20, literalLzw(new Uint8Array(400).fill(5)), [[259, 3, [5]]]),
    page(20, 20, packed(new Uint8Array(400)), [[259, 3, [32773]]]),
  ]);
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 20 }), fc.nat(whole.length), async (changes, end) => {
      const bytes = whole.slice(0, end);
      for (const { at, byte } of changes) if (at < end) bytes[at] = byte;
      expect(["drawn", "damaged", "coding", "tooLarge"]).toContain(await whyOf(drawTiff(bytes, 0)));
    }),
    { numRuns: 500 },
  );
});
