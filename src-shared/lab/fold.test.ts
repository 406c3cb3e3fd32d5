import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredRow } from "../sync/entity.ts";
import { foldJob } from "./fold.ts";
import { controlKinds, stageRank, stages } from "./stages.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");
const job: StoredRow = { id: id(1), hlc: id(1), at: 1000 };

/** Event `n` was stamped at `n`; `seen` is the number of the physical event that its author saw as the latest. */
const event = (n: number, kind: string, seen: number | null = null, text: string | null = null): StoredRow => ({
  id: id(n),
  hlc: id(n),
  kind,
  seen_event_id: seen === null ? null : id(seen),
  text,
  at: 1000 + n,
});
const fold = (events: readonly StoredRow[]) => foldJob(job, { job_event: events });

const events = fc
  .array(
    fc.tuple(
      fc.constantFrom(...stages, ...controlKinds, "tray", "note"),
      fc.option(fc.integer({ min: 2, max: 12 })),
      fc.constantFrom(null, "12", "27"),
    ),
    { maxLength: 10 },
  )
  .map((list) => list.map(([kind, seen, text], index) => event(index + 2, kind, seen, text)));

describe("where a job is", () => {
  test("does not depend on the order in which events arrive, nor on one arriving twice by another name", () => {
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(list));
        },
      ),
    );
  });
  test("is the furthest that any physical event reached", () => {
    fc.assert(
      fc.property(events, (list) => {
        const ranks = list.map(({ kind }) => stageRank(kind as string)).filter((rank) => rank >= 0);
        expect(stageRank(fold(list).stage)).toBe(Math.max(0, ...ranks));
      }),
    );
  });
  test("never moves back by an event that comes late", () => {
    fc.assert(
      fc.property(events, fc.constantFrom(...stages), fc.integer({ min: 0, max: 30 }), (list, kind, stamp) => {
        const late = { ...event(99, kind), hlc: id(stamp) };
        expect(stageRank(fold([...list, late]).stage)).toBeGreaterThanOrEqual(stageRank(fold(list).stage));
      }),
    );
  });
  test("is released before anything happened, since the moment of the job", () => {
    expect(fold([])).toEqual({
      stage: "released",
      stage_at: 1000,
      tray: null,
      held: false,
      hold_reason: null,
      cancelled: false,
      last_event_id: null,
      late_events: 0,
    });
  });
  test("an older event that arrives after a newer stage leaves moment and last event alone", () => {
    const done = fold([event(5, "inspection")]);
    expect(fold([event(5, "inspection"), event(3, "edging")])).toMatchObject({
      stage: "inspection",
      last_event_id: done.last_event_id,
      stage_at: done.stage_at,
    });
  });
});

describe("somebody's decision", () => {
  test("that had seen where the job was holds it, with the reason, until it is resumed", () => {
    const held = [event(2, "edging"), event(3, "hold", 2, "lens chipped")];
    expect(fold(held)).toMatchObject({ held: true, hold_reason: "lens chipped", late_events: 0 });
    expect(fold([...held, event(4, "resume", 2)])).toMatchObject({ held: false, hold_reason: null, late_events: 0 });
  });
  test("that had not seen the latest physical event changes nothing and is counted", () => {
    expect(fold([event(2, "edging"), event(3, "passed"), event(4, "hold", 2, "wrong tint")])).toMatchObject({
      held: false,
      hold_reason: null,
      late_events: 1,
    });
    expect(fold([event(2, "edging"), event(3, "dispatched"), event(4, "cancel", 2)])).toMatchObject({
      cancelled: false,
      held: false,
      late_events: 1,
    });
    expect(fold([event(2, "edging"), event(3, "passed"), event(4, "cancel", null)])).toMatchObject({
      cancelled: false,
      late_events: 1,
    });
  });
  test("that had not seen it is counted once, wherever it arrives", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([event(2, "edging"), event(3, "passed"), event(4, "hold", 2, "x")], { minLength: 3 }),
        (list) => {
          expect(fold(list)).toMatchObject({ held: false, late_events: 1, stage: "passed" });
        },
      ),
    );
  });
  test("before anything physical happened applies", () => {
    expect(fold([event(2, "hold", null, "patient rang")])).toMatchObject({ held: true, late_events: 0 });
  });
  test("to cancel stays cancelled when the job is resumed", () => {
    expect(fold([event(2, "released"), event(3, "cancel", 2), event(4, "resume", 2)])).toMatchObject({
      cancelled: true,
      held: false,
    });
  });
});

test("the tray is the last one that was written down", () => {
  expect(fold([event(4, "tray", null, "27"), event(2, "tray", null, "12")]).tray).toBe("27");
  expect(fold([event(4, "tray", null, null), event(2, "tray", null, "12")]).tray).toBe(null);
});
