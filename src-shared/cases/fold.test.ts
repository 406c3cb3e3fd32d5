import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredRow } from "../sync/entity.ts";
import { foldCase, heads } from "./fold.ts";
import { caseStatuses, statusVisibility, urgencies, urgencyRank } from "./status.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");
const file: StoredRow = { id: id(1), hlc: id(1), opened_at: 1000 };

const event = (
  n: number,
  kind: "status" | "urgency",
  value: string,
  follows: readonly number[] = [],
  seen = 0,
): StoredRow => ({
  id: id(n),
  hlc: id(n),
  kind,
  value,
  follows: follows.map(id),
  seen_patient_messages: seen,
  at: 1000 + n,
});
const message = (n: number, from: "staff" | "patient"): StoredRow => ({ id: id(n), hlc: id(n), from, at: 1000 + n });
const fold = (events: readonly StoredRow[], messages: readonly StoredRow[] = []) =>
  foldCase(file, { case_event: events, case_message: messages });

/** A history: each event follows some of those before it. */
const history = fc
  .array(
    fc.tuple(
      fc.constantFrom("status" as const, "urgency" as const),
      fc.nat(),
      fc.array(fc.nat(8), { maxLength: 3 }),
      fc.nat(3),
    ),
    { maxLength: 9 },
  )
  .map((list) =>
    list.map(([kind, value, back, seen], index) => {
      const values = kind === "status" ? caseStatuses : urgencies;
      const earlier = list.map((_, n) => n).filter((n) => n < index && list[n]?.[0] === kind);
      return event(
        index + 2,
        kind,
        values[value % values.length] as string,
        [...new Set(back.map((n) => earlier[n]).filter((n) => n !== undefined))].map((n) => n + 2),
        seen,
      );
    }),
  );
const messages = fc
  .array(fc.constantFrom("staff" as const, "patient" as const), { maxLength: 4 })
  .map((list) => list.map((from, n) => message(50 + n, from)));

test("a case does not depend on the order in which its history arrives", () => {
  fc.assert(
    fc.property(
      history.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      messages.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([events, otherEvents], [said, otherSaid]) => {
        expect(fold(otherEvents, otherSaid)).toEqual(fold(events, said));
      },
    ),
  );
});

test("a new case is open, routine, and active since it was opened", () => {
  expect(fold([])).toEqual({ status: "open", urgency: "R", last_activity_at: 1000, patient_messages: 0, messages: 0 });
});

describe("the status", () => {
  test("is what followed last, however the clocks stood", () => {
    const first = event(9, "status", "in_progress");
    const second = event(5, "status", "resolved", [9]);
    expect(fold([first, second]).status).toBe("resolved");
  });
  test("of concurrent changes is the one that keeps the case in sight", () => {
    fc.assert(
      fc.property(fc.constantFrom(...caseStatuses), fc.constantFrom(...caseStatuses), (a, b) => {
        const both = fold([event(2, "status", a), event(3, "status", b)]).status;
        expect(statusVisibility[both]).toBe(Math.max(statusVisibility[a], statusVisibility[b]));
      }),
    );
  });
  test("closed by somebody who had not seen the patient's last message is reopened", () => {
    for (const value of ["resolved", "closed", "archived"]) {
      expect(fold([event(2, "status", value, [], 1)], [message(50, "patient"), message(51, "patient")]).status).toBe(
        "reopened",
      );
      expect(fold([event(2, "status", value, [], 2)], [message(50, "patient"), message(51, "patient")]).status).toBe(
        value,
      );
    }
  });
  test("is not reopened by what staff wrote, nor while the case is worked on", () => {
    expect(fold([event(2, "status", "closed")], [message(50, "staff")]).status).toBe("closed");
    expect(fold([event(2, "status", "in_progress")], [message(50, "patient")]).status).toBe("in_progress");
  });
  test("never hides a message of the patient that nobody had seen", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 4, max: 6 }), (events, unseen) => {
        const said = Array.from({ length: unseen }, (_, n) => message(50 + n, "patient"));
        expect(["resolved", "closed", "archived"]).not.toContain(fold(events, said).status);
      }),
    );
  });
});

describe("the urgency", () => {
  test("never falls by a change that had not seen what stood", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...urgencies), (events, value) => {
        const before = fold(events).urgency;
        const after = fold([...events, event(90, "urgency", value)]).urgency;
        expect(urgencyRank(after)).toBe(Math.max(urgencyRank(before), urgencyRank(value)));
      }),
    );
  });
  test("is lowered by who had seen all that stood", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...urgencies), (events, value) => {
        const seen = heads(events.filter(({ kind }) => kind === "urgency")).map((head) => Number.parseInt(head.id, 16));
        expect(fold([...events, event(90, "urgency", value, seen)]).urgency).toBe(value);
      }),
    );
  });
  test("raised on one device and lowered on another, without seeing each other, stays raised", () => {
    const start = event(2, "urgency", "U");
    expect(fold([start, event(3, "urgency", "E1", [2]), event(4, "urgency", "R", [2])]).urgency).toBe("E1");
  });
});

test("the last activity is the latest of everything that happened", () => {
  expect(fold([event(7, "status", "in_progress")], [message(60, "patient")])).toMatchObject({
    last_activity_at: 1060,
    messages: 1,
    patient_messages: 1,
  });
});
