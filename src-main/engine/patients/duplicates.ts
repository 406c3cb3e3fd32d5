/**
 * Who may be the same person as somebody: candidates come from the index that patients are found by, a few hundred at
 * most, and are then compared one by one (`likeness.ts`).
 */
import { beginning, dialled, type EntryRange, normalise, spokenDate } from "../../../replica/search.ts";
import { type Likened, type Likeness, likeness, worthALook } from "../../../src-shared/patients/likeness.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Reader } from "../read/database.ts";
import { inRanges } from "./search.ts";

export interface Candidate extends Likened {
  readonly id: Id;
  readonly number: string;
  readonly phone: string | null;
  readonly phone_other: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly postcode: string | null;
  readonly health_number: string | null;
}
export type LikePatient = Candidate & Pick<Likeness, "reasons" | "likely">;

/** Candidates that are read for one way of finding them. */
const perRange = 80;
const shownAtMost = 5;

/** Ways into the index for people like this one, the most telling first; what is not known yet leads nowhere. */
function waysTo(person: Likened): EntryRange[][] {
  const phones = [person.phone, person.phone_other].map(dialled).filter((digits) => digits.length >= 6);
  const words = (name: string) =>
    name
      .split(/[\s,]+/)
      .map(normalise)
      .filter((word) => word !== "");
  const [given = "", family = ""] = [words(person.given_name)[0], words(person.family_name)[0]];
  const born = /^\d{4}-\d{2}-\d{2}$/.test(person.date_of_birth) ? spokenDate(person.date_of_birth) : "";
  const postcode = normalise(person.postcode ?? "").replace(/\s/g, "");
  return [
    // Followed by the name: the space keeps 070123 from finding 0701234.
    phones.map((digits) => beginning(`p${digits} `)),
    person.email ? [beginning(`${person.email.toLowerCase()} `)] : [],
    // The swapped day too: 3/12 for 12/3.
    born ? [beginning(`${born} `), beginning(`${born.slice(2, 4)}${born.slice(0, 2)}${born.slice(4)} `)] : [],
    given && family
      ? [
          beginning(`${family} ${given.slice(0, 2)}`),
          beginning(`${given} ${family.slice(0, 2)}`),
          beginning(`${given} ${family.slice(0, 1)}`),
        ]
      : [],
    postcode ? [beginning(`${postcode} ${family.slice(0, 1)}`)] : [],
  ];
}

const columns =
  "id, number, given_name, family_name, date_of_birth, phone, phone_other, email, address, postcode, health_number";

/** People on this device who are near enough to be compared, the person themself not among them. */
function candidates(read: Reader, person: Likened, except: readonly Id[]): Candidate[] {
  const ids = new Set<Id>();
  for (const ranges of waysTo(person)) {
    if (ranges.length > 0) for (const id of inRanges(read, ranges, perRange)) ids.add(id);
  }
  for (const id of except) ids.delete(id);
  return rowsOf(read, [...ids]);
}

function rowsOf(read: Reader, ids: readonly Id[]): Candidate[] {
  if (ids.length === 0) return [];
  return read.sql<Candidate>(
    `select ${columns} from patient where id in (select unhex(value) from json_each(?)) and deleted=0 and merged_into_id is null`,
    JSON.stringify(ids),
  );
}

function compared(read: Reader, person: Likened, except: readonly Id[]): (Candidate & Likeness)[] {
  return candidates(read, person, except)
    .map((candidate) => ({ ...candidate, ...likeness(person, candidate) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** Shown while somebody is registered or edited, with why. */
export function possibleDuplicates(read: Reader, person: Likened): LikePatient[] {
  return compared(read, person, []).filter(worthALook).slice(0, shownAtMost);
}

/** Somebody on this device as they would be proposed; null when they are not here or stand for somebody else. */
export function patientLike(read: Reader, id: Id): LikePatient | null {
  const [row] = rowsOf(read, [id]);
  return row ? { ...row, reasons: [], likely: false } : null;
}

/** The house somebody lives in, as far as the address tells: post code, number and street. */
function houseOf({ address, postcode }: Candidate): string | null {
  const [line = ""] = (address ?? "").split(/[\n,]/);
  const code = plainPostcode(postcode);
  return line.trim() === "" || code === "" ? null : `${code} ${line.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")}`;
}
const plainPostcode = (postcode: string | null) => (postcode ?? "").toLowerCase().replace(/\s/g, "");

/** Who is likely the same person as a patient, and who shares their address or phone. */
export function peopleNear(
  read: Reader,
  person: Candidate,
  { own, related }: { own: readonly Id[]; related: readonly Id[] },
): { same: LikePatient[]; household: Candidate[] } {
  const all = compared(read, person, own);
  const same = all.filter(({ likely }) => likely).slice(0, shownAtMost);
  const house = houseOf(person);
  const neighbours = house === null ? [] : inRanges(read, [beginning(`${plainPostcode(person.postcode)} `)], perRange);
  const household = [
    ...all.filter(({ reasons }) => reasons.includes("phone")),
    ...rowsOf(read, neighbours).filter((other) => houseOf(other) === house),
  ];
  const without = new Set([...own, ...related, ...same.map(({ id }) => id)]);
  const once = new Map(household.filter(({ id }) => !without.has(id)).map((other) => [other.id, other]));
  return { same, household: [...once.values()].slice(0, shownAtMost) };
}
