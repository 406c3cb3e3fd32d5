/** What a patient's age means: under 16 and from 60 and 70 on, and a birthday that will change it soon. */
import { addDays, ageOn, type LocalDate } from "../calendar/index.ts";

/** Ages at which what a patient is entitled to, or who may dispense to them, changes (domain §4.1, §4.2, §6.5). */
const marks = [16, 60, 70] as const;
/** Days before such a birthday on which it is worth a word. */
const aheadDays = 60;

/** Years that nobody has lived longer than; the oldest person known reached 122. General knowledge. */
export const livesAtMost = 130;
/** Whether somebody born then would be older than anybody; a birthday of just so many years is the last that is taken. */
export const isTooLongAgo = (dateOfBirth: LocalDate, today: LocalDate): boolean =>
  dateOfBirth < `${String(Number(today.slice(0, 4)) - livesAtMost).padStart(4, "0")}${today.slice(4)}`;

export type AgeFlag =
  | { readonly kind: "under16" | "over60" | "over70" }
  /** The birthday on which the patient will be so old. */
  | { readonly kind: "soon"; readonly age: number; readonly on: LocalDate };

/** The flag for a day; a birthday that is near goes before what holds today, save under 16. */
export function ageFlag(dateOfBirth: LocalDate, today: LocalDate): AgeFlag | null {
  const age = ageOn(dateOfBirth, today);
  if (age < 16) return { kind: "under16" };
  const then = ageOn(dateOfBirth, addDays(today, aheadDays));
  const mark = marks.find((years) => age < years && then >= years);
  if (mark !== undefined) return { kind: "soon", age: mark, on: birthday(dateOfBirth, mark) };
  return age >= 70 ? { kind: "over70" } : age >= 60 ? { kind: "over60" } : null;
}

/** The day on which somebody is so old, 1 March for who was born on 29 February of a leap year. */
function birthday(dateOfBirth: LocalDate, age: number): LocalDate {
  const year = Number(dateOfBirth.slice(0, 4)) + age;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return dateOfBirth.endsWith("-02-29") && !leap ? `${year}-03-01` : `${year}${dateOfBirth.slice(4)}`;
}
