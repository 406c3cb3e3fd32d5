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
  ["-1.00 20/40", { sphere: -1000 }, "20/40"],
])("%s", (text, eye, va) => {
  expect(readRefractionLine(text)).toEqual({ ok: true, value: { eye: lens(eye), va } });
});

test.each(["", "6/6", "hello", "+1.75/-0.50 6/6", "+1.75 6/6 6/9"])("%j is refused with a reason", (text) => {
  const line = readRefractionLine(text);
  expect(line.ok ? "" : line.message).toMatch(/\w{3}/);
});

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

test("what a line does not say of add, prism and acuity stays as it was", () => {
  const line = readRefractionLine("+1.00");
  expect(line.ok && cellsOf(line.value)).toEqual({ sphere: 1000, cylinder: null, axis: null });
});
