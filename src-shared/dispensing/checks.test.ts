import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EyeRx, emptyEye, transpose, vertexLimits } from "../optics/index.ts";
import { advisedIndex, blocks, checkDispense, type DispenseQuestion, type LensLimits } from "./checks.ts";

const lens: LensLimits = {
  design: "single_vision",
  index: 1500,
  sphere_min: -8000,
  sphere_max: 6000,
  cylinder_max: 4000,
};
const eye = (sphere: number, cylinder: number | null = null, axis: number | null = null): EyeRx => ({
  ...emptyEye,
  sphere,
  cylinder,
  axis,
});
const question: DispenseQuestion = {
  today: "2026-11-21",
  prescription: { patientId: "a", expiresOn: "2027-11-21", r: eye(-1250, -500, 90), l: eye(-1500), bvd: null },
  patient: { id: "a", age: 40, sightImpaired: null },
  seller: { registered: false },
  lens,
  measurements: {},
};
const ask = (changes: Partial<DispenseQuestion>) => checkDispense({ ...question, ...changes }).map(({ rule }) => rule);
const prescribed = (changes: Partial<DispenseQuestion["prescription"]>) => ({
  prescription: { ...question.prescription, ...changes },
});

test("from which power on the vertex distance is asked for is the practice's to say", () => {
  const strong = { ...question, ...prescribed({ l: eye(-4500) }), lens: { ...lens, index: 1740 } };
  expect(checkDispense(strong)).toMatchObject([{ rule: "vertex", message: expect.stringContaining("±4.00") }]);
  const own = { ...vertexLimits, offerFrom: 5_000, recordFrom: 5_000 };
  expect(checkDispense(strong, own)).toEqual([]);
  expect(checkDispense({ ...strong, ...prescribed({ l: eye(-5000) }) }, own)).toMatchObject([
    { rule: "vertex", message: expect.stringContaining("±5.00") },
  ]);
});

describe("what stops a sale", () => {
  test("nothing, when all is well", () => {
    expect(ask({})).toEqual([]);
  });
  test.each<[string, Partial<DispenseQuestion>, string[]]>([
    ["somebody else's prescription", prescribed({ patientId: "b" }), ["other-patient"]],
    ["a prescription of yesterday's expiry", prescribed({ expiresOn: "2026-11-20" }), ["expired"]],
    ["a child, by somebody unregistered", { patient: { id: "a", age: 15, sightImpaired: null } }, ["restricted"]],
    ["a person registered blind", { patient: { id: "a", age: 50, sightImpaired: "severe" } }, ["restricted"]],
    ["a power beyond the blank", prescribed({ l: eye(-8250) }), ["envelope", "index", "vertex"]],
    ["a varifocal without an addition", { lens: { ...lens, design: "varifocal" } }, ["add-missing", "fitting"]],
  ])("%s", (_, changes, rules) => {
    expect(ask(changes).sort()).toEqual([...rules].sort());
  });
  test.each<[string, Partial<DispenseQuestion>]>([
    ["the last day of a prescription", prescribed({ expiresOn: question.today })],
    ["a sixteenth birthday", { patient: { id: "a", age: 16, sightImpaired: null } }],
    [
      "a child, by a registered optician",
      { patient: { id: "a", age: 8, sightImpaired: null }, seller: { registered: true } },
    ],
    [
      "a power at the edge of the blank",
      { ...prescribed({ l: eye(-8000), bvd: 120 }), lens: { ...lens, index: 1740 } },
    ],
  ])("not %s", (_, changes) => {
    expect(ask(changes)).toEqual([]);
  });
  test("a lens fits however the power is written", () => {
    // +7.00/−4.00 is +3.00/+4.00 the other way round: inside, although +7.00 alone is not.
    expect(ask(prescribed({ r: eye(7000, -4000, 90), bvd: 120 }))).not.toContain("envelope");
  });
});

const quarter = (from: number, to: number) =>
  fc.integer({ min: from / 250, max: to / 250 }).map((steps) => steps * 250);
const eyes: fc.Arbitrary<EyeRx> = fc
  .record({
    sphere: quarter(-20_000, 20_000),
    cylinder: fc.option(quarter(-6000, 6000), { nil: null }),
    axis: fc.integer({ min: 1, max: 180 }),
    add: fc.option(quarter(750, 3500), { nil: null }),
  })
  .map(({ sphere, cylinder, axis, add }) => ({
    ...emptyEye,
    sphere,
    cylinder: cylinder || null,
    axis: cylinder ? axis : null,
    add,
  }));
const measured = fc.record(
  {
    pd_r: fc.integer({ min: 250, max: 400 }),
    pd_l: fc.integer({ min: 250, max: 400 }),
    height_r: fc.integer({ min: 100, max: 400 }),
    height_l: fc.integer({ min: 100, max: 400 }),
    bvd: fc.integer({ min: 80, max: 200 }),
  },
  { requiredKeys: [] },
);
const questions: fc.Arbitrary<DispenseQuestion> = fc
  .record({
    r: eyes,
    l: eyes,
    bvd: fc.option(fc.integer({ min: 80, max: 200 }), { nil: null }),
    age: fc.integer({ min: 0, max: 110 }),
    registered: fc.boolean(),
    design: fc.constantFrom("single_vision", "varifocal", "bifocal", "occupational"),
    index: fc.constantFrom(1500, 1560, 1600, 1670, 1740),
    measurements: measured,
  })
  .map(({ r, l, bvd, age, registered, design, index, measurements }) => ({
    ...question,
    prescription: { ...question.prescription, r, l, bvd },
    patient: { id: "a", age, sightImpaired: null },
    seller: { registered },
    lens: { ...lens, design, index },
    measurements,
  }));
const rulesOf = (asked: DispenseQuestion) => checkDispense(asked).map(({ rule, severity }) => `${severity} ${rule}`);

describe("the checks", () => {
  test("say the same of both ways to write a power", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { r, l } = asked.prescription;
        const other = { ...asked.prescription, r: transpose(r), l: transpose(l) };
        expect(rulesOf({ ...asked, prescription: other })).toEqual(rulesOf(asked));
      }),
    );
  });
  test("find nothing more when more was measured, or when a registered optician sells", () => {
    fc.assert(
      fc.property(questions, measured, (asked, more) => {
        const before = new Set(rulesOf(asked));
        for (const rule of rulesOf({ ...asked, measurements: { ...more, ...asked.measurements } }))
          expect(before).toContain(rule);
        for (const rule of rulesOf({ ...asked, seller: { registered: true } })) expect(before).toContain(rule);
      }),
    );
  });
  test("treat the two eyes alike", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { r, l } = asked.prescription;
        const { pd_r, pd_l, height_r, height_l, bvd } = asked.measurements;
        const mirrored = {
          ...asked,
          prescription: { ...asked.prescription, r: l, l: r },
          measurements: { pd_r: pd_l, pd_l: pd_r, height_r: height_l, height_l: height_r, bvd },
        };
        expect(rulesOf(mirrored).sort()).toEqual(rulesOf(asked).sort());
      }),
    );
  });
  test("never sell a varifocal without an addition, heights and both pupil distances", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        if (asked.lens?.design !== "varifocal" || blocks(checkDispense(asked)).length > 0) return;
        const { pd_r, pd_l, height_r, height_l } = asked.measurements;
        expect([asked.prescription.r.add, asked.prescription.l.add, pd_r, pd_l, height_r, height_l]).not.toContain(
          null,
        );
        expect([pd_r, pd_l, height_r, height_l]).not.toContain(undefined);
      }),
    );
  });
  test("advise no thinner a lens for a weaker power", () => {
    fc.assert(
      fc.property(quarter(-20_000, 20_000), quarter(-20_000, 20_000), (a, b) => {
        const [weak, strong] = [a, b].sort((x, y) => Math.abs(x) - Math.abs(y)) as [number, number];
        expect(advisedIndex(eye(weak), eye(0))).toBeLessThanOrEqual(advisedIndex(eye(strong), eye(0)));
      }),
    );
  });
});
