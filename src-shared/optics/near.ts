/** What two eyes of different power have to put up with when they read (domain: optics-dispensing-lab §3.4). */
import { type Computed, computed } from "./computed.ts";
import { exactPrism } from "./exact-prism.ts";
import { formatPower } from "./format.ts";
import { type NearLimits, nearLimits } from "./limits.ts";
import { differenceOf } from "./matrix.ts";
import { signedPrism } from "./prism.ts";
import { prismOf } from "./signed-prism.ts";
import type { EyeSide, HundredthsPrism, MilliDioptres, Prism, StatedPower, TenthsMm } from "./types.ts";
import type { Finding } from "./validate.ts";

/** The lens before each eye. */
export type LensPair = Readonly<Record<EyeSide, StatedPower>>;

/**
 * The prism between the eyes where they look through their lenses below and inside the optical centres, as if all of it
 * stood before the right: the vertical part is (ΔF vertical) · c, by Prentice through the power matrix. Distances in
 * tenths of a millimetre, down and in positive; hundredths of a prism dioptre. General knowledge in the domain's file,
 * for the practice to confirm. Refuses as `prismOfDecentration` does.
 */
export function nearPrism({ r, l }: LensPair, below: TenthsMm, inside: TenthsMm = 0): Computed<Prism> {
  // From the point that is looked through, the optical centre lies the other way.
  const centre = { inward: -inside + 0, upward: below };
  const [right, left] = [exactPrism(r, centre, "r"), exactPrism(l, centre, "l")];
  if (!right.ok) return right;
  if (!left.ok) return left;
  // The observer's right is in before the right eye and out before the left, so both kinds of prism are a difference.
  return computed(prismOf({ inward: right.value.x - left.value.x, upward: right.value.y - left.value.y }));
}

/**
 * By how much the eyes differ in the meridian where they differ most, in milli-dioptres and without a sign: a difference
 * of cylinders or axes alone counts. Refuses what is no whole lens (`wholeLens`).
 */
export function anisometropia({ r, l }: LensPair): Computed<MilliDioptres> {
  const difference = differenceOf(r, l);
  if (!difference.ok) return difference;
  const { sphere, cylinder } = difference.value;
  return computed(Math.max(Math.abs(sphere), Math.abs(sphere + (cylinder ?? 0))));
}

export type NearFinding = Finding<"near_prism" | "anisometropia", "unusual">;

/**
 * What should be told of a pair: more than 1Δ of vertical prism 10 mm down, and eyes that differ by 2 D. Both limits are
 * general knowledge, for the practice to confirm. Nothing where an eye's lens is not whole.
 */
export function checkNear(pair: LensPair, limits: NearLimits = nearLimits): NearFinding[] {
  const findings: NearFinding[] = [];
  const difference = anisometropia(pair);
  if (difference.ok && difference.value >= limits.anisometropiaFrom) {
    const least = formatPower(limits.anisometropiaFrom).slice(1);
    findings.push(warn("anisometropia", `The eyes differ by ${least} or more. Images of unequal size are likely.`));
  }
  if (verticalPrism(pair, limits.below) > limits.verticalAbove) {
    findings.push(
      warn(
        "near_prism",
        `Reading ${limits.below / 10} mm below the centres, the eyes differ by more than ${limits.verticalAbove / 100}Δ vertically. Consider a slab-off, single vision for near, or contact lenses.`,
      ),
    );
  }
  return findings;
}

function verticalPrism(pair: LensPair, below: TenthsMm): HundredthsPrism {
  const prism = nearPrism(pair, below);
  const signed = prism.ok ? signedPrism(prism.value) : prism;
  return signed.ok ? Math.abs(signed.value.upward) : 0;
}

function warn(field: NearFinding["field"], message: string): NearFinding {
  return { field, severity: "warn", code: "unusual", message };
}
