import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredRow } from "../sync/entity.ts";
import { foldAppointment } from "./fold.ts";
import { visitStates, visitSteps } from "./states.ts";
import { ageing, defaultPatience, latenessMinutes, nextState, previousStep, waitingMinutes } from "./waiting.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");
const row: StoredRow = { id: id(1), hlc: id(1) };
const event = (n: number, kind: string): StoredRow => ({ id: id(n), hlc: id(n), kind, at: 1000 + n });
const fold = (events: readonly StoredRow[]) => foldAppointment(row, { appointment_event: events });
const stateAfter = (...kinds: string[]) => fold(kinds.map((kind, n) => event(n + 2, kind))).state;

describe("where a booking stands", () => {
  test("does not depend on the order in which events arrive", () => {
    const events = fc
      .array(fc.constantFrom(...visitSteps), { maxLength: 8 })
      .map((kinds) => kinds.map((kind, n) => event(n + 2, kind)));
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(list));
        },
      ),
    );
  });

  test("an arrival beats a did-not-attend by somebody who had not seen it, whichever is stamped later", () => {
    expect(stateAfter("arrived", "did_not_attend")).toBe("arrived");
    expect(stateAfter("did_not_attend", "arrived")).toBe("arrived");
    expect(stateAfter("arrived", "with_optometrist", "did_not_attend")).toBe("with_optometrist");
    expect(stateAfter("arrived", "reopened", "did_not_attend")).toBe("did_not_attend");
  });

  test("reopening makes it a booking again; a note and a step of a newer version change nothing", () => {
    expect(stateAfter("cancelled", "reopened")).toBe("booked");
    expect(stateAfter("arrived", "note")).toBe("arrived");
    expect(stateAfter("arrived", "scanned_by_robot")).toBe("arrived");
    expect(fold([event(2, "arrived"), event(3, "note")]).state_at).toBe(1002);
  });

  test("one key leads from the booking to the door, one back", () => {
    const way = ["booked" as const, ...visitStates];
    way.forEach((state, index) => {
      expect(nextState(state)).toBe(way[index + 1] ?? null);
      expect(previousStep(state)).toBe(index === 0 ? null : index === 1 ? "reopened" : way[index - 1]);
    });
    expect(nextState("cancelled")).toBeNull();
    expect(previousStep("cancelled")).toBe("reopened");
  });
});

describe("waiting", () => {
  const starts_at = 600 * 60_000;
  const at = (minutes: number) => minutes * 60_000;
  const visit = (state: "booked" | "arrived" | "with_optometrist" | "dispensing", state_at: number | null) => ({
    state,
    state_at,
    starts_at,
  });
  test("who came early waits from the time of the booking, who came late from when they came", () => {
    expect(waitingMinutes(visit("arrived", at(585)), at(607))).toBe(7);
    expect(waitingMinutes(visit("arrived", at(604)), at(607))).toBe(3);
    expect(waitingMinutes(visit("arrived", at(585)), at(590))).toBe(0);
    expect(waitingMinutes(visit("dispensing", at(640)), at(652))).toBe(12);
    expect(waitingMinutes(visit("with_optometrist", at(640)), at(652))).toBeNull();
  });

  test("a booked patient is late from the minute of the booking on", () => {
    expect(latenessMinutes(visit("booked", null), at(600))).toBeNull();
    expect(latenessMinutes(visit("booked", null), at(608))).toBe(8);
    expect(latenessMinutes(visit("arrived", at(604)), at(608))).toBeNull();
  });

  test("amber after ten minutes, red after twenty", () => {
    expect([9, 10, 19, 20].map((minutes) => ageing(minutes, defaultPatience))).toEqual([
      "calm",
      "look",
      "look",
      "late",
    ]);
  });
});
