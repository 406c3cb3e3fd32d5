import { expect, test } from "vitest";
import { earlierOnes, inOrder, otherEye } from "./beside.ts";
import type { FileItem } from "./images.ts";

const day = 86_400_000;
const image = (id: string, eye: "r" | "l" | null, days: number, more: Partial<FileItem> = {}) =>
  ({ id, eye, kind: "fundus", mime: "image/png", taken_at: days * day, at: 9_000 * day, ...more }) as FileItem;
const ids = (files: readonly FileItem[]) => files.map(({ id }) => id);

test("the other eye is the same kind of image, taken nearest to this one", () => {
  const right = image("r2", "r", 100);
  const files = [
    right,
    image("l1", "l", 1),
    image("l2", "l", 101),
    image("oct", "l", 100, { kind: "oct" }),
    image("pdf", "l", 100, { mime: "application/pdf" }),
  ];
  expect(otherEye(files, right)?.id).toBe("l2");
  expect(otherEye(files, files[1] as FileItem)?.id).toBe("r2");
  expect(otherEye(files, image("b", null, 100))).toBeNull();
  expect(otherEye([right], right)).toBeNull();
});

test("earlier are images of the same kind and eye, the last of them first; without a day taken, that of adding counts", () => {
  const now = image("now", "r", 0, { taken_at: null, at: 300 * day });
  const files = [image("r1", "r", 1), now, image("r2", "r", 200), image("l2", "l", 200), image("later", "r", 400)];
  expect(ids(earlierOnes(files, now))).toEqual(["r2", "r1"]);
  expect(ids(earlierOnes(files, files[0] as FileItem))).toEqual([]);
});

test("the right eye stands on the left as one faces the patient, the earlier one on the left as one reads", () => {
  const [right, left, before] = [image("r", "r", 100), image("l", "l", 100), image("before", "r", 1)];
  expect(ids(inOrder(right, left, "eye"))).toEqual(["r", "l"]);
  expect(ids(inOrder(left, right, "eye"))).toEqual(["r", "l"]);
  expect(ids(inOrder(right, before, "earlier"))).toEqual(["before", "r"]);
});
