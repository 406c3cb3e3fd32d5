/** Lenses and prisms for the tests of optics. */
import fc from "fast-check";
import { type EyeRx, emptyEye, type LensPower, noPrism, type Prism } from "../src-shared/optics/index.ts";

export function lens(sphere: number, cylinder: number | null = null, axis: number | null = null): LensPower {
  return { sphere, cylinder, axis };
}
export function eye(stated: Partial<EyeRx>): EyeRx {
  return { ...emptyEye, ...stated };
}
export function prism(stated: Partial<Prism>): Prism {
  return { ...noPrism, ...stated };
}

/** The value of a reading or a calculation that has to have one. */
export function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; message: string }): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

export const someAxis = fc.integer({ min: 1, max: 180 });

/** A sphere, or a lens with a minus cylinder, in eighths within ±20.00 and a cylinder to −10.00. */
export const someLens = fc
  .record({
    sphere: fc.integer({ min: -160, max: 160 }),
    toric: fc.option(fc.tuple(fc.integer({ min: -80, max: -1 }), someAxis)),
  })
  .map(({ sphere, toric }) => (toric ? lens(sphere * 125 + 0, toric[0] * 125, toric[1]) : lens(sphere * 125 + 0)));

/** A prism of either, both or neither component, to `most` hundredths each. */
export function somePrism(most: number): fc.Arbitrary<Prism> {
  const amount = fc.integer({ min: 1, max: most });
  const horizontal = fc.record({ prism_h: amount, base_h: fc.constantFrom("in" as const, "out" as const) });
  const vertical = fc.record({ prism_v: amount, base_v: fc.constantFrom("up" as const, "down" as const) });
  return fc.tuple(fc.option(horizontal), fc.option(vertical)).map(([h, v]) => ({ ...noPrism, ...h, ...v }));
}
