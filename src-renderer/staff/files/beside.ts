/** What an image is looked at beside: the other eye, or the same one earlier. */
import type { FileItem } from "./images.ts";
import { isPicture } from "./pictures.ts";

export type Beside = "eye" | "earlier";

const when = (file: FileItem) => file.taken_at ?? file.at;

/** The image of the same kind of the other eye that was taken nearest to this one. */
export function otherEye(files: readonly FileItem[], item: FileItem): FileItem | null {
  if (item.eye !== "r" && item.eye !== "l") return null;
  const wanted = item.eye === "r" ? "l" : "r";
  const apart = (each: FileItem) => Math.abs(when(each) - when(item));
  const others = files.filter(({ eye, kind, mime }) => eye === wanted && kind === item.kind && isPicture(mime));
  return others.sort((a, b) => apart(a) - apart(b))[0] ?? null;
}

/** Images of the same kind and eye that were taken earlier, the last of them first. */
export function earlierOnes(files: readonly FileItem[], item: FileItem): FileItem[] {
  return files
    .filter((each) => each.id !== item.id && each.kind === item.kind && each.eye === item.eye && isPicture(each.mime))
    .filter((each) => when(each) < when(item))
    .sort((a, b) => when(b) - when(a));
}

/** The right eye on the left, as one faces the patient; what was earlier on the left, as one reads. */
export function inOrder(item: FileItem, other: FileItem, beside: Beside): [FileItem, FileItem] {
  const isFirst = beside === "eye" ? item.eye === "r" : when(item) < when(other);
  return isFirst ? [item, other] : [other, item];
}
