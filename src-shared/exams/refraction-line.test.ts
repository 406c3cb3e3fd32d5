import fc from "fast-check";
import { expect, test } from "vitest";
import { type EyeRx, emptyEye, formatEye } from "../optics/index.ts";
import { cellsOf, readRefractionLine } from "./refraction-line.ts";

const lens = (eye: Partial<EyeRx>) => ({ ...emptyEye, ...eye });

test.each<[string, Partial<EyeRx>, string | null]>([
  ["+1.75/-0.50x085 add 2.50 6/6-1", { sphere: 1750, cylinder: -500, axis: 85, add: 2500 }, "6/6-1"],
  ["+1.75/-0.50x085 6/6", { sphere: 1750, cylinder: -500, axis: 85 }, "6/6"],
  ["-4.25 DS 6/9 +2", { sphere: -4250 }, "6/9+2"],
  ["pl 6/5", { sphere: 0 }, "6/5"],
  ["pl", { sphere: 0 }, null],
  ["-8.00/-1.00x10 2 in 6/60", { sphere: -8000, cylinder: -1000, axis: 10, prism_h: 200, base_h: "in" }, "6/60"],
  ["-12.00 cf", { sphere: -12_000 }, "CF"],
  ["+1.00 add 0.75", { sphere: 1000, add: 750 }, null],
  ["-1.00 20/40", { sphere: -1000 }, "20/40"],
  ["+1.75/-0.50x085 6/6-1 2 in", { sphere: 1750, cylinder: -500, axis: 85, prism_h: 200, base_h: "in" }, "6/6-1"],
  ["-4.25 DS 6/9 +2 1.5 up", { sphere: -4250, prism_v: 150, base_v: "up" }, "6/9+2"],
  ["pl 6/5 3 out 1 down", { sphere: 0, prism_h: 300, base_h: "out", prism_v: 100, base_v: "down" }, "6/5"],
  ["+1.00 6/6 add 2.00 2 in", { sphere: 1000, add: 2000, prism_h: 200, base_h: "in" }, "6/6"],
  ["+1.00 6/6 +2.00 add", { sphere: 1000, add: 2000 }, "6/6"],
  ["-1.00 0.8 2 in", { sphere: -1000, prism_h: 200, base_h: "in" }, "0.8"],
  ["+1.00 add 0.75 2 in", { sphere: 1000, add: 750, prism_h: 200, base_h: "in" }, null],
  ["-12.00 cf 2 in", { sphere: -12_000, prism_h: 200, base_h: "in" }, "CF"],
  ["-2.00 0.50 in 0.75 up", { sphere: -2000, prism_h: 50, base_h: "in", prism_v: 75, base_v: "up" }, null],
])("%s", (text, eye, va) => {
  expect(readRefractionLine(text)).toEqual({ ok: true, value: { eye: lens(eye), va } });
});

test.each(["", "6/6", "hello", "+1.75/-0.50 6/6", "+1.75 6/6 6/9", "+1.75 6/6 6/9 2 in", "6/6 2 in"])(
  "%j is refused with a reason",
  (text) => {
    const line = readRefractionLine(text);
    expect(line.ok ? "" : line.message).toMatch(/\w{3}/);
  },
);

test("a line as it is printed reads as the same lens, with and without an acuity", () => {
  const power = (least: number, most: number) =>
    fc.integer({ min: least * 4, max: most * 4 }).map((step) => step * 250);
  const eye = fc
    .record({
      sphere: power(-20, 20),
      cylinder: fc.option(power(-6, -1).filter((cylinder) => cylinder !== 0)),
      axis: fc.integer({ min: 1, max: 180 }),
      add: fc.option(power(1, 3)),
    })
    .map(({ axis, ...rest }) => lens({ ...rest, axis: rest.cylinder === null ? null : axis }));
  const acuity = fc.constantFrom(null, "6/6", "6/9-2", "6/4", "CF", "NPL");
  fc.assert(
    fc.property(eye, acuity, (each, va) => {
      const line = readRefractionLine([formatEye(each), va].filter(Boolean).join(" "));
      expect(line).toEqual({ ok: true, value: { eye: each, va } });
    }),
  );
});

test("add, prism and acuity behind the lens say the same in whatever order they stand", () => {
  const quarter = (least: number, most: number) => fc.integer({ min: least, max: most }).map((step) => step / 4);
  const parts = fc
    .record({
      add: quarter(1, 24),
      amount: quarter(1, 40),
      base: fc.constantFrom("in", "out", "up", "down"),
      va: fc.constantFrom("6/6", "6/9-2", "6/7.5 +1", "20/40", "CF", "NPL"),
    })
    .map(({ add, amount, base, va }) => [`add ${add.toFixed(2)}`, `${amount.toFixed(2)}Δ ${base}`, va]);
  const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  fc.assert(
    fc.property(parts, order, (said, [a = 0, b = 1, c = 2]) => {
      const lens = "-4.25/-1.25x015";
      expect(readRefractionLine([lens, said[a], said[b], said[c]].join(" "))).toEqual(
        readRefractionLine([lens, ...said].join(" ")),
      );
    }),
  );
});

test("a prism at an angle becomes components where the eye is known", () => {
  expect(readRefractionLine("+1.00 2.50Δ@37 6/6")).toMatchObject({ ok: false, code: "eye_required" });
  const line = readRefractionLine("+1.00 6/6 2.50Δ@37", undefined, "r");
  expect(line).toMatchObject({ ok: true, value: { eye: { prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" } } });
});

test("what a line does not say of add, prism and acuity stays as it was", () => {
  const line = readRefractionLine("+1.00");
  expect(line.ok && cellsOf(line.value)).toEqual({ sphere: 1000, cylinder: null, axis: null });
});
