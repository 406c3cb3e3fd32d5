/**
 * Whether two records may be one person. People are registered twice with a letter swapped, a short first name, given
 * and family name in each other's place, or day and month of the birthday exchanged.
 */

/** What two records are compared by; null or empty where it is not known. */
export interface Likened {
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone?: string | null;
  readonly phone_other?: string | null;
  readonly email?: string | null;
  readonly postcode?: string | null;
  readonly health_number?: string | null;
}
export type LikenessReason =
  | "name"
  | "name_alike"
  | "name_swapped"
  | "birthday"
  | "birthday_swapped"
  | "birthday_near"
  | "phone"
  | "email"
  | "postcode"
  | "health_number";
export interface Likeness {
  /** The more, the likelier; only good for putting candidates in order. */
  readonly score: number;
  readonly reasons: readonly LikenessReason[];
  /** Likely one person, worth proposing by itself; else only worth a look while somebody is registered. */
  readonly likely: boolean;
}

const weights: Record<LikenessReason, number> = {
  health_number: 60,
  name: 40,
  name_swapped: 35,
  name_alike: 30,
  birthday: 40,
  birthday_swapped: 30,
  birthday_near: 20,
  phone: 20,
  email: 15,
  postcode: 10,
};

/** Compares two records; symmetric. */
export function likeness(a: Likened, b: Likened): Likeness {
  const name = compareNames(a, b);
  const birthday = compareBirthdays(a.date_of_birth, b.date_of_birth);
  const meets = (left: readonly string[], right: readonly string[]) =>
    left.some((value) => value !== "" && right.includes(value));
  const phones = (of: Likened) => [of.phone, of.phone_other].map(dialledDigits).filter((digits) => digits.length >= 6);
  const same = (key: "email" | "postcode" | "health_number") => meets([compact(a[key])], [compact(b[key])]);
  const reasons: LikenessReason[] = [
    ...(same("health_number") ? (["health_number"] as const) : []),
    ...(name ? [name] : []),
    ...(birthday ? [birthday] : []),
    ...(meets(phones(a), phones(b)) ? (["phone"] as const) : []),
    ...(same("email") ? (["email"] as const) : []),
    ...(same("postcode") ? (["postcode"] as const) : []),
  ];
  return {
    score: reasons.reduce((sum, reason) => sum + weights[reason], 0),
    reasons,
    // A phone, an address and even a family name are shared by a household; a name with a birthday is not.
    likely: reasons.includes("health_number") || (name !== null && birthday !== null),
  };
}

/** Whether a candidate is worth showing to somebody who registers a patient. */
export function worthALook({ likely, reasons }: Likeness): boolean {
  const has = (...wanted: LikenessReason[]) => wanted.some((reason) => reasons.includes(reason));
  return likely || has("phone", "email") || (has("name", "name_alike") && has("postcode"));
}

function compareNames(a: Likened, b: Likened): LikenessReason | null {
  const [aGiven, aFamily] = [plainName(a.given_name), plainName(a.family_name)];
  const [bGiven, bFamily] = [plainName(b.given_name), plainName(b.family_name)];
  if (aGiven === "" || aFamily === "" || bGiven === "" || bFamily === "") return null;
  if (aGiven === bGiven && aFamily === bFamily) return "name";
  if (aGiven === bFamily && aFamily === bGiven) return "name_swapped";
  if (alikeGiven(aGiven, bGiven) && alike(aFamily, bFamily)) return "name_alike";
  if (alikeGiven(aGiven, bFamily) && alikeGiven(aFamily, bGiven)) return "name_swapped";
  return null;
}

function compareBirthdays(a: string, b: string): LikenessReason | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(a) || !/^\d{4}-\d{2}-\d{2}$/.test(b)) return null;
  if (a === b) return "birthday";
  const [year, month, day] = a.split("-");
  if (b === `${year}-${day}-${month}`) return "birthday_swapped";
  return editDistance(a.replaceAll("-", ""), b.replaceAll("-", ""), 1) <= 1 ? "birthday_near" : null;
}

/** Letters only, lower case, accents gone: "O'Brien-Shaw" is "obrienshaw". */
export function plainName(name: string): string {
  return name
    .normalize("NFD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/æ/g, "ae")
    .replace(/[^\p{Letter}]/gu, "");
}
const compact = (value: string | null | undefined) => (value ?? "").toLowerCase().replace(/\s/g, "");
const dialledDigits = (value: string | null | undefined) => (value ?? "").replace(/\D/g, "").replace(/^44/, "0");

/** Whether two plain names sound alike or differ by a slip of the finger. */
export function alike(a: string, b: string): boolean {
  if (a === b) return true;
  if (a === "" || b === "") return false;
  const slips = Math.min(a.length, b.length) >= 7 ? 2 : Math.min(a.length, b.length) >= 4 ? 1 : 0;
  if (slips > 0 && editDistance(a, b, slips) <= slips) return true;
  const sound = soundOf(a);
  return sound.length >= 2 && sound === soundOf(b);
}

/** Of given names a short form or a first initial counts too. */
function alikeGiven(a: string, b: string): boolean {
  if (alike(a, b)) return true;
  if (a.length === 1 || b.length === 1) return a[0] === b[0];
  return fullNames(a).some((name) => fullNames(b).includes(name));
}

/** A plain given name and those that it is short for: "meg" is also "margaret". */
export function fullNames(name: string): readonly string[] {
  return shortForms.get(name) ?? [name];
}

/**
 * Insertions, deletions, changes and swaps of neighbours that lead from one text to the other (restricted
 * Damerau–Levenshtein); `limit + 1` as soon as there are more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let twoAgo: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (twoAgo[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    twoAgo = before;
    before = row;
  }
  return Math.min(before[b.length] ?? limit + 1, limit + 1);
}

/** Spellings that sound the same in British names: Clark and Clarke, Philips and Phillipps, Stephen and Steven. */
const sounds: readonly (readonly [pattern: RegExp, sound: string])[] = [
  [/ph/g, "f"],
  [/(?<=[aeiou])v(?=e)/g, "f"],
  [/ck|q|c(?=[aoulrk]|$)/g, "k"],
  [/c(?=[eiy])/g, "s"],
  [/x/g, "ks"],
  [/z/g, "s"],
  [/w?rh?(?=[aeiouy])/g, "r"],
  [/kn/g, "n"],
  [/g?h(?=[^aeiouy]|$)/g, ""],
  [/j(?=[eiy])/g, "g"],
  [/[aeiouyw]+$/g, ""],
  [/[aeiouyw]+/g, "a"],
  [/(.)\1+/g, "$1"],
];
function soundOf(name: string): string {
  return sounds.reduce((text, [pattern, sound]) => text.replace(pattern, sound), name);
}

/** Short forms that patients of British practices give as their name, with the names they are short for. */
const shortForms = new Map<string, readonly string[]>(
  Object.entries({
    alf: "alfred",
    andy: "andrew",
    ann: "anne",
    annie: "anne",
    bella: "isabella",
    ben: "benjamin",
    bert: "albert herbert",
    beth: "elizabeth",
    betty: "elizabeth",
    bill: "william",
    bob: "robert",
    cathy: "catherine",
    charlie: "charles charlotte",
    chris: "christopher christine",
    dan: "daniel",
    dave: "david",
    dick: "richard",
    ed: "edward edwin",
    eddie: "edward edwin",
    ellie: "eleanor ellen",
    fred: "frederick",
    geoff: "geoffrey",
    harry: "harold henry",
    jack: "john",
    jackie: "jacqueline",
    jenny: "jennifer",
    jim: "james",
    jo: "joanne joanna josephine",
    joe: "joseph",
    kate: "catherine katherine",
    kath: "kathleen katherine",
    ken: "kenneth",
    liz: "elizabeth",
    maggie: "margaret",
    matt: "matthew",
    meg: "margaret",
    mick: "michael",
    mike: "michael",
    mo: "mohammed mohamed muhammad maureen",
    nick: "nicholas",
    pat: "patricia patrick",
    peggy: "margaret",
    pete: "peter",
    phil: "philip",
    ray: "raymond",
    ron: "ronald",
    rob: "robert",
    sam: "samuel samantha",
    sandy: "alexander alexandra",
    sue: "susan",
    ted: "edward",
    tim: "timothy",
    tom: "thomas",
    tony: "anthony",
    vicky: "victoria",
    will: "william",
  }).map(([short, full]) => [short, [short, ...full.split(" ")]]),
);
