/** Any prescription that the product can hold. */
import fc from "fast-check";
import { emptyEye } from "../optics/index.ts";
import { statements } from "../patients/lists.ts";
import type { FhirPrescription } from "./fhir.ts";

const words = fc.option(
  fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== ""),
  { nil: null },
);
const step = (least: number, most: number) => fc.integer({ min: least / 125, max: most / 125 }).map((n) => n * 125 + 0);
const axis = fc.integer({ min: 1, max: 180 });
const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const cylinder = fc.option(
  fc.tuple(
    step(-19_750, 19_750).filter((power) => power !== 0),
    axis,
  ),
  { nil: null },
);
const eye = fc
  .record({
    sphere: step(-39_000, 49_000),
    toric: cylinder,
    add: fc.option(step(250, 6000), { nil: null }),
    horizontal: fc.option(
      fc.tuple(fc.integer({ min: 25, max: 4000 }), fc.constantFrom("in" as const, "out" as const)),
      { nil: null },
    ),
    vertical: fc.option(fc.tuple(fc.integer({ min: 25, max: 4000 }), fc.constantFrom("up" as const, "down" as const)), {
      nil: null,
    }),
  })
  .map(({ sphere, toric, add, horizontal, vertical }) => ({
    sphere,
    cylinder: toric?.[0] ?? null,
    axis: toric?.[1] ?? null,
    prism_h: horizontal?.[0] ?? null,
    base_h: horizontal?.[1] ?? null,
    prism_v: vertical?.[0] ?? null,
    base_v: vertical?.[1] ?? null,
    add,
  }));
/** A name, or none: whoever issued it may be gone. */
const named = fc.oneof(
  fc.constant(""),
  fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== ""),
);
const common = {
  id: fc.stringMatching(/^[0-9a-f]{32}$/),
  patient: fc.record({ name: named, dateOfBirth: fc.option(day, { nil: null }) }),
  prescriber: fc.record({ name: named, registration: words }),
  issuedOn: day,
  expiresOn: fc.option(day, { nil: null }),
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  note: words,
};
export const glasses: fc.Arbitrary<FhirPrescription> = fc.record({
  ...common,
  kind: fc.constant("glasses" as const),
  r: eye,
  l: fc.oneof(eye, fc.constant(emptyEye)),
  intermediate: fc.record({
    r: fc.option(step(250, 3000), { nil: null }),
    l: fc.option(step(250, 3000), { nil: null }),
  }),
  bvd: fc.option(fc.integer({ min: 50, max: 250 }), { nil: null }),
  purpose: words,
  restricted: fc.constantFrom("under_16" as const, "SI" as const, "SSI" as const, null),
  statement: fc.constantFrom(...statements, null),
});
const lens = fc
  .record({
    brand: named.filter((name) => name !== ""),
    material: words,
    design: words,
    base_curve: fc.option(fc.integer({ min: 600, max: 1000 }), { nil: null }),
    diameter: fc.option(fc.integer({ min: 800, max: 2500 }), { nil: null }),
    sphere: step(-40_000, 40_000),
    toric: cylinder,
    add: fc.constantFrom(null, "Low", "High", "+2.00", "1.75"),
    colour: words.map((text) => text?.slice(0, 40) ?? null),
    replace_days: fc.option(fc.integer({ min: 1, max: 730 }), { nil: null }),
  })
  .map(({ toric, ...rest }) => ({ ...rest, cylinder: toric?.[0] ?? null, axis: toric?.[1] ?? null }));
export const lenses: fc.Arbitrary<FhirPrescription> = fc.record({
  ...common,
  kind: fc.constant("lenses" as const),
  lenses: fc.record({ r: lens, l: fc.option(lens, { nil: null }), schedule: words, solution: words }),
});
