import { expect, test } from "vitest";
import type { Unkept } from "./autosave.ts";
import { type UnkeptChange, unkeptKeeper } from "./unkept.ts";

/** A disk that is as slow as it is told to be. */
function disk(stored: Record<string, Unkept> = {}) {
  const fields: Record<string, Unkept> = { ...stored };
  const writes: UnkeptChange[] = [];
  const answers: { done(): void; failed(): void }[] = [];
  const typed = unkeptKeeper(
    stored,
    () => ({ ...fields }),
    (change) => {
      writes.push(change);
      return new Promise<void>((resolve, reject) => answers.push({ done: resolve, failed: () => reject(new Error()) }));
    },
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    fields,
    writes,
    typed,
    async done() {
      answers.shift()?.done();
      await turn();
    },
    async failed() {
      answers.shift()?.failed();
      await turn();
    },
  };
}

test("the first key goes at once, those that come while it is written go together", async () => {
  const { fields, writes, typed, done } = disk();
  for (const half of ["-", "-1", "-1."]) {
    fields.sphere = { half };
    typed();
  }
  expect(writes).toEqual([{ keep: { sphere: { half: "-" } }, drop: [] }]);
  await done();
  expect(writes.at(-1)).toEqual({ keep: { sphere: { half: "-1." } }, drop: [] });
  delete fields.sphere;
  typed();
  await done();
  expect(writes.at(-1)).toEqual({ keep: {}, drop: ["sphere"] });
  await done();
  typed();
  expect(writes).toHaveLength(3);
});

test("what could not be written goes with the next key; what was stored before is taken back once it is kept", async () => {
  const { fields, writes, typed, failed } = disk({ reason: { value: "Rout" } });
  delete fields.reason;
  typed();
  await failed();
  fields.sphere = { half: "1" };
  typed();
  expect(writes).toEqual([
    { keep: {}, drop: ["reason"] },
    { keep: { sphere: { half: "1" } }, drop: ["reason"] },
  ]);
});
