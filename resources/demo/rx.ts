/** Plausible invented prescriptions, in the units of the columns. */
import { type EyeRx, emptyEye, eyeColumns, type Rx } from "../../src-shared/optics/index.ts";
import type { Prng } from "./prng.ts";

const step = 250;
const quarter = (dioptres: number) => Math.round(dioptres * 4) * step;
const between = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** The prescription of somebody of that age in years; from about 44 on with an add, which grows with age. */
export function inventRx(random: Prng, age: number): Rx {
  // Many people are a little long-sighted, fewer are short-sighted, some of those strongly.
  const middle = random.chance(0.4) ? -2.5 + random.normal() * 1.9 : 0.8 + random.normal() * 1.3;
  const add = age < 44 ? null : between(quarter(0.75 + (age - 44) * 0.075), 750, 2500);
  const sphere = between(quarter(middle), -11_000, 6_000);
  const other = between(sphere + random.int(-2, 2) * step, -11_250, 6_250);
  const axis = random.int(1, 36) * 5;
  const r = inventEye(random, sphere, axis, add);
  const l = inventEye(random, other, between(180 - axis, 5, 180), add);
  return random.chance(0.06) ? withPrism(random, { r, l }) : { r, l };
}

function inventEye(random: Prng, sphere: number, axis: number, add: number | null): EyeRx {
  const cylinder = random.chance(0.3) ? null : -random.int(1, random.chance(0.15) ? 9 : 5) * step;
  return { ...emptyEye, sphere, cylinder, axis: cylinder === null ? null : axis, add };
}

/** Horizontal prism shared by both eyes, or a little vertical one in opposite directions. */
function withPrism(random: Prng, { r, l }: Rx): Rx {
  if (random.chance(0.5)) {
    const base = random.chance(0.7) ? "in" : "out";
    const amount = random.int(2, 8) * 50;
    return { r: { ...r, prism_h: amount, base_h: base }, l: { ...l, prism_h: amount, base_h: base } };
  }
  const amount = random.int(1, 4) * 50;
  return { r: { ...r, prism_v: amount, base_v: "up" }, l: { ...l, prism_v: amount, base_v: "down" } };
}

/** The prescription some two years earlier. */
export function earlierRx(random: Prng, rx: Rx): Rx {
  const shift = random.int(-1, 1) * step;
  const eye = (now: EyeRx): EyeRx => {
    const add = now.add === null ? null : now.add - step;
    return { ...now, sphere: (now.sphere ?? 0) + shift, add: add !== null && add < 750 ? null : add };
  };
  return { r: eye(rx.r), l: eye(rx.l) };
}

/** Both eyes as the columns of a row. */
export function rxColumns({ r, l }: Rx) {
  return { ...eyeColumns(r, "r"), ...eyeColumns(l, "l") };
}
/** An eye from sphere, cylinder, axis and add; powers in milli-dioptres. */
export function eye(sphere: number, cylinder: number | null, axis: number | null, add: number | null = null): EyeRx {
  return { ...emptyEye, sphere, cylinder, axis, add };
}
