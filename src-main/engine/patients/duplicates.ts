/**
 * Who may be the same person as somebody: candidates come from the index that patients are found by, a few hundred at
 * most, and are then compared one by one (`likeness.ts`).
 */
import { beginning, dialled, type EntryRange, normalise, spokenDate } from "../../../replica/search.ts";
import { type Likened, type Likeness, likeness, worthALook } from "../../../src-shared/patients/likeness.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Reader } from "../read/database.ts";
import { inRanges } from "./search.ts";
import { keptRecord } from "./summary.ts";

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
/** `found`: the record that is alike, which may be one that was merged into the patient's own. */
export type LikePatient = Candidate & Pick<Likeness, "reasons" | "likely"> & { readonly found: Candidate };

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

const shown = [
  ...(["id", "number", "given_name", "family_name", "date_of_birth", "phone", "phone_other"] as const),
  ...(["email", "address", "postcode", "health_number"] as const),
] as const;
const columns = [...shown, "merged_into_id"].join(", ");
type Stored = Candidate & { readonly merged_into_id: Id | null };

/** People on this device who are near enough to be compared, the person themself not among them. */
function candidates(read: Reader, person: Likened, except: readonly Id[]): Stored[] {
  const ids = new Set<Id>();
  for (const ranges of waysTo(person)) {
    if (ranges.length > 0) for (const id of inRanges(read, ranges, perRange)) ids.add(id);
  }
  for (const id of except) ids.delete(id);
  return rowsOf(read, [...ids]);
}

function rowsOf(read: Reader, ids: readonly Id[]): Stored[] {
  if (ids.length === 0) return [];
  return read.sql<Stored>(
    `select ${columns} from patient where id in (select unhex(value) from json_each(?)) and deleted=0`,
    JSON.stringify(ids),
  );
}

/** The patient whom a record stands for now: one that was merged still tells by its own details who somebody is. */
function personOf(read: Reader, { merged_into_id, ...found }: Stored): Candidate {
  const kept = merged_into_id === null ? null : keptRecord(read, found.id)?.kept;
  return kept ? (Object.fromEntries(shown.map((name) => [name, kept[name]])) as never) : found;
}

/** Each person once, by the record that is most alike. */
function compared(read: Reader, person: Likened, except: readonly Id[]): (LikePatient & Likeness)[] {
  const people = new Map<Id, LikePatient & Likeness>();
  const records = candidates(read, person, except)
    .map((row) => ({ row, likeness: likeness(person, row) }))
    .sort((a, b) => b.likeness.score - a.likeness.score || (a.row.id < b.row.id ? -1 : 1));
  for (const { row, likeness: alike } of records) {
    const who = personOf(read, row);
    const { merged_into_id: _, ...found } = row;
    if (!people.has(who.id) && !except.includes(who.id)) people.set(who.id, { ...who, ...alike, found });
  }
  return [...people.values()];
}

/** Shown while somebody is registered or edited, with why. */
export function possibleDuplicates(read: Reader, person: Likened): LikePatient[] {
  return compared(read, person, []).filter(worthALook).slice(0, shownAtMost);
}

/** Somebody on this device as they would be proposed; null when they are not here or stand for somebody else. */
export function patientLike(read: Reader, id: Id): LikePatient | null {
  const [row] = rowsOf(read, [id]);
  if (!row) return null;
  const { merged_into_id: _, ...found } = row;
  return { ...found, reasons: [], likely: false, found };
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
    ...rowsOf(read, neighbours)
      .filter((other) => houseOf(other) === house)
      .map((other) => personOf(read, other)),
  ];
  const without = new Set([...own, ...related, ...same.map(({ id }) => id)]);
  const once = new Map(household.filter(({ id }) => !without.has(id)).map((other) => [other.id, other]));
  return { same, household: [...once.values()].slice(0, shownAtMost) };
}
