import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { glasses, lenses } from "./fhir.fixture.ts";
import { type FhirPrescription, fhirText, visionPrescription } from "./fhir.ts";
import { r4VisionPrescription } from "./fhir-r4.fixture.ts";
import { readVisionPrescriptions } from "./fhir-read.ts";

const valid = (resource: unknown) => r4VisionPrescription.safeParse(resource).error?.issues ?? [];
const sample = (kind: typeof glasses) => fc.sample(kind, { seed: 4, numRuns: 1 })[0] as FhirPrescription;

describe("what leaves Horopter is R4", () => {
  test("whatever the prescription, every element is allowed, all that are needed are there", () => {
    fc.assert(
      fc.property(fc.oneof(glasses, lenses), (prescription) => {
        expect(valid(visionPrescription(prescription))).toEqual([]);
        const text = fhirText(prescription);
        expect(JSON.parse(text)).toEqual(visionPrescription(prescription));
        expect(readVisionPrescriptions(text)).toEqual({ ok: true, prescriptions: [prescription] });
      }),
    );
  });
  test("an axis is a whole degree from 1 to 180, a prism has its amount and base, a lens its product and eye", () => {
    fc.assert(
      fc.property(glasses, (prescription) => {
        const { lensSpecification } = r4VisionPrescription.parse(visionPrescription(prescription));
        for (const { axis, prism = [], product } of lensSpecification) {
          if (axis !== undefined) expect(axis).toBeGreaterThanOrEqual(1);
          for (const { amount } of prism) expect(amount).toBeGreaterThan(0);
          expect(product.coding).toEqual([
            { system: "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct", code: "lens" },
          ]);
        }
      }),
    );
  });
  test("its decimals are written as precisely as they are meant", () => {
    const rx = sample(glasses) as FhirPrescription & { kind: "glasses" };
    const text = fhirText({
      ...rx,
      r: { ...rx.r, sphere: -2000, cylinder: -625, axis: 7, prism_h: 50, base_h: "in", prism_v: null, base_v: null },
      l: { ...rx.l, sphere: 0, add: 2250 },
      intermediate: { r: 1000, l: null },
      bvd: 120,
    });
    for (const words of ['sphere": -2.00,', 'cylinder": -0.625,', 'axis": 7,', 'amount": 0.50,', 'sphere": 0.00,'])
      expect(text).toContain(words);
    expect(text).toContain('"add": 2.25');
    expect(text).toMatch(/back-vertex-distance",\s+"valueDecimal": 12\.0\n/);
    expect(text).toMatch(/intermediate-add",\s+"valueDecimal": 1\.00\n/);
    const lens = { brand: "Daily", material: null, design: null, colour: null, cylinder: null, axis: null, add: null };
    const both = { ...lens, base_curve: 860, diameter: 1400, sphere: -3000, replace_days: 30 };
    const contact = fhirText({
      ...(sample(lenses) as FhirPrescription & { kind: "lenses" }),
      lenses: { r: both, l: null, schedule: null, solution: null },
    });
    for (const words of ['power": -3.00,', 'backCurve": 8.60,', 'diameter": 14.00,', 'value": 30,', 'code": "d"'])
      expect(contact).toContain(words);
  });
  test("what is said by nobody is said to be unknown; a brand may hold what XML keeps for itself", () => {
    const rx = { ...sample(glasses), prescriber: { name: " ", registration: null }, note: "bell \u0007, half \ud83d" };
    expect(valid(visionPrescription(rx))).toEqual([]);
    expect(readVisionPrescriptions(fhirText(rx))).toMatchObject({ prescriptions: [{ note: "bell , half \ufffd" }] });
    const lens = { ...sample(lenses) } as FhirPrescription & { kind: "lenses" };
    const named = lens.lenses.r && { ...lens.lenses.r, brand: "Bausch & Lomb <ULTRA>" };
    const resource = visionPrescription({ ...lens, lenses: { ...lens.lenses, r: named } });
    expect(valid(resource)).toEqual([]);
    expect(JSON.stringify(resource.text)).toContain("Bausch &amp; Lomb &lt;ULTRA>");
  });
  test.each([["status"], ["created"], ["patient"], ["dateWritten"], ["prescriber"], ["lensSpecification"]])(
    "the definitions themselves refuse a resource without %s",
    (needed) => {
      const { [needed]: _, ...rest } = visionPrescription(sample(glasses));
      expect(valid(rest).length).toBeGreaterThan(0);
    },
  );
  test("and one whose references lead nowhere, or whose extensions say two things", () => {
    const resource = visionPrescription({ ...sample(glasses), expiresOn: "2028-11-28" });
    expect(valid({ ...resource, patient: { reference: "#nobody" } })).not.toEqual([]);
    expect(valid({ ...resource, extension: [{ url: "expires", valueDate: "2028-11-28" }] })).not.toEqual([]);
    const two = { url: "https://horopter.example/x", valueDate: "2028-11-28", valueString: "x" };
    expect(valid({ ...resource, extension: [two] })).not.toEqual([]);
    expect(valid({ ...resource, pd: 62 })).not.toEqual([]);
  });
});

const empty = {
  ...{ sphere: null, cylinder: null, axis: null, add: null },
  ...{ prism_h: null, base_h: null, prism_v: null, base_v: null },
};
/** A line for one eye. */
const of = (product: "lens" | "contact", eye: "right" | "left", more: object) => ({
  product: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct", code: product }],
  },
  eye,
  ...more,
});
/** What the standard's two examples say, hl7.org/fhir/R4/visionprescription-example.html and -example-1.html. */
const example = (id: string, value: string, lensSpecification: object[]) => ({
  resourceType: "VisionPrescription",
  id,
  text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>As below</p></div>' },
  identifier: [{ system: "http://www.happysight.com/prescription", value }],
  status: "active",
  created: "2014-06-15",
  patient: { reference: "Patient/example" },
  dateWritten: "2014-06-15",
  prescriber: { reference: "Practitioner/example" },
  lensSpecification,
});
const spectacles = example("33123", "15013", [
  of("lens", "right", { sphere: -2, prism: [{ amount: 0.5, base: "down" }], add: 2 }),
  of("lens", "left", { sphere: -1, cylinder: -0.5, axis: 180, prism: [{ amount: 0.5, base: "up" }], add: 2 }),
]);
const month = (unit: string) => ({ value: 1, unit, system: "http://unitsofmeasure.org", code: "mo" });
const contact = { axis: 160, add: 1.75, power: -2.75, backCurve: 8.7, diameter: 14, color: "green" };
const shade = { brand: "OphthaGuard", note: [{ text: "Shade treatment for extreme light sensitivity" }] };
const contacts = {
  ...example("33124", "15014", [
    of("contact", "right", { ...contact, ...shade, cylinder: -2.25, duration: month("mo") }),
    of("contact", "left", { ...contact, ...shade, cylinder: -3.5, duration: month("month") }),
  ]),
  encounter: { reference: "Encounter/f001" },
};

describe("the examples of the standard are taken", () => {
  test("33123, glasses", () => {
    expect(valid(spectacles)).toEqual([]);
    expect(readVisionPrescriptions(JSON.stringify(spectacles))).toEqual({
      ok: true,
      prescriptions: [
        {
          kind: "glasses",
          id: "15013",
          patient: { name: "", dateOfBirth: null },
          prescriber: { name: "", registration: null },
          issuedOn: "2014-06-15",
          expiresOn: null,
          at: null,
          note: null,
          r: { ...empty, sphere: -2000, prism_v: 50, base_v: "down", add: 2000 },
          l: { ...empty, sphere: -1000, cylinder: -500, axis: 180, prism_v: 50, base_v: "up", add: 2000 },
          intermediate: { r: null, l: null },
          bvd: null,
          purpose: null,
          restricted: null,
          statement: null,
        },
      ],
    });
  });
  test("33124, contact lenses, with what is noted at them", () => {
    expect(valid(contacts)).toEqual([]);
    const lens = {
      ...{ brand: "OphthaGuard", material: null, design: null, base_curve: 870, diameter: 1400, sphere: -2750 },
      ...{ axis: 160, add: "1.75", colour: "green", replace_days: 30 },
    };
    expect(readVisionPrescriptions(JSON.stringify(contacts))).toMatchObject({
      ok: true,
      prescriptions: [
        {
          kind: "lenses",
          id: "15014",
          issuedOn: "2014-06-15",
          note: "Shade treatment for extreme light sensitivity",
          lenses: { r: { ...lens, cylinder: -2250 }, l: { ...lens, cylinder: -3500 } },
        },
      ],
    });
  });
});
