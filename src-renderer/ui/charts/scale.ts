/** Where values stand on an axis. */

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

/**
 * Round values at even steps that enclose `low` and `high`, at most `most` of them (3 or more), each a whole multiple
 * of the step. `smallest`: no step is smaller.
 */
export function niceTicks(low: number, high: number, most: number, smallest: number): number[] {
  let step = niceStep(Math.max(smallest, (high - low) / (most - 1)));
  const range = () => [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)] as const;
  let [from, to] = range();
  while (to - from + 1 > most) {
    step = niceStep(step * 1.01);
    [from, to] = range();
  }
  if (to === from) to += 1;
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
}

/** A linear scale: `from` onto `onto`. A domain of no width stands in the middle. */
export function linear(from: readonly [number, number], onto: readonly [number, number]): (value: number) => number {
  const width = from[1] - from[0];
  return (value) =>
    onto[0] + (width === 0 ? (onto[1] - onto[0]) / 2 : ((value - from[0]) / width) * (onto[1] - onto[0]));
}

/**
 * Which of several places in a row can carry a label: the last and the first, then of the others as many as leave
 * `apart` between any two, the middle of a gap first. `places` ascend.
 */
export function labelled(places: readonly number[], apart: number): number[] {
  const last = places.length - 1;
  if (last < 0) return [];
  const chosen = new Set([last]);
  const fits = (index: number) =>
    [...chosen].every((other) => Math.abs((places[other] ?? 0) - (places[index] ?? 0)) >= apart);
  if (fits(0)) chosen.add(0);
  const open: [number, number][] = [[0, last]];
  for (let gap = open.shift(); gap; gap = open.shift()) {
    const [from, to] = gap;
    const middle = ((places[from] ?? 0) + (places[to] ?? 0)) / 2;
    let best = -1;
    for (let i = from + 1; i < to; i++) {
      const closer = best < 0 || Math.abs((places[i] ?? 0) - middle) < Math.abs((places[best] ?? 0) - middle);
      if (fits(i) && closer) best = i;
    }
    if (best < 0) continue;
    chosen.add(best);
    open.push([from, best], [best, to]);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Two labels' places moved apart evenly until they are `apart`, in their order, within `range`. */
export function spread(
  a: number,
  b: number,
  apart: number,
  [least, most]: readonly [number, number],
): [number, number] {
  const missing = Math.max(0, apart - Math.abs(a - b)) / 2;
  const [upper, lower] = a <= b ? [a - missing, b + missing] : [b - missing, a + missing];
  const shift = Math.max(0, least - upper) - Math.max(0, lower - most);
  return a <= b ? [upper + shift, lower + shift] : [lower + shift, upper + shift];
}
