/** About 240 invented patients. Telephone numbers are Ofcom's for drama, e-mail addresses lead nowhere. */
import { addDays, ageOn, type LocalDate } from "../../src-shared/calendar/index.ts";
import type { Rx } from "../../src-shared/optics/index.ts";
import { allergies, familyNames, femaleNames, maleNames, occupations, streets, towns } from "./names.ts";
import { foundedDaysAgo, type Staff, seededTill } from "./people.ts";
import { eye, inventRx } from "./rx.ts";
import { type BranchCode, type DemoRow, pad, type World } from "./world.ts";

export const patientCount = 240;

export interface Patient {
  readonly row: DemoRow<"patient">;
  readonly branch: BranchCode;
  readonly age: number;
  /** What the last exam finds. */
  readonly rx: Rx;
}
export type Known = "margaret" | "graham" | "sophie" | "derek";
export interface Patients {
  readonly all: readonly Patient[];
  readonly known: Readonly<Record<Known, Patient>>;
}

interface Household {
  readonly familyName: string;
  readonly branch: BranchCode;
  readonly address: string;
  readonly postcode: string;
  readonly landline: string | null;
}
interface Person {
  readonly given: string;
  readonly sex: "female" | "male";
  readonly born: LocalDate;
  readonly rx?: Rx;
  readonly fields?: Partial<DemoRow<"patient">>;
}

export function addPatients(world: World, staff: Staff): Patients {
  const { random } = world;
  const mobiles = random.shuffle(
    Array.from({ length: 1000 }, (_, n) => `07700 900${pad(n, 3)}`).filter((number) => number !== "07700 900418"),
  );
  const landlines = random.shuffle(Array.from({ length: 800 }, (_, n) => `0113 496 0${pad(n + 200, 3)}`));
  const emails = new Set<string>();
  const all: Patient[] = [];

  function household(familyName: string, branch: BranchCode): Household {
    const { town, districts } = towns[branch];
    return {
      familyName,
      branch,
      address: `${random.int(1, 148)} ${random.pick(streets)}\n${town}`,
      postcode: `${random.pick(districts)} ${random.int(1, 9)}${random.pick(letters)}${random.pick(letters)}`,
      landline: random.chance(0.35) ? (landlines.pop() ?? null) : null,
    };
  }
  function email(given: string, family: string): string {
    const name = `${given}.${family}`.toLowerCase().replaceAll(/[^a-z.]/g, "");
    let candidate = `${name}@example.org`;
    for (let n = 2; emails.has(candidate); n++) candidate = `${name}${n}@example.org`;
    emails.add(candidate);
    return candidate;
  }
  function add(home: Household, person: Person): Patient {
    const age = ageOn(person.born, world.today);
    const reached = age >= 16 && random.chance(0.75);
    const working = age >= 18 && age < 67 && random.chance(0.6);
    const registered = world.at(world.openDay(random.int(800, foundedDaysAgo - 10)), random.int(545, 1040));
    const row = world.add("patient", registered, {
      number: world.label(home.branch, seededTill, "P"),
      printed_number: null,
      title: age < 18 ? null : person.sex === "male" ? "Mr" : random.pick(["Mrs", "Ms", "Miss"]),
      given_name: person.given,
      family_name: home.familyName,
      date_of_birth: person.born,
      sex: person.sex,
      phone: age >= 13 || !home.landline ? (mobiles.pop() ?? null) : home.landline,
      phone_other: home.landline,
      email: reached ? email(person.given, home.familyName) : null,
      address: home.address,
      postcode: home.postcode,
      occupation: working ? random.pick(occupations) : age >= 67 && random.chance(0.5) ? "Retired" : null,
      drives: age < 17 ? false : random.chance(0.8) ? random.chance(0.7) : null,
      sight_impaired: age > 70 && random.chance(0.05) ? "SI" : null,
      allergies: random.chance(0.08) ? random.pick(allergies) : null,
      warning: null,
      notes: null,
      contact_by_text: random.chance(0.7),
      contact_by_email: reached && random.chance(0.6),
      doctor: null,
      health_number: null,
      needs: null,
      import_id: null,
      branch_id: staff.branches[home.branch],
      merged_into_id: null,
      ...person.fields,
    });
    const patient = { row, branch: home.branch, age, rx: person.rx ?? inventRx(random, age) };
    all.push(patient);
    return patient;
  }
  const bornAt = (age: number) => addDays(world.today, -Math.floor(age * 365.25) - random.int(2, 360));

  const ellisons = household("Ellison", "LDS");
  const known = {
    margaret: add(ellisons, {
      given: "Margaret",
      sex: "female",
      born: "1958-12-03",
      rx: { r: eye(-4250, -1250, 15, 2250), l: eye(-4750, -750, 165, 2250) },
      fields: {
        title: "Mrs",
        phone: "07700 900418",
        email: email("Margaret", "Ellison"),
        occupation: "Retired teacher",
        drives: true,
        allergies: "Nickel: skin reaction to metal frames",
        contact_by_text: true,
        contact_by_email: true,
      },
    }),
    graham: add(ellisons, { given: "Graham", sex: "male", born: "1956-03-18" }),
    sophie: add(ellisons, {
      given: "Sophie",
      sex: "female",
      born: addDays(world.today, -Math.floor(15 * 365.25) - 120),
      rx: { r: eye(-1750, -500, 175), l: eye(-2000, null, null) },
      fields: {
        occupation: "Pupil",
        needs: "Hearing aid, left: speak to her right side",
        notes: "Comes with her grandmother Margaret Ellison.",
      },
    }),
    derek: add(household("Sutcliffe", "LDS"), {
      given: "Derek",
      sex: "male",
      born: "1955-06-22",
      rx: { r: eye(1250, -750, 90, 2250), l: eye(1500, -500, 85, 2250) },
      fields: { title: "Mr", drives: true, notes: "Father and brother have glaucoma: NHS sight test every year." },
    }),
  };

  while (all.length < patientCount) {
    const roll = random.next();
    const home = household(random.pick(familyNames), roll < 0.5 ? "LDS" : roll < 0.75 ? "HRG" : "YRK");
    const parents = random.int(24, 86);
    const size = Math.min(patientCount - all.length, parents < 55 ? random.int(1, 4) : random.int(1, 2));
    for (let n = 0; n < size; n++) {
      const sex = random.chance(0.53) ? "female" : "male";
      const age =
        n < 2 ? Math.max(20, parents + random.int(-3, 3)) : random.int(5, Math.max(6, Math.min(17, parents - 20)));
      add(home, { given: random.pick(sex === "female" ? femaleNames : maleNames), sex, born: bornAt(age) });
    }
  }
  return { all, known };
}

/** The letters of the inward half of a postcode. */
const letters = [..."ABDEFGHJLNPQRSTUWXYZ"];
