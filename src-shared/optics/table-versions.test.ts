import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays } from "../calendar/index.ts";
import { asDelivered } from "./own-tables.ts";
import {
  daysUnheard,
  type TableVersion,
  tablesAround,
  tablesOn,
  tableVersion,
  versionInForce,
} from "./table-versions.ts";
import { builtInTables, limitsKey } from "./tables.ts";

const { rx } = builtInTables;
const narrow = (most: number, date = "2026-01-01") => ({
  ...rx,
  date,
  source: "our lab",
  sphere: { block: [-most, most], warn: [-most, most], step: 125 },
});
const dayMs = 86_400_000;
const start = Date.UTC(2026, 9, 1);
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const version = (from: string, savedAt: number, most: number): TableVersion => ({
  table: "rx",
  from,
  savedAt,
  value: most === 0 ? asDelivered : narrow(most),
});

/** Versions as they are saved: on some day of a year, for that day or a later one. */
const versions = fc.array(
  fc.record({ at: fc.nat(360), wait: fc.nat(40), most: fc.constantFrom(0, 5_000, 10_000, 15_000, 20_000) }),
  { maxLength: 12 },
);
type Saved = { at: number; wait: number; most: number };
const made = (saved: readonly Saved[]) =>
  saved.map(({ at, wait, most }, index) =>
    version(dayOf(start + (at + wait) * dayMs), start + at * dayMs + index, most),
  );

test("a version counts from its day on, not before", () => {
  const waiting = [version("2026-12-01", 1, 15_000)];
  expect(tablesOn(waiting, "2026-11-30").tables.rx).toBe(rx);
  expect(tablesOn(waiting, "2026-12-01").tables.rx.sphere.block).toEqual([-15_000, 15_000]);
});

test("of two of one day the one saved last counts, and as delivered is a version as any other", () => {
  const both = [version("2026-12-01", 2, 10_000), version("2026-12-01", 1, 15_000)];
  expect(tablesOn(both, "2026-12-24").tables.rx.sphere.block).toEqual([-10_000, 10_000]);
  expect(tablesOn([...both, version("2026-12-10", 3, 0)], "2026-12-24").tables.rx).toBe(rx);
  expect(tablesOn([...both, version("2026-12-10", 3, 0)], "2026-12-09").tables.rx).not.toBe(rx);
});

test("whatever was saved: in force is the latest that has begun, however the versions lie", () => {
  fc.assert(
    fc.property(versions, fc.nat(420), fc.integer(), (saved, after, seed) => {
      const all = made(saved);
      const day = dayOf(start + after * dayMs);
      const found = versionInForce(all, "rx", day);
      const shuffled = [...all].sort((a, b) => ((a.savedAt * 31 + seed) % 7) - ((b.savedAt * 31 + seed) % 7));
      expect(versionInForce(shuffled, "rx", day)).toEqual(found);
      expect(found === null).toBe(all.every(({ from }) => from > day));
      for (const each of all.filter(({ from }) => found && from <= day)) {
        expect(each.from <= (found?.from ?? "")).toBe(true);
        if (each.from === found?.from) expect(each.savedAt <= found.savedAt).toBe(true);
      }
      // What begins later changes nothing today.
      expect(versionInForce([...all, version(addDays(day, 1), 9e14, 5_000)], "rx", day)).toEqual(found);
    }),
  );
});

test("what a PC went by is among what may have counted, whatever it had heard of", () => {
  fc.assert(
    fc.property(
      versions,
      fc.integer({ min: 60, max: 420 }),
      fc.nat(daysUnheard),
      fc.integer({ min: -1, max: 1 }),
      (saved, on, unheard, beside) => {
        const all = made(saved);
        const at = start + on * dayMs;
        const heard = all.filter(({ savedAt }) => savedAt <= at - unheard * dayMs);
        const used = tablesOn(heard, addDays(dayOf(at), beside)).tables.rx;
        expect(tablesAround(all, at, at).rx).toContainEqual(used);
      },
    ),
  );
});

test("what every PC has known for long enough is all there is", () => {
  const all = [version("2026-01-01", 0, 5_000), version("2026-03-01", 1, 15_000)];
  const blocks = (at: number) => tablesAround(all, at, at).rx.map(({ sphere }) => sphere.block[1]);
  expect(blocks(Date.UTC(2026, 8, 1))).toEqual([15_000]);
  expect(blocks(Date.UTC(2026, 2, 20))).toEqual([15_000, 5_000]);
  expect(blocks(Date.UTC(2025, 11, 1))).toEqual([rx.sphere.block[1]]);
});

test("a setting is a version by its key, never before the day that its numbers are of", () => {
  const key = limitsKey({ table: "rx", from: "2026-11-28", savedAt: 5 });
  expect(tableVersion(key, narrow(5_000))).toMatchObject({ table: "rx", from: "2026-11-28", savedAt: 5 });
  expect(tableVersion(key, narrow(5_000, "2026-12-01"))).toMatchObject({ from: "2026-12-01" });
  expect(tableVersion(key, asDelivered)).toMatchObject({ from: "2026-11-28", value: asDelivered });
  expect(tableVersion(key, null)).toBeNull();
  expect(tableVersion("limits.rx", narrow(5_000, "2026-12-01"))).toMatchObject({ from: "2026-12-01", savedAt: 0 });
  expect(tableVersion("release_policy", { kind: "full" })).toBeNull();
});
