/** The one rounding of lens arithmetic: to the nearest, halves away from zero, so that plus and minus mirror each other. */

/** What sines and divisions leave of an exact half: a ten-millionth below one still counts as one. */
const noise = 1e-7;

/** To the nearest integer, halves away from zero; never -0. */
export function rounded(value: number): number {
  // Adding zero turns -0 into 0.
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5 + noise) + 0;
}

/** To the nearest multiple of a step, halves away from zero. The step is positive. */
export function roundedTo(value: number, step: number): number {
  return rounded(value / step) * step + 0;
}
