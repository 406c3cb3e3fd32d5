import fc from "fast-check";
import { expect, test } from "vitest";
import { conflictsOf, overlaps, type Taken } from "./conflicts.ts";
import { freeTimes, isWithinSlots } from "./free.ts";
import type { Slot } from "./slots.ts";

const minute = 60_000;
const start = Date.parse("2026-03-17T09:00:00Z");
const branch = { id: "leeds", time_zone: "Europe/London" };
const booking = (over: Partial<Taken> = {}): Taken => ({
  id: "a",
  branch_id: "leeds",
  room: "Room 1",
  optometrist_id: null,
  starts_at: start,
  minutes: 30,
  state: "booked",
  walk_in: false,
  ...over,
});
const arbitrary = fc.record({
  id: fc.constantFrom("a", "b", "c", "d"),
  branch_id: fc.constantFrom("leeds", "york"),
  room: fc.constantFrom("Room 1", "Room 2"),
  optometrist_id: fc.constantFrom(null, "priya", "alan"),
  starts_at: fc.integer({ min: 0, max: 8 }).map((n) => start + n * 15 * minute),
  minutes: fc.constantFrom(15, 30, 45),
  state: fc.constantFrom("booked", "arrived", "gone", "cancelled", "did_not_attend"),
  walk_in: fc.boolean(),
});

test("one that begins as the other ends is no overlap; either way round it is the same", () => {
  expect(overlaps(booking(), booking({ starts_at: start + 30 * minute }))).toBe(false);
  expect(overlaps(booking(), booking({ starts_at: start + 29 * minute }))).toBe(true);
  fc.assert(
    fc.property(arbitrary, arbitrary, (a, b) => {
      expect(overlaps(a, b)).toBe(overlaps(b, a));
    }),
  );
});

test("the same room, or the same optometrist wherever; another room is free", () => {
  const other = booking({ id: "b", optometrist_id: "priya" });
  expect(conflictsOf(booking(), [other])).toEqual([other]);
  expect(conflictsOf(booking({ room: "Room 2" }), [other])).toEqual([]);
  expect(conflictsOf(booking({ branch_id: "york" }), [other])).toEqual([]);
  expect(conflictsOf(booking({ branch_id: "york", optometrist_id: "priya" }), [other])).toEqual([other]);
});

test("who cancelled, stayed away or walked in takes no time from anybody; nobody is in their own way", () => {
  const others = [
    booking({ id: "b", state: "cancelled" }),
    booking({ id: "c", state: "did_not_attend" }),
    booking({ id: "d", walk_in: true }),
    booking({ id: "e", deleted: true }),
    booking(),
  ];
  expect(conflictsOf(booking(), others)).toEqual([]);
});

test("of two bookings that hold time, each is in the other's way or neither is", () => {
  fc.assert(
    fc.property(arbitrary, arbitrary, (a, b) => {
      const holds = ({ state, walk_in }: Taken) => !walk_in && state !== "cancelled" && state !== "did_not_attend";
      fc.pre(holds(a) && holds(b));
      expect(conflictsOf(a, [b]).length).toBe(conflictsOf(b, [a]).length);
    }),
  );
});

const slots: Slot[] = [0, 1, 2, 4].flatMap((n) =>
  ["Room 1", "Room 2"].map((room) => ({
    room,
    optometrist_id: room === "Room 1" ? "priya" : "alan",
    start: start + n * 30 * minute,
    end: start + (n + 1) * 30 * minute,
  })),
);
slots.sort((a, b) => (a.room < b.room ? -1 : a.room > b.room ? 1 : a.start - b.start));
const wish = { minutes: 30, from: start, optometristId: null, weekdays: [], part: null };

test("the next free time with somebody, on a Tuesday afternoon; a long visit takes slots without a gap", () => {
  const taken = [booking({ room: "Room 1", starts_at: start, minutes: 60 })];
  const found = (over: object) =>
    freeTimes(slots, taken, branch, { ...wish, ...over }).map((free) => [free.room, (free.start - start) / minute]);
  expect(found({ optometristId: "priya" })).toEqual([
    ["Room 1", 60],
    ["Room 1", 120],
  ]);
  expect(found({ minutes: 60, optometristId: "alan" })).toEqual([
    ["Room 2", 0],
    ["Room 2", 30],
  ]);
  expect(found({ weekdays: [2], part: "afternoon" })).toEqual([]);
  expect(found({ weekdays: [2], part: "morning", optometristId: "alan" })).toHaveLength(4);
  expect(found({ weekdays: [3] })).toEqual([]);
  expect(found({ from: start + 61 * minute })).toEqual([
    ["Room 1", 120],
    ["Room 2", 120],
  ]);
});

test("whatever is offered can be booked: no conflict, and within the slots", () => {
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 6 }), fc.constantFrom(15, 30, 60), (taken, minutes) => {
      for (const free of freeTimes(slots, taken, branch, { ...wish, minutes })) {
        const made = booking({
          id: "new",
          room: free.room,
          optometrist_id: free.optometrist_id,
          starts_at: free.start,
          minutes,
        });
        expect(conflictsOf(made, taken)).toEqual([]);
        expect(isWithinSlots(slots, made)).toBe(true);
      }
    }),
  );
  expect(isWithinSlots(slots, booking({ starts_at: start + 75 * minute }))).toBe(false);
  expect(isWithinSlots(slots, booking({ room: "Room 3" }))).toBe(false);
});
