import { expect, test } from "vitest";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Database } from "../database/database.ts";
import type { LogRow } from "../settle/log.ts";
import { createHub } from "./hub.ts";

const practice = "a".repeat(32);
/** No table is read here: what is at hand is what was told. */
const hub = () => createHub({ kind: "pglite" } as Database, silentLog, () => () => {});
const rows = (...seqs: number[]) => seqs.map((seq) => ({ seq }) as LogRow);
const seqs = (found: readonly LogRow[] | null) => found?.map(({ seq }) => seq) ?? null;

test("a stream that is up to date finds what follows at hand", () => {
  const one = hub();
  const stream = one.subscribe(practice);
  stream.learn(7);
  expect(stream.rowsAfter(7)).toBe(null);
  one.wake(practice, 9, rows(8, 9));
  one.wake(practice, 10, rows(10));
  expect(stream.head()).toBe(10);
  expect(seqs(stream.rowsAfter(7))).toEqual([8, 9, 10]);
  expect(seqs(stream.rowsAfter(9))).toEqual([10]);
  expect(seqs(stream.rowsAfter(10))).toEqual([]);
  // Further back only the table knows.
  expect(stream.rowsAfter(6)).toBe(null);
});

test("rows are never given with a gap, whoever committed in between and whatever was told first", () => {
  const one = hub();
  const stream = one.subscribe(practice);
  // A batch that was settled in two halves, with another instance's row between them.
  one.wake(practice, 6, rows(1, 2, 3, 5, 6));
  expect(stream.rowsAfter(0)).toBe(null);
  expect(stream.rowsAfter(3)).toBe(null);
  expect(seqs(stream.rowsAfter(4))).toEqual([5, 6]);
  // The other instance goes on: what is here ends before the head.
  one.wake(practice, 8);
  expect(stream.rowsAfter(4)).toBe(null);
  // Told late, and told again.
  one.wake(practice, 6, rows(5, 6));
  expect(stream.rowsAfter(4)).toBe(null);
  one.wake(practice, 9, rows(9));
  expect(stream.rowsAfter(7)).toBe(null);
  expect(seqs(stream.rowsAfter(8))).toEqual([9]);
});
