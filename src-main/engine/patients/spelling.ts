/**
 * Who may be meant where nobody is written as it was typed: a name as it was heard on the phone, a slip of the finger,
 * a short form. Only asked when the index itself knows nobody, so that what is typed right is never mixed with guesses.
 */
import { beginning, readTyped } from "../../../replica/search.ts";
import { alike, editDistance, fullNames } from "../../../src-shared/patients/likeness.ts";
import type { Reader } from "../read/database.ts";
import { byCodes, inRanges } from "./search.ts";

/** Shorter names are alike to too many others. */
const lettersAtLeast = 4;
/** Words that are gone through behind one letter: a large practice has about two thousand. */
const wordsAtMost = 4000;
/** Spellings that are tried for one name. */
const spellingsAtMost = 8;
/** First letters that sound the same. */
const sameSound = ["ck", "fp", "gj", "sz", "ei", "kn", "wr"];

/** Ids of patients whose names are like the first two that were typed, and for whom the codes fit. */
export function findAlikeIds(read: Reader, text: string, limit: number): string[] {
  const { names, codes } = readTyped(text.trim());
  const [first, second] = [...names].sort((a, b) => b.length - a.length);
  if (first === undefined || first.length < lettersAtLeast) return [];
  const firsts = spellingsOf(read, first);
  if (codes.length > 0) return [...new Set(firsts.flatMap((name) => byCodes(read, codes, [name], limit)))];
  if (second === undefined) return firsts.length === 0 ? [] : inRanges(read, firsts.map(beginning), limit);
  const ranges = spellingsOf(read, second).flatMap((other) => firsts.map((name) => beginning(`${name} ${other}`)));
  return ranges.length === 0 ? [] : inRanges(read, ranges, limit);
}

/** Words of the index that a name may stand for, the nearest first. */
function spellingsOf(read: Reader, name: string): string[] {
  const letters = new Set([name[0] ?? "", ...sameSound.filter((pair) => pair.includes(name[0] ?? "")).join("")]);
  const near = [...letters]
    .flatMap((letter) => wordsBehind(read, letter))
    .flatMap((word) => {
      const distance = distanceOf(name, word);
      return distance === null ? [] : [{ word, distance }];
    })
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1));
  return [...new Set([...near.map(({ word }) => word).slice(0, spellingsAtMost), ...fullNames(name)])];
}

/** Null where it stands for something else; a word that only begins so is still being typed. */
function distanceOf(name: string, word: string): number | null {
  if (word.startsWith(name)) return 0;
  if (name.length < lettersAtLeast) return null;
  if (alike(name, word)) return editDistance(name, word, 3);
  const begun = word.slice(0, name.length);
  return name.length > lettersAtLeast && alike(name, begun) ? 1 + editDistance(name, begun, 3) : null;
}

/** Each first word of an entry once: the index is stepped through from word to word, not from patient to patient. */
function wordsBehind(read: Reader, letter: string): string[] {
  const next = (after: string) =>
    `(select substr(token, 1, instr(token || ' ', ' ') - 1) from patient_token where token >= ${after} and token < ? limit 1)`;
  const { from, to } = beginning(letter);
  return read
    .sql<{ word: string }>(
      `with recursive w(word, n) as (
         select ${next("?")}, 1
         union all select ${next("w.word || '!'")}, n + 1 from w where w.word is not null and n < ?
       )
       select word from w where word is not null`,
      from,
      to,
      to,
      wordsAtMost,
    )
    .map(({ word }) => word)
    .filter((word) => /^\p{L}+$/u.test(word));
}
