import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClockState,
  hlcTime,
  maximumPull,
  packHlc,
  receive,
  stampFor,
  successor,
  tick,
  unpackHlc,
  zeroHlc,
} from "./hlc.ts";

const node = "00112233aabbccdd";
const ms = fc.integer({ min: 0, max: 2 ** 43 });
const counter = fc.integer({ min: 0, max: 0xffff });
const nodes = fc.stringMatching(/^[0-9a-f]{16}$/);
const stamp = fc.record({ ms, counter, node: nodes }).map(packHlc);
/** As the ordinary range leaves it: `last` never stands in the upper half. */
const ordinary = fc.record({ ms, counter: fc.integer({ min: 0, max: 0x7fff }), node: fc.constant(node) }).map(packHlc);
const state = fc.record({ last: ordinary, high: fc.oneof(fc.constant(zeroHlc), stamp) });
const start: ClockState = { last: zeroHlc, high: zeroHlc };

describe("the text of a stamp", () => {
  test("holds its parts", () => {
    fc.assert(
      fc.property(ms, counter, nodes, (time, count, name) => {
        const packed = packHlc({ ms: time, counter: count, node: name });
        expect(packed).toMatch(/^[0-9a-f]{32}$/);
        expect(unpackHlc(packed)).toEqual({ ms: time, counter: count, node: name });
        expect(hlcTime(packed)).toBe(time);
      }),
    );
  });
  test("sorts as text as it sorts in time", () => {
    fc.assert(
      fc.property(ms, counter, ms, counter, (a, aCount, b, bCount) => {
        const first = packHlc({ ms: a, counter: aCount, node });
        const second = packHlc({ ms: b, counter: bCount, node });
        const order = a === b ? Math.sign(aCount - bCount) : Math.sign(a - b);
        expect(first < second ? -1 : first > second ? 1 : 0).toBe(order);
      }),
    );
  });
});

test("a tick exceeds the last one and never falls behind the clock", () => {
  fc.assert(
    fc.property(state, ms, (clock, now) => {
      const next = tick(clock, now, node);
      expect(next > clock.last).toBe(true);
      expect(hlcTime(next)).toBeGreaterThanOrEqual(now);
      expect(unpackHlc(next).counter).toBeLessThan(0x8000);
    }),
  );
});

test("a thousand commits in one millisecond, and a clock that runs backwards, give ascending, unique stamps", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 1000 }), (steps) => {
      let clock = start;
      let now = 1_800_000_000_000;
      const stamps: string[] = [];
      for (const step of steps) {
        now += step;
        const made = stampFor(clock, now, node, zeroHlc);
        clock = made.next;
        stamps.push(made.hlc);
      }
      expect([...stamps].sort()).toEqual(stamps);
      expect(new Set(stamps).size).toBe(stamps.length);
    }),
    { numRuns: 30 },
  );
});

test("a full counter spills into the next millisecond", () => {
  const full = { last: packHlc({ ms: 1000, counter: 0x7fff, node }), high: zeroHlc };
  expect(unpackHlc(tick(full, 1000, node))).toEqual({ ms: 1001, counter: 0, node });
  const last = packHlc({ ms: 1000, counter: 0xffff, node });
  expect(successor(start, last, node) > last).toBe(true);
});

test("a successor exceeds what was seen and all successors before it", () => {
  fc.assert(
    fc.property(state, stamp, (clock, seen) => {
      const next = successor(clock, seen, node);
      expect(next > seen).toBe(true);
      expect(next > clock.high).toBe(true);
      expect(unpackHlc(next).counter).toBeGreaterThanOrEqual(0x8000);
    }),
  );
});

test("a stamp exceeds every value it overwrites, and no stamp of a device comes twice", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1000, max: 1040 }), fc.option(stamp)), { minLength: 1, maxLength: 60 }),
      (steps) => {
        let clock = start;
        const stamps: string[] = [];
        for (const [now, seen] of steps) {
          const made = stampFor(clock, now, node, seen ?? zeroHlc);
          expect(made.hlc > (seen ?? zeroHlc)).toBe(true);
          expect(made.next.last >= clock.last && made.next.high >= clock.high).toBe(true);
          stamps.push(made.hlc);
          clock = made.next;
        }
        expect(new Set(stamps).size).toBe(stamps.length);
      },
    ),
  );
});

test("seeing a stamp from the future leaves this device's own time where it was", () => {
  fc.assert(
    fc.property(state, fc.integer({ min: 0, max: 2 ** 41 }), (clock, now) => {
      const seen = packHlc({ ms: 2 ** 43, counter: 0, node: "ffffffffffffffff" });
      const made = stampFor(clock, now, node, seen);
      if (made.hlc > clock.last && hlcTime(made.hlc) >= 2 ** 43)
        expect(made.next.last === clock.last || made.next.last === made.hlc).toBe(true);
      expect(hlcTime(tick(made.next, now, node))).toBeLessThanOrEqual(Math.max(hlcTime(clock.last), now) + 1);
    }),
  );
});

test("a received stamp moves the clock forward only, and at most a minute beyond now", () => {
  fc.assert(
    fc.property(state, stamp, ms, (clock, remote, now) => {
      const next = receive(clock, remote, now, node);
      expect(next.last >= clock.last).toBe(true);
      expect(hlcTime(next.last)).toBeLessThanOrEqual(Math.max(hlcTime(clock.last), now + maximumPull));
      expect(next.high).toBe(clock.high);
      // What is not absurd is overtaken by the next tick.
      if (hlcTime(remote) < now + maximumPull)
        expect(tick(next, now, node) > remote || hlcTime(remote) === hlcTime(next.last)).toBe(true);
    }),
  );
});
