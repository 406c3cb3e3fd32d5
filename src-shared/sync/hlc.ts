/**
 * Hybrid logical clock stamps (sync design §2.3): 48-bit milliseconds, 16-bit counter, 64-bit node, as 32 hex digits,
 * so that comparing text, SQLite BLOBs and PostgreSQL bytea gives the same order.
 *
 * Two ranges of the counter keep a device's stamps unique without remembering them all: ordinary stamps use the lower
 * half, stamps that had to exceed something seen from the future (observe rule) use the upper half.
 */

export type Hlc = string;

const counterMiddle = 0x8000;
const counterEnd = 0x10000;
/** How far another node's stamp may move this node's clock (P10). */
export const maximumPull = 60_000;
export const zeroHlc: Hlc = "0".repeat(32);

export interface HlcParts {
  readonly ms: number;
  readonly counter: number;
  /** 16 hex digits, one per device epoch. */
  readonly node: string;
}

export function packHlc({ ms, counter, node }: HlcParts): Hlc {
  return ms.toString(16).padStart(12, "0") + counter.toString(16).padStart(4, "0") + node;
}
export function unpackHlc(hlc: Hlc): HlcParts {
  return {
    ms: Number.parseInt(hlc.slice(0, 12), 16),
    counter: Number.parseInt(hlc.slice(12, 16), 16),
    node: hlc.slice(16),
  };
}
export function hlcTime(hlc: Hlc): number {
  return Number.parseInt(hlc.slice(0, 12), 16);
}

/** What a device remembers of its own clock; kept in the transaction of every commit. */
export interface ClockState {
  /** The highest ordinary stamp issued or received (received ones bounded by {@link maximumPull}). */
  readonly last: Hlc;
  /** The highest stamp issued to exceed one from the future; zeros when there was none. */
  readonly high: Hlc;
}

/** The next ordinary stamp: never below `last`, spilling into the next millisecond when a counter is full. */
export function tick(state: ClockState, nowMs: number, node: string): Hlc {
  const last = unpackHlc(state.last);
  let ms = Math.max(last.ms, Math.floor(nowMs));
  let counter = ms === last.ms ? (last.counter & (counterMiddle - 1)) + 1 : 0;
  if (ms === last.ms && last.counter >= counterMiddle) {
    ms += 1;
    counter = 0;
  }
  if (counter >= counterMiddle) {
    ms += 1;
    counter = 0;
  }
  return packHlc({ ms, counter, node });
}

/** The smallest stamp of this node's upper range that exceeds both `seen` and everything issued there before. */
export function successor(state: ClockState, seen: Hlc, node: string): Hlc {
  const floor = unpackHlc(seen > state.high ? seen : state.high);
  let { ms } = floor;
  let counter = Math.max(floor.counter + 1, counterMiddle);
  if (counter >= counterEnd) {
    ms += 1;
    counter = counterMiddle;
  }
  return packHlc({ ms, counter, node });
}

/**
 * The stamp of a group that overwrites values stamped `observed` as its author saw them: the ordinary tick if that
 * already exceeds them, otherwise their successor. So an edit made after seeing a value beats it whatever the clocks.
 */
export function stampFor(
  state: ClockState,
  nowMs: number,
  node: string,
  observed: Hlc,
): { hlc: Hlc; next: ClockState } {
  const ordinary = tick(state, nowMs, node);
  if (ordinary > observed) return { hlc: ordinary, next: { last: ordinary, high: state.high } };
  const hlc = successor(state, observed, node);
  return { hlc, next: { last: state.last, high: hlc } };
}

/** The clock after receiving `remote`: data is always accepted, the clock moves at most a minute beyond now. */
export function receive(state: ClockState, remote: Hlc, nowMs: number, node: string): ClockState {
  const bounded = Math.min(hlcTime(remote), Math.floor(nowMs) + maximumPull);
  if (bounded <= hlcTime(state.last)) return state;
  return { last: packHlc({ ms: bounded, counter: 0, node }), high: state.high };
}
