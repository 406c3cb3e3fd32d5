/** What the names of files say of what is in them; a person puts it right where they say wrong. */
import type { FileKind } from "./adding.ts";

/** Cameras name the eye: `Ellison_OD_2026.jpg`, `fundus-left.png`. Shown at once, and changed with one key if wrong. */
export function eyeIn(name: string): "r" | "l" | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const [right, left] = [
    ["od", "right", "r", "re"],
    ["os", "left", "l", "le"],
  ].map((eye) => words.some((word) => eye?.includes(word)));
  return right === left ? null : right ? "r" : "l";
}

const kindWords: readonly (readonly [FileKind, RegExp])[] = [
  ["oct", /(^|[^a-z])oct([^a-z]|$)/i],
  ["visual_field", /(^|[^a-z])(hfa|vf|fields?)([^a-z]|$)/i],
  ["fundus", /fundus|retina|disc/i],
  ["letter", /letter|\.pdf$/i],
  ["document", /\.pdf$/i],
];

/** What instruments and people call their files says most often what they are; else it is the first of `kinds`. */
export function kindIn(name: string, kinds: readonly FileKind[]): FileKind {
  const found = kindWords.find(([kind, words]) => kinds.includes(kind) && words.test(name));
  return found?.[0] ?? kinds[0] ?? "document";
}
