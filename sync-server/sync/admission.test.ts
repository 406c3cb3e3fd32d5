import { expect, test } from "vitest";
import { systemRandom } from "../../replica/crypto.ts";
import { createBulkReads, createPushGate } from "./admission.ts";

test("long reads take their turns in order and never all connections, also when one fails", async () => {
  const bulk = createBulkReads(5);
  const begun: number[] = [];
  const finish: ((fail?: boolean) => void)[] = [];
  const reads = Array.from({ length: 8 }, (_, n) =>
    bulk
      .run(() => {
        begun.push(n);
        return new Promise<void>((resolve, reject) => {
          finish[n] = (fail) => (fail ? reject(new Error("cut")) : resolve());
        });
      })
      .catch(() => {}),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3]);
  finish[2]?.(true);
  await reads[2];
  finish[0]?.();
  await reads[0];
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  for (const n of [1, 3, 4, 5]) finish[n]?.();
  await Promise.all([1, 3, 4, 5].map((n) => reads[n]));
  for (const n of [6, 7]) finish[n]?.();
  await Promise.all(reads);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("pushes are put off only when very many wait, and let in again as soon as one has gone", () => {
  const gate = createPushGate(systemRandom());
  for (let n = 0; n < 400; n++) expect(gate.enter()).toBe(null);
  expect(gate.enter()).toMatchObject({ kind: "retry" });
  gate.leave();
  expect(gate.enter()).toBe(null);
});
