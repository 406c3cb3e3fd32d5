import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { migrateReplica, openMemoryReplica } from "../../../replica/open.ts";
import { createReplica } from "../../../replica/replica.ts";
import { makeSearch } from "../../../replica/search-index.ts";
import type { StoredRow } from "../../../src-shared/sync/entity.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import { productRules } from "../../../src-shared/sync/rules.ts";
import { createReader } from "../read/database.ts";
import { searchPatients } from "./queries.ts";
import { findByNumberEnd } from "./search.ts";

const entity = entityOf("patient");
const idOf = (n: number) => n.toString(16).padStart(32, "0");

interface Person {
  /** The position of the record that this one was merged into. */
  readonly into?: number;
  readonly given?: string;
  readonly family?: string;
  readonly born?: string;
  readonly phone?: string | null;
  readonly postcode?: string | null;
  readonly number?: string;
}
const pad = (counter: number) => String(counter).padStart(6, "0");
function rowOf(
  n: number,
  { given = "Ada", family = "Noone", born = "1901-01-01", phone, postcode, into, number }: Person,
): StoredRow {
  const nothing = Object.fromEntries(entity.columns.map((name) => [name, null]));
  return {
    ...nothing,
    id: idOf(n),
    hlc: idOf(1),
    deleted: false,
    clocks: null,
    number: number ?? `LDS-T1-P${pad(n)}`,
    given_name: given,
    family_name: family,
    date_of_birth: born,
    phone: phone ?? null,
    postcode: postcode ?? null,
    contact_by_text: false,
    contact_by_email: false,
    branch_id: idOf(7),
    merged_into_id: into === undefined ? null : idOf(into),
  };
}
function practiceOf(people: readonly Person[]) {
  const db = openMemoryReplica();
  migrateReplica(db, "memory");
  db.pragma("foreign_keys=OFF");
  const { store } = createReplica(db, productRules);
  people.forEach((person, n) => {
    store.insert(rowOf(n, person), entity);
  });
  const read = createReader(db);
  const found = (text: string, limit?: number) =>
    searchPatients(read, text, limit).map(({ given_name, family_name }) => `${given_name} ${family_name}`);
  return { db, store, read, found };
}

describe("patients are found by what people type", () => {
  const { found } = practiceOf([
    { given: "Margaret", family: "Ellison", born: "1958-03-12", phone: "07700 900418", postcode: "LS6 2AB" },
    { given: "Sophie", family: "Ellison", born: "2011-11-02", phone: "+44 7700 900 733", postcode: "LS6 2AB" },
    { given: "Mary Jane", family: "O'Brien-Shaw", born: "1990-01-31", postcode: "YO1 7HH" },
    { given: "Zoë", family: "Núñez", born: "1975-12-03" },
    { given: "Ali", family: "Ali", born: "1984-06-20" },
  ]);
  const margaret = "Margaret Ellison";
  test.each([
    ["ell", [margaret, "Sophie Ellison"]],
    ["ell mar", [margaret]],
    ["MARG  ellison", [margaret]],
    ["sop, ell", ["Sophie Ellison"]],
    ["mary jane o'br", ["Mary Jane O'Brien-Shaw"]],
    ["jane obrienshaw mary", ["Mary Jane O'Brien-Shaw"]],
    ["zoe nunez", ["Zoë Núñez"]],
    ["ali ali", ["Ali Ali"]],
    ["12/3/58", [margaret]],
    ["12.03.1958", [margaret]],
    ["12/3/1", [margaret]],
    ["12/03", [margaret]],
    ["120358", [margaret]],
    ["1958-03-12", [margaret]],
    ["1958", [margaret]],
    ["ellison 1958", [margaret]],
    ["2/11/2011 sophie", ["Sophie Ellison"]],
    ["0418", [margaret]],
    ["00418", [margaret]],
    ["900418", [margaret]],
    ["07700 900 733", ["Sophie Ellison"]],
    ["+44 7700 900733", ["Sophie Ellison"]],
    ["ellison 0733", ["Sophie Ellison"]],
    ["LS6", [margaret, "Sophie Ellison"]],
    ["ls mar", [margaret]],
    ["0418 12/3/58", [margaret]],
    ["LS62AB 1958", [margaret]],
    ["ls6 2ab", [margaret, "Sophie Ellison"]],
    ["LS6 2 sophie", ["Sophie Ellison"]],
    ["12 Mar 1958", [margaret]],
    ["12th march 58", [margaret]],
    ["2 nov sophie", ["Sophie Ellison"]],
    ["LDS-T1-P000002", ["Mary Jane O'Brien-Shaw"]],
    ["ellison zoe", []],
    ["0418 1975", []],
    ["lis", []],
    ["!", []],
    ["", []],
  ])("%s", (text, people) => {
    expect(found(text)).toEqual(people);
  });
});

describe("somebody whose name was heard or typed wrong is found all the same", () => {
  const { read, found } = practiceOf([
    { given: "Margaret", family: "Ellison", born: "1958-03-12", phone: "07700 900418" },
    { given: "Derek", family: "Sutcliffe", born: "1955-06-22" },
    { given: "Jakub", family: "Kowalski" },
    { given: "William", family: "Ellis" },
  ]);
  test.each([
    ["elison margret", "Margaret Ellison"],
    ["ellisson", "Margaret Ellison"],
    ["meg elison", "Margaret Ellison"],
    ["bill ellis", "William Ellis"],
    ["suttclif", "Derek Sutcliffe"],
    ["cowalski", "Jakub Kowalski"],
    ["elisonn 1958", "Margaret Ellison"],
    ["sutclife 22/6/55", "Derek Sutcliffe"],
  ])("%s", (text, name) => {
    expect(found(text)).toContain(name);
    expect(searchPatients(read, text).every(({ alike }) => alike)).toBe(true);
  });
  test.each(["abercrombie", "mary", "ab", "sutcliffe jane", "ellison 1975"])("%s is nobody", (text) => {
    expect(found(text)).toEqual([]);
  });
  test("where the name is known, nothing that is like it is shown", () => {
    expect(found("ellis")).toEqual(["William Ellis", "Margaret Ellison"]);
    expect(found("ellison")).toEqual(["Margaret Ellison"]);
    expect(searchPatients(read, "ellison")[0]?.alike).toBe(false);
  });
});

test("one John is found among a thousand Smiths, and the first Smiths by their names", () => {
  const people = Array.from({ length: 1500 }, (_, n) => ({ given: `Peter${n % 9}`, family: "Smith" }));
  const { found } = practiceOf([...people, { given: "John", family: "Smith" }, { given: "Ann", family: "Smith" }]);
  expect(found("john smith")).toEqual(["John Smith"]);
  expect(found("smi jo")).toEqual(["John Smith"]);
  expect(found("smith", 2)).toEqual(["Ann Smith", "John Smith"]);
});

const letters = fc.stringMatching(/^[A-D]?[abcéß']{1,4}$/);
const person = fc.record({
  given: fc.array(letters, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
  family: fc.array(letters, { minLength: 1, maxLength: 2 }).map((words) => words.join("-")),
  born: fc
    .date({ min: new Date("1930-01-01"), max: new Date("2020-01-01"), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10)),
  phone: fc.option(fc.stringMatching(/^07700 900[0-9]{3}$/)),
  postcode: fc.option(fc.constantFrom("LS6 2AB", "YO1 7HH")),
});

test("whoever is there is found by beginnings of any of their words in any order, and by a birthday or a phone's tail", () => {
  fc.assert(
    fc.property(
      fc.array(person, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.infiniteStream(fc.nat()),
      (people, which, lengths) => {
        const { read, db } = practiceOf(people);
        const n = which % people.length;
        const { given, family, born, phone } = people[n] as Required<Person>;
        const next = () => lengths.next().value as number;
        const words = [...given.split(" "), family].filter((word) => /[^'-]/.test(word));
        const typed = words
          .map((word) => word.slice(0, 1 + (next() % word.length)))
          .filter((word) => /[^'-]/.test(word))
          .sort(() => (next() % 2 === 0 ? 1 : -1));
        const [year, month, day] = born.split("-");
        const texts = [typed.join(" "), typed.at(-1) ?? "", `${day}/${month}/${year} ${typed[0] ?? ""}`];
        if (phone) texts.push(`${phone.slice(-4 - (next() % 3))} ${typed[0] ?? ""}`);
        for (const text of texts.filter((each) => each.trim() !== "")) {
          expect(
            searchPatients(read, text, 100).map(({ id }) => id),
            text,
          ).toContain(idOf(n));
        }
        db.close();
      },
    ),
  );
});

describe("the end of a patient's number", () => {
  const series = (n: number) => (n % 3 === 0 ? "YRK-T2-P" : "LDS-T1-P");
  const people = Array.from({ length: 30 }, (_, n) => ({ given: `Ada${n}`, number: `${series(n)}${pad(n * 411)}` }));
  const { read } = practiceOf([
    ...people,
    { given: "Zora", number: "LDS-T12-P000417", phone: "07700 900822" },
    { given: "Yann", number: "LDS-T12-P010417" },
  ]);
  const numbers = (text: string) => searchPatients(read, text).map(({ number }) => number);
  test.each([
    ["0417", ["LDS-T12-P010417", "LDS-T12-P000417"]],
    ["000417", ["LDS-T12-P000417"]],
    ["P417", ["LDS-T12-P000417"]],
    ["p000417", ["LDS-T12-P000417"]],
    ["T12-P417", ["LDS-T12-P000417"]],
    ["LDS-T12-P417", ["LDS-T12-P000417"]],
    ["T1-P417", []],
    ["P99999999", []],
    ["99999999999999999999", []],
  ])("%s", (text, found) => {
    expect(numbers(text)).toEqual(found);
  });
  test("stands behind whom a phone number finds, and is not crowded out by them", () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ given: `Bea${n}`, phone: `07700 9${pad(n).slice(-1)}0822` }));
    const { read: crowded } = practiceOf([...many, { given: "Zora", number: "YRK-T2-P000822" }]);
    const found = searchPatients(crowded, "0822").map(({ given_name }) => given_name);
    expect(found).toHaveLength(12);
    expect([found[0]?.startsWith("Bea"), found.at(-1)]).toEqual([true, "Zora"]);
  });
  test("finds everybody who bears it, whatever series there are", () => {
    const bearer = fc.record({
      series: fc.constantFrom("LDS-T1-P", "LDS-T11-P", "YRK-T2-P"),
      counter: fc.nat(999_999),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(bearer, { minLength: 1, maxLength: 12, selector: (each) => each.series + each.counter }),
        fc.nat(),
        fc.integer({ min: 4, max: 6 }),
        (bearers, which, length) => {
          const all = bearers.map(({ series: of, counter }) => of + pad(counter));
          const { read: some, db } = practiceOf(all.map((number) => ({ number })));
          const end = (all[which % all.length] ?? "").slice(-length);
          const found = findByNumberEnd(some, end, 1000).map((id) => all[Number.parseInt(id, 16)]);
          expect(found.toSorted()).toEqual(all.filter((number) => number.endsWith(end)).toSorted());
          db.close();
        },
      ),
      // Each makes a replica of its own.
      { numRuns: 20 },
    );
  });
});

test("the index follows whatever happens to patients", () => {
  const step = fc.record({ n: fc.nat(4), person, fate: fc.constantFrom("here", "deleted", "merged", "erased") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { db, store } = practiceOf([]);
      for (const { n, person: changed, fate } of steps) {
        const before = store.get(entity, idOf(n));
        const after = {
          ...rowOf(n, changed),
          deleted: fate === "deleted",
          merged_into_id: fate === "merged" ? idOf(9) : null,
        };
        if (!before) store.insert(after, entity);
        else if (fate === "erased") store.erase(before, entity);
        else store.update(after, entity);
      }
      const entries = () => db.prepare("select token, patient_id from patient_token order by 1, 2").raw().all();
      const kept = entries();
      makeSearch(db);
      expect(kept).toEqual(entries());
      db.close();
    }),
  );
});

test("what stands in a record that was merged leads to the one that is kept, which is shown once", () => {
  const { read } = practiceOf([
    { given: "Margaret", family: "Ellison", phone: "07700 900418" },
    { given: "Maggie", family: "Elison", phone: "07700 900999", into: 0 },
    { given: "Peggy", family: "Ellison", into: 1 },
  ]);
  const found = (text: string) => searchPatients(read, text).map(({ given_name, formerly }) => [given_name, formerly]);
  expect(found("elison mag")).toEqual([["Margaret", "Maggie Elison, LDS-T1-P000001"]]);
  expect(found("0999")).toEqual([["Margaret", "Maggie Elison, LDS-T1-P000001"]]);
  expect(found("LDS-T1-P000002")).toEqual([["Margaret", "Peggy Ellison, LDS-T1-P000002"]]);
  expect(found("ellison")).toEqual([["Margaret", null]]);
});

describe("parts of a name", () => {
  const people: Person[] = [
    { family: "ap Gruffydd-O'Neill", given: "Dafydd", born: "1980-03-12" },
    { family: "Évans-Björk", given: "Chloe" },
    { family: "王", given: "伟" },
    { family: "Smith", given: "Anne\u2010Marie" },
  ];
  const typed = [
    ["O'Neill", "Dafydd ap Gruffydd-O'Neill"],
    ["oneill daf", "Dafydd ap Gruffydd-O'Neill"],
    ["gruffydd oneill", "Dafydd ap Gruffydd-O'Neill"],
    ["12/3/1980 o'neill", "Dafydd ap Gruffydd-O'Neill"],
    ["bjork chloe", "Chloe Évans-Björk"],
    ["chloe björk evans", "Chloe Évans-Björk"],
    ["evans-bj", "Chloe Évans-Björk"],
    ["王伟", "伟 王"],
    ["伟", "伟 王"],
    ["marie smith", "Anne\u2010Marie Smith"],
    ["anne-marie", "Anne\u2010Marie Smith"],
  ] as const;
  const { db, found } = practiceOf(people);
  test.each(typed)("%s finds them", (text, name) => {
    expect(found(text)).toEqual([name]);
  });

  test("are found in a replica that an older version filled, once this one has opened it", () => {
    const { db: old, found: foundThen } = practiceOf(people);
    old.exec("delete from patient_token; pragma user_version=50");
    expect(foundThen("O'Neill")).toEqual([]);
    migrateReplica(old, "memory");
    for (const [text, name] of typed) expect(foundThen(text), text).toEqual([name]);
    const tokens = (of: typeof db) => of.prepare("select * from patient_token order by 1, 2").raw().all();
    expect(tokens(old)).toEqual(tokens(db));
  });
});
