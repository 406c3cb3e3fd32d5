import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyEye, formatPower } from "../optics/index.ts";
import { statements } from "../patients/lists.ts";
import { extensionBase, type FhirPrescription, type GlassesPrescription, visionPrescription } from "./fhir.ts";
import { readVisionPrescriptions } from "./fhir-read.ts";

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
const common = {
  id: fc.stringMatching(/^[0-9a-f]{32}$/),
  patient: fc.record({ name: fc.string({ minLength: 1, maxLength: 60 }), dateOfBirth: fc.option(day, { nil: null }) }),
  prescriber: fc.record({ name: fc.string({ minLength: 1, maxLength: 60 }), registration: words }),
  issuedOn: day,
  expiresOn: fc.option(day, { nil: null }),
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  note: words,
};
const glasses: fc.Arbitrary<FhirPrescription> = fc.record({
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
    brand: fc.string({ minLength: 1, maxLength: 60 }),
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
const lenses: fc.Arbitrary<FhirPrescription> = fc.record({
  ...common,
  kind: fc.constant("lenses" as const),
  lenses: fc.record({ r: lens, l: fc.option(lens, { nil: null }), schedule: words, solution: words }),
});
/** Everything that stands under a name in it, however deep. */
function membersOf(json: unknown): [name: string, value: unknown][] {
  if (typeof json !== "object" || json === null) return [];
  const own = Array.isArray(json) ? [] : Object.entries(json);
  return [...own, ...Object.values(json).flatMap(membersOf)];
}
const read = (json: unknown) => readVisionPrescriptions(typeof json === "string" ? json : JSON.stringify(json));

describe("a VisionPrescription of ours", () => {
  test("says after reading exactly what it said before writing", () => {
    fc.assert(
      fc.property(fc.oneof(glasses, lenses), (prescription) => {
        expect(read(visionPrescription(prescription))).toEqual({ ok: true, prescriptions: [prescription] });
      }),
    );
  });
  test("holds no null and no empty list, every extension under the product's own address", () => {
    fc.assert(
      fc.property(fc.oneof(glasses, lenses), (prescription) => {
        // What people typed may read like JSON: it is looked at as what it is.
        for (const [name, value] of membersOf(JSON.parse(JSON.stringify(visionPrescription(prescription))))) {
          expect(value, name).not.toBeNull();
          expect(value, name).not.toEqual([]);
          if (name === "url") expect(String(value).startsWith(extensionBase)).toBe(true);
        }
      }),
    );
  });
  test("knows nothing of a pupil distance", () => {
    const [sample] = fc.sample(glasses, 1) as [GlassesPrescription];
    const written = membersOf(visionPrescription(sample));
    const says = written.flatMap(([name, value]) => (name === "url" || name === "code" ? [value] : [name]));
    expect(says.join(" ")).not.toMatch(/pupil|\bpd\b/i);
  });
});

/** The example of the R4 specification, with glasses. */
const others = {
  resourceType: "VisionPrescription",
  status: "active",
  created: "2014-06-15",
  patient: { reference: "Patient/example", display: "Jane Doe" },
  dateWritten: "2014-06-15",
  prescriber: { reference: "Practitioner/example", display: "Dr Adam Careful" },
  lensSpecification: [
    {
      product: { coding: [{ code: "lens" }] },
      eye: "right",
      sphere: -2,
      prism: [{ amount: 0.5, base: "down" }],
      add: 2,
    },
    { product: { coding: [{ code: "lens" }] }, eye: "left", sphere: -1, cylinder: -0.5, axis: 0, add: 2 },
  ],
};
const withLines = (...lensSpecification: unknown[]) => ({ ...others, lensSpecification });
const line = (more: Record<string, unknown>) => ({ ...others.lensSpecification[0], prism: [], ...more });
const use = (code: string) => ({ extension: [{ url: `${extensionBase}use`, valueCode: code }] });

describe("a prescription of another system", () => {
  test("is read; horizontal is 180 here whatever it is called there", () => {
    const answer = read(others);
    expect(answer).toMatchObject({
      ok: true,
      prescriptions: [
        {
          kind: "glasses",
          patient: { name: "Jane Doe" },
          prescriber: { name: "Dr Adam Careful" },
          issuedOn: "2014-06-15",
          expiresOn: null,
          r: { sphere: -2000, cylinder: null, axis: null, prism_v: 50, base_v: "down", add: 2000 },
          l: { sphere: -1000, cylinder: -500, axis: 180 },
        },
      ],
    });
  });
  test("eighths that were cut to two decimals are eighths", () => {
    const cut = read(withLines(line({ sphere: -0.62, add: 1.12 })));
    expect(cut).toMatchObject({ prescriptions: [{ r: { sphere: -625, add: 1125 } }] });
    if (cut.ok && cut.prescriptions[0]?.kind === "glasses")
      expect(formatPower(cut.prescriptions[0].r.sphere ?? 0)).toBe("−0.62");
  });
  test("lines for near and between become additions to the one for distance", () => {
    const lines = [
      line({ sphere: -2, add: undefined }),
      line({ sphere: 0.25, add: undefined, ...use("near") }),
      line({ sphere: -1, add: undefined, ...use("intermediate") }),
    ];
    expect(read(withLines(...lines))).toMatchObject({
      prescriptions: [{ r: { add: 2250 }, intermediate: { r: 1000 } }],
    });
  });
  test("a bundle gives all of its prescriptions, the newest first", () => {
    const bundle = {
      resourceType: "Bundle",
      entry: [
        { resource: { resourceType: "Patient" } },
        { resource: others },
        { resource: { ...others, dateWritten: "2020-01-01" } },
      ],
    };
    const answer = read(bundle);
    expect(answer.ok && answer.prescriptions.map(({ issuedOn }) => issuedOn)).toEqual(["2020-01-01", "2014-06-15"]);
  });
});

describe("what cannot be read is refused with words", () => {
  test.each([
    ["no JSON", "not json", /not JSON/],
    ["nothing", "null", /does not say what it is/],
    ["another resource", { resourceType: "Observation" }, /FHIR Observation/],
    ["a bundle without one", { resourceType: "Bundle", entry: [{}, null] }, /no prescription/],
    ["a bundle without entries", { resourceType: "Bundle" }, /no prescription/],
    ["a withdrawn one", { ...others, status: "entered-in-error" }, /withdrawn/],
    ["a power that no lens has", withLines(line({ sphere: -2.1 })), /Right sphere -2.1 is not in steps/],
    ["a power beyond all lenses", withLines(line({ sphere: -60 })), /Right: Sphere is outside/],
    ["a cylinder without its axis", withLines(line({ cylinder: -1 })), /Right: The cylinder needs its axis/],
    [
      "a prism twice",
      withLines(
        line({
          prism: [
            { amount: 1, base: "in" },
            { amount: 1, base: "out" },
          ],
        }),
      ),
      /stated twice/,
    ],
    ["an unknown base", withLines(line({ prism: [{ amount: 1, base: "north" }] })), /lensSpecification.0.prism.0.base/],
    ["an eye twice", withLines(line({}), line({ sphere: 1 })), /stated twice for distance/],
    ["near alone", withLines(line(use("near"))), /distance is needed/],
    [
      "another cylinder for near",
      withLines(line({}), line({ cylinder: -1, axis: 5, ...use("near") })),
      /another cylinder/,
    ],
    ["no lens at all", withLines(), /it names no lens/],
    ["no day", { ...others, dateWritten: undefined }, /dateWritten/],
    ["a day that is none", { ...others, dateWritten: "2026-02-31" }, /no day/],
    [
      "glasses and lenses in one",
      withLines(line({}), line({ eye: "left", product: { coding: [{ code: "contact" }] } })),
      /mixes/,
    ],
    ["too much", `"${"x".repeat(1_000_001)}"`, /too large/],
  ])("%s", (_, json, message) => {
    const answer = read(json);
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.message).toMatch(message);
  });
  test("anything else as well, and nothing throws", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(read(json).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(
        fc.record({
          resourceType: fc.constant("VisionPrescription"),
          lensSpecification: fc.jsonValue(),
          dateWritten: fc.jsonValue(),
        }),
        (json) => {
          expect(typeof read(json).ok).toBe("boolean");
        },
      ),
    );
  });
});
