/** Figures that limits rule, for properties about who refuses them: as a person types each, and as it is kept. */
import fc from "fast-check";
import type { FieldShape } from "../src-shared/exams/field.ts";
import type { Ranges } from "../src-shared/exams/item-limits.ts";
import { builtInTables, formatPower } from "../src-shared/optics/index.ts";

export interface Measured {
  /** A column of the exam or the key of an entry. */
  readonly key: string;
  readonly shape: FieldShape;
  readonly value: number | string;
  readonly typed: string;
}

const { rx, measures } = builtInTables;

/** Every value near and beyond both ends of a range, and some within. */
const about = ([least, most]: readonly [number, number], step: number) => {
  const near = (end: number) => fc.integer({ min: -6, max: 6 }).map((n) => end + n * step);
  return fc.oneof(near(least), near(most), fc.integer({ min: least, max: most }));
};

function power(key: string, quantity: "sphere" | "cylinder" | "add"): fc.Arbitrary<Measured> {
  return about(rx[quantity].block, 125)
    .filter((value) => quantity === "sphere" || value !== 0)
    .map((value) => ({ key, shape: { kind: "power", quantity }, value, typed: exactly(value) }));
}

/** A power to the thousandth: what is printed of one that is no eighth would read as another. */
function exactly(milli: number): string {
  if (milli % 125 === 0) return formatPower(milli);
  return `${milli < 0 ? "-" : "+"}${(Math.abs(milli) / 1000).toFixed(3)}`;
}

function prism(key: string, way: "horizontal" | "vertical"): fc.Arbitrary<Measured> {
  return about([0, rx.prism.most], 25)
    .filter((value) => value >= 0)
    .map((value) => ({ key, shape: { kind: "prism", way }, value, typed: (value / 100).toFixed(2) }));
}

function distance(key: string): fc.Arbitrary<Measured> {
  const { block } = measures.quantities.bvd;
  const shape: FieldShape = { kind: "number", unit: "mm", min: 50, max: 250, scale: 10, quantity: "bvd" };
  return about(block, 5).map((value) => ({ key, shape, value, typed: (value / 10).toFixed(1) }));
}

function radius(key: string): fc.Arbitrary<Measured> {
  const shape: FieldShape = { kind: "number", unit: "mm", min: 500, max: 1200, scale: 100, quantity: "k_radius" };
  return about(measures.quantities.k_radius.block, 1).map((value) => ({
    key,
    shape,
    value,
    typed: (value / 100).toFixed(2),
  }));
}

function acuity(key: string, max?: number): fc.Arbitrary<Measured> {
  const shape: FieldShape = { kind: "acuity", ...(max ? { max } : {}) };
  const letters = fc.string({ unit: fc.constantFrom("6", "/", "9", "+", "x"), minLength: 1, maxLength: 30 });
  return fc
    .oneof(fc.constantFrom("6/6", "6/9-2", "CF", "NPL"), letters)
    .filter((value) => !/^[/+]|[/+]$/.test(value))
    .map((value) => ({ key, shape, value, typed: value }));
}

function overRefraction(key: string): fc.Arbitrary<Measured> {
  const shape: FieldShape = { kind: "text", max: 60, refraction: true };
  const line = fc
    .tuple(about(rx.sphere.block, 250), about(rx.cylinder.block, 250), fc.constantFrom("", " 6/6", " no better"))
    .map(([sphere, cylinder, more]) => `${exactly(sphere)}/${exactly(cylinder || -250)}x90${more}`);
  return fc
    .oneof(line, fc.constantFrom("plano", "no change", "90 % clear"))
    .map((value) => ({ key, shape, value, typed: value }));
}

/** A measurement of an exam: its column or entry, a value that may be none, and the text that says it. */
export const measured: fc.Arbitrary<Measured> = fc.oneof(
  power("r_sphere", "sphere"),
  power("l_cylinder", "cylinder"),
  power("r_add", "add"),
  prism("r_prism_h", "horizontal"),
  prism("l_prism_v", "vertical"),
  distance("bvd"),
  acuity("r_va", 16),
  power("objective.sphere.l", "sphere"),
  power("specs.cylinder.r", "cylinder"),
  power("near.inter_add.r", "add"),
  prism("subjective.prism_h.l", "horizontal"),
  prism("specs.prism_v.r", "vertical"),
  radius("keratometry.k1.r"),
  acuity("subjective.va.r", 16),
  acuity("vision.own.b"),
  overRefraction("contact_lenses.over_refraction.r"),
);

const inner = ([least, most]: readonly [number, number], step: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
    .map(([up, down]) => [least + up * step, most - down * step] as const);
const within = (warn: readonly [number | null, number | null], [least, most]: readonly [number, number]) => {
  const held = (bound: number | null) => (bound === null ? null : Math.min(Math.max(bound, least), most));
  return [held(warn[0]), held(warn[1])] as const;
};

/** Limits that a practice may keep: nowhere wider than as delivered. */
export const ownRanges: fc.Arbitrary<Ranges> = fc
  .record({
    sphere: inner(rx.sphere.block, 1000),
    cylinder: inner(rx.cylinder.block, 250),
    add: inner(rx.add.block, 125),
    most: fc.integer({ min: 10, max: 40 }).map((dioptres) => dioptres * 100),
    bvd: inner(measures.quantities.bvd.block, 4),
    k_radius: inner(measures.quantities.k_radius.block, 15),
    iop: inner(measures.quantities.iop.block, 10),
    cl_power: inner(measures.quantities.cl_power.block, 500),
  })
  .map(({ sphere, cylinder, add, most, ...quantities }) => ({
    rx: {
      ...rx,
      ...Object.fromEntries(
        Object.entries({ sphere, cylinder, add }).map(([name, block]) => {
          const own = rx[name as "sphere"];
          return [name, { ...own, block, warn: within(own.warn, block) }];
        }),
      ),
      prism: { ...rx.prism, most },
    },
    measures: {
      ...measures,
      quantities: {
        ...measures.quantities,
        ...Object.fromEntries(
          Object.entries(quantities).map(([name, block]) => {
            const own = measures.quantities[name as "bvd"];
            return [name, { ...own, block, warn: within(own.warn, block) }];
          }),
        ),
      },
    },
  }));
