import { expect, test } from "vitest";
import { migrateReplica, openMemoryReplica } from "../../../replica/open.ts";
import { createReplica } from "../../../replica/replica.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import { productRules } from "../../../src-shared/sync/rules.ts";
import { createReader } from "../read/database.ts";
import { type Candidate, peopleNear, possibleDuplicates } from "./duplicates.ts";

const entity = entityOf("patient");
const idOf = (n: number) => n.toString(16).padStart(32, "0");
const nobody = {
  given_name: "Ada",
  family_name: "Noone",
  date_of_birth: "1901-01-01",
  phone: null,
  email: null,
  address: null,
  postcode: null,
};

function practiceOf(people: readonly Partial<Candidate>[]) {
  const db = openMemoryReplica();
  migrateReplica(db, "memory");
  db.pragma("foreign_keys=OFF");
  const { store } = createReplica(db, productRules);
  people.forEach((person, n) => {
    const nothing = Object.fromEntries(entity.columns.map((name) => [name, null]));
    const row = {
      ...nothing,
      ...nobody,
      ...person,
      id: idOf(n),
      hlc: idOf(1),
      deleted: false,
      clocks: null,
      number: `P${n}`,
      contact_by_text: true,
      contact_by_email: true,
      branch_id: idOf(7),
    };
    store.insert(row, entity);
  });
  return createReader(db);
}

const read = practiceOf([
  {
    given_name: "Margaret",
    family_name: "Ellison",
    date_of_birth: "1958-03-12",
    phone: "07700 900418",
    email: "m.ellison@example.org",
    address: "14 Wharf Lane, Leeds",
    postcode: "LS6 2AB",
  },
  {
    given_name: "Graham",
    family_name: "Ellison",
    date_of_birth: "1956-07-01",
    phone: "07700 900418",
    address: "14, Wharf Lane",
    postcode: "ls62ab",
  },
  {
    given_name: "Maggie",
    family_name: "Elison",
    date_of_birth: "1958-12-03",
    address: "Flat 2, 9 Mill Road",
    postcode: "LS6 2AB",
  },
  { given_name: "Mary Jane", family_name: "O'Brien-Shaw", date_of_birth: "1990-01-31" },
  { given_name: "Margaret", family_name: "Ellison", date_of_birth: "1931-05-30" },
]);
const like = (person: Partial<Candidate>) =>
  possibleDuplicates(read, { ...nobody, ...person }).map(({ number, reasons }) => [number, reasons.join(" ")]);

test.each<[string, Partial<Candidate>, string[][]]>([
  [
    "by birthday and name",
    { given_name: "margaret", family_name: "ELLISON", date_of_birth: "1958-03-12" },
    [
      ["P0", "name birthday"],
      ["P2", "name_alike birthday_swapped"],
    ],
  ],
  [
    "by a short name that is misspelled",
    { given_name: "Magaret", family_name: "Elisson", date_of_birth: "1958-03-12" },
    [["P0", "name_alike birthday"]],
  ],
  [
    "by phone alone, in its other spelling",
    { given_name: "X", family_name: "Y", phone: "+44 7700 900 418" },
    [
      ["P0", "phone"],
      ["P1", "phone"],
    ],
  ],
  ["by e-mail", { given_name: "X", family_name: "Y", email: "M.Ellison@example.org" }, [["P0", "email"]]],
  [
    "whatever the hyphens and apostrophes",
    { given_name: "Mary-Jane", family_name: "Obrien Shaw", date_of_birth: "1990-01-31" },
    [["P3", "name birthday"]],
  ],
  ["not by a birthday alone", { given_name: "Joan", family_name: "Smith", date_of_birth: "1958-03-12" }, []],
  ["not by half a name", { given_name: "", family_name: "Ellison", date_of_birth: "" }, []],
])("found %s", (_, person, found) => {
  expect(like(person)).toEqual(found);
});

test("on a patient's own screen a likely double is proposed, and who shares house or phone is family", () => {
  const [margaret] = read.sql<Candidate>("select * from patient where number = 'P0'");
  const near = peopleNear(read, margaret as Candidate, { own: [idOf(0)], related: [] });
  expect(near.same.map(({ number }) => number)).toEqual(["P2"]);
  expect(near.household.map(({ number }) => number)).toEqual(["P1"]);
  const related = peopleNear(read, margaret as Candidate, { own: [idOf(0)], related: [idOf(1)] });
  expect(related.household).toEqual([]);
});

test("who is not on the index's first pages of a common name is found by the birthday", () => {
  const smiths = Array.from({ length: 900 }, (_, n) => ({
    given_name: "John",
    family_name: "Smith",
    date_of_birth: `19${10 + (n % 80)}-05-${String(1 + (n % 27)).padStart(2, "0")}`,
  }));
  const many = practiceOf([...smiths, { given_name: "Jon", family_name: "Smyth", date_of_birth: "1971-02-03" }]);
  const found = possibleDuplicates(many, {
    given_name: "John",
    family_name: "Smith",
    date_of_birth: "1971-02-03",
  });
  expect(found[0]).toMatchObject({ given_name: "Jon", reasons: ["name_alike", "birthday"] });
});
