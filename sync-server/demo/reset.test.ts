import { expect, test } from "vitest";
import { resetDaily, untilReset } from "./reset.ts";

const hour = 3_600_000;

test("the next reset is at three in the morning, today or tomorrow", () => {
  expect(untilReset(new Date(2026, 4, 5, 1, 30))).toBe(1.5 * hour);
  expect(untilReset(new Date(2026, 4, 5, 3, 0))).toBe(24 * hour);
  expect(untilReset(new Date(2026, 4, 5, 12, 0))).toBe(15 * hour);
});

test("it runs every night, also after a night on which it failed, until it is stopped", async () => {
  const tasks: { ms: number; task: () => void }[] = [];
  let now = new Date(2026, 4, 5, 12, 0);
  let runs = 0;
  const complaints: string[] = [];
  const stop = resetDaily(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error("the disk is full");
    },
    {
      now: () => now,
      complain: (message) => complaints.push(message),
      after(ms, task) {
        tasks.push({ ms, task });
        return () => tasks.splice(0);
      },
    },
  );
  expect(tasks[0]?.ms).toBe(15 * hour);
  now = new Date(2026, 4, 6, 3, 0);
  tasks.shift()?.task();
  await expect.poll(() => tasks.length).toBe(1);
  expect(complaints).toEqual([expect.stringContaining("the disk is full")]);
  expect(tasks[0]?.ms).toBe(24 * hour);
  tasks.shift()?.task();
  await expect.poll(() => tasks.length).toBe(1);
  expect(runs).toBe(2);
  stop();
  expect(tasks).toHaveLength(0);
});
