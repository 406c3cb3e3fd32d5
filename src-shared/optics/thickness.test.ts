import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eye, lens, must, someLens } from "../../sim/lenses.ts";
import { exactSag } from "./exact-sag.ts";
import { materialOf, materialTable } from "./materials.ts";
import { lensThickness, lensWeight, type RoundLens, type Thickness } from "./thickness.ts";
import { transpose } from "./transpose.ts";
import { emptyEye, type LensPower, type StatedPower } from "./types.ts";

const round: RoundLens = { diameter: 630, leastCentre: 200, leastEdge: 100 };

describe("a lens", () => {
  test.each<[LensPower, number, Thickness]>([
    // The sags of §3.4: 6.21 in 1.498 and 4.09 in 1.74 for a minus six.
    [lens(-6000), 1498, { centre: 200, thinnestEdge: 821, thickestEdge: 821 }],
    [lens(-6000), 1740, { centre: 200, thinnestEdge: 609, thickestEdge: 609 }],
    [lens(6000), 1498, { centre: 721, thinnestEdge: 100, thickestEdge: 100 }],
    [lens(0), 1498, { centre: 200, thinnestEdge: 200, thickestEdge: 200 }],
    // A weak plus lens is thick enough at its edge by itself.
    [lens(250), 1498, { centre: 200, thinnestEdge: 175, thickestEdge: 175 }],
    [lens(0, -6000, 90), 1498, { centre: 200, thinnestEdge: 200, thickestEdge: 821 }],
    [lens(-6000, 6000, 90), 1498, { centre: 200, thinnestEdge: 200, thickestEdge: 821 }],
    [lens(6000, -6000, 45), 1498, { centre: 721, thinnestEdge: 100, thickestEdge: 721 }],
    [lens(6000, -12_000, 45), 1498, { centre: 721, thinnestEdge: 100, thickestEdge: 1342 }],
  ])("of %j in %i is %j", (power, index, thickness) => {
    expect(lensThickness(power, round, index)).toEqual({ ok: true, value: thickness });
  });
  test.each<[StatedPower, Partial<RoundLens>, number, string]>([
    [emptyEye, {}, 1498, "not_stated"],
    [lens(0, -500), {}, 1498, "axis_missing"],
    [lens(0), { diameter: 0 }, 1498, "out_of_range"],
    [lens(0), { leastEdge: -1 }, 1498, "out_of_range"],
    [lens(0), { leastCentre: 2001 }, 1498, "out_of_range"],
    [lens(0), { leastCentre: 0.5 }, 1498, "out_of_range"],
    [lens(0), {}, 1000, "out_of_range"],
    [lens(-20_000), {}, 1498, "no_such_sag"],
    [lens(0, -20_000, 90), {}, 1498, "no_such_sag"],
  ])("of %j, %j, in %i is refused: %s", (power, other, index, code) => {
    expect(lensThickness(power, { ...round, ...other }, index)).toMatchObject({ ok: false, code });
    const material = { ...must(materialOf("cr39")), nd: index };
    expect(lensWeight(power, { ...round, ...other }, material)).toMatchObject({ ok: false, code });
  });
  test("is as thick and heavy however its cylinder is written, never thinner than allowed, and no thicker than needed", () => {
    fc.assert(
      fc.property(someLens, fc.constantFrom(...materialTable.materials), (power, material) => {
        const other = transpose(eye(power));
        const thickness = lensThickness(power, round, material.nd);
        expect(lensThickness(other, round, material.nd)).toEqual(thickness);
        expect(lensWeight(other, round, material)).toEqual(lensWeight(power, round, material));
        if (!thickness.ok) {
          expect(thickness.code).toBe("no_such_sag");
          return;
        }
        const { centre, thinnestEdge, thickestEdge } = thickness.value;
        expect(centre).toBeGreaterThanOrEqual(200);
        expect(thinnestEdge).toBeGreaterThanOrEqual(100);
        expect(thickestEdge).toBeGreaterThanOrEqual(thinnestEdge);
        expect(centre === 200 || thinnestEdge === 100).toBe(true);
      }),
    );
  });
});

describe("the weight", () => {
  const gram = (id: string, power: StatedPower) => must(lensWeight(power, round, must(materialOf(id))));

  test("of a flat disc is its volume by the density", () => {
    // π · 31.5² · 2 mm³ = 6.2345 cm³, by 1.32.
    expect(gram("cr39", lens(0))).toBe(82);
    expect(gram("trivex", lens(0))).toBe(69);
  });
  test("is that of the body, summed up ring by ring", () => {
    fc.assert(
      fc.property(fc.integer({ min: -36, max: 36 }), fc.constantFrom(...materialTable.materials), (steps, material) => {
        const power = lens(steps * 250 + 0);
        const { centre } = must(lensThickness(power, round, material.nd));
        const rings = 2000;
        let volume = 0;
        for (let ring = 0; ring < rings; ring++) {
          const radius = ((ring + 0.5) * 31.5) / rings;
          const curve = (1000 * (material.nd - 1000)) / power.sphere;
          const depth = power.sphere === 0 ? 0 : curve - Math.sign(curve) * Math.sqrt(curve ** 2 - radius ** 2);
          volume += 2 * Math.PI * radius * (31.5 / rings) * (centre / 100 - depth);
        }
        const tenths = (volume * material.density) / 10_000;
        expect(Math.abs(must(lensWeight(power, round, material)) - tenths)).toBeLessThanOrEqual(0.8);
      }),
    );
  });
  test("of a cylinder lies half way between those of its two powers, where the centre is the same", () => {
    const half = (gram("cr39", lens(-2000)) + gram("cr39", lens(-6000))) / 2;
    expect(Math.abs(gram("cr39", lens(-2000, -4000, 30)) - half)).toBeLessThanOrEqual(1);
  });
  test("goes with the material: a minus six in 1.67 is lighter than in CR39", () => {
    expect(gram("cr39", lens(-6000))).toBe(208);
    expect(gram("high_167", lens(-6000))).toBeLessThan(208);
  });
});

test("a sag that is unrounded is the one that thickness rests on", () => {
  const depth = must(exactSag({ power: -6000, diameter: 630, index: 1498 }));
  expect(must(lensThickness(lens(-6000), round, 1498)).thickestEdge).toBe(Math.round(200 - depth * 100));
});
