/** The demo practice's branches, people and the tills that its earlier sales were made at. */
import type { RoleCode } from "../../src-shared/access/permission.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type BranchCode, branchCodes, type World, zone } from "./world.ts";

/** Every person of the demo signs in with it. The demo holds invented people only, so this is no secret. */
export const demoPassword = "demo-horopter-2026";
export const practiceName = "Aldous & Wren";
/** Seeded documents are numbered by terminals that no real device is given. */
export const seededTill = "T9";
export const seededDesk = "D9";

interface DemoPerson {
  readonly name: string;
  readonly title: string;
  readonly role: RoleCode;
  readonly home: BranchCode;
  readonly registration: string | null;
}
export const demoPeople = {
  "hannah.boyle": {
    name: "Hannah Boyle",
    title: "Dispensing optician",
    role: "DO",
    home: "LDS",
    registration: "D-90417",
  },
  "priya.raman": { name: "Priya Raman", title: "Optometrist", role: "CL", home: "LDS", registration: "01-90233" },
  "tomasz.nowak": { name: "Tomasz Nowak", title: "Lab technician", role: "LT", home: "YRK", registration: null },
  "eleanor.aldous": { name: "Eleanor Aldous", title: "Owner", role: "OW", home: "LDS", registration: "D-90112" },
  "ruth.calloway": { name: "Ruth Calloway", title: "Receptionist", role: "RC", home: "LDS", registration: null },
  "alan.birch": { name: "Alan Birch", title: "Optometrist", role: "CL", home: "YRK", registration: "01-90358" },
  "jodie.marsh": { name: "Jodie Marsh", title: "Trainee dispenser", role: "TD", home: "LDS", registration: null },
  "marcus.wren": { name: "Marcus Wren", title: "Practice manager", role: "PM", home: "HRG", registration: null },
} as const satisfies Record<string, DemoPerson>;
export type PersonKey = keyof typeof demoPeople;
export const personKeys = Object.keys(demoPeople) as PersonKey[];

export function emailOf(person: PersonKey): string {
  return `${person}@aldous-wren.example.org`;
}

const demoBranches = {
  LDS: { name: "Leeds Park Row", address: "14 Park Row\nLeeds", phone: "0113 496 0101", postcode: "LS1" },
  HRG: {
    name: "Harrogate Cambridge Street",
    address: "7 Cambridge Street\nHarrogate",
    phone: "0113 496 0102",
    postcode: "HG1",
  },
  YRK: { name: "York Coney Street", address: "22 Coney Street\nYork", phone: "0113 496 0103", postcode: "YO1" },
} as const;
/** Days before the start on which the practice's own rows were made. */
export const foundedDaysAgo = 1100;

export interface Staff {
  readonly branches: Readonly<Record<BranchCode, Id>>;
  readonly people: Readonly<Record<PersonKey, Id>>;
  readonly tills: Readonly<Record<BranchCode, Id>>;
}

export function addStaff(world: World): Staff {
  const at = world.at(foundedDaysAgo, 540);
  const branches = {} as Record<BranchCode, Id>;
  const tills = {} as Record<BranchCode, Id>;
  for (const code of branchCodes) {
    const { name, address, phone, postcode } = demoBranches[code];
    branches[code] = world.add("branch", at, {
      name,
      code,
      time_zone: zone,
      address: `${address} ${postcode}`,
      phone,
      opening: openingOf(code),
      is_lab: code === "YRK",
    }).id;
  }
  for (const code of branchCodes) {
    tills[code] = world.add("device", at, {
      branch_id: branches[code],
      name: `${demoBranches[code].name}, earlier till`,
      profile: "till",
      // It has no key: it stands for where the seeded sales were made and can never connect.
      status: "revoked",
    }).id;
  }
  const people = {} as Record<PersonKey, Id>;
  for (const key of personKeys) {
    const person: DemoPerson = demoPeople[key];
    const role = world.derive({ subject: world.practice, reaction: `role:${person.role}`, index: 0 });
    const { id } = world.add("app_user", at, {
      display_name: person.name,
      email: emailOf(key),
      job_title: person.title,
      registration_number: person.registration,
      active: true,
      primary_role_id: role,
      home_branch_id: branches[person.home],
    });
    people[key] = id;
    world.put("user_role", world.derive({ subject: id, reaction: `role:${role}`, index: 0 }), {
      user_id: id,
      role_id: role,
      branch_id: null,
    });
  }
  return { branches, people, tills };
}

/** All open on Saturdays, the lab's branch a little longer on weekdays, Leeds for some hours on Sundays. */
export function openingOf(code: BranchCode) {
  const day: [string, string][] = [code === "YRK" ? ["08:30", "17:30"] : ["09:00", "17:30"]];
  return {
    "1": day,
    "2": day,
    "3": day,
    "4": day,
    "5": day,
    "6": [["09:00", "17:00"] as [string, string]],
    "7": code === "LDS" ? [["10:30", "16:30"] as [string, string]] : [],
  };
}
