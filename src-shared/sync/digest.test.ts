import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCount, bucketOf, createDigest, differing } from "./digest.ts";

const row = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{32}$/),
  hash: fc.stringMatching(/^[0-9a-f]{16}$/).filter((hash) => !/^0+$/.test(hash)),
});
const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 60 });
function digestOf(list: readonly { id: string; hash: string }[]): string[] {
  const digest = createDigest();
  for (const { id, hash } of list) digest.add(id, hash);
  return digest.buckets();
}

test("equal rows have equal digests, in whatever order they are read", () => {
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, order) => {
      const shuffled = list
        .map((item) => ({ item, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
      expect(digestOf(shuffled)).toEqual(digestOf(list));
      expect(digestOf(list)).toHaveLength(bucketCount);
    }),
  );
});

test("a row that is missing, added or of another form shows in its own bucket and in no other", () => {
  fc.assert(
    fc.property(rows, row, (list, other) => {
      fc.pre(!list.some(({ id }) => id === other.id));
      const whole = digestOf([...list, other]);
      expect(differing(whole, digestOf(list))).toEqual([bucketOf(other.id)]);
      const altered = { ...other, hash: other.hash.replace(/^./, (digit) => (digit === "1" ? "2" : "1")) };
      if (altered.hash !== other.hash)
        expect(differing(whole, digestOf([...list, altered]))).toEqual([bucketOf(other.id)]);
      expect(differing(whole, whole)).toEqual([]);
    }),
  );
});
