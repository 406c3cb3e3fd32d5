import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alike, editDistance, type Likened, likeness, plainName, worthALook } from "./likeness.ts";

const margaret: Likened = {
  given_name: "Margaret",
  family_name: "Ellison",
  date_of_birth: "1958-03-12",
  phone: "07700 900418",
  postcode: "LS6 2AB",
};

describe("one person, registered twice", () => {
  test.each<[string, Partial<Likened>, string[]]>([
    ["the same", {}, ["name", "birthday", "phone", "postcode"]],
    ["a letter is missing", { family_name: "Elison", phone: null, postcode: null }, ["name_alike", "birthday"]],
    ["two letters swapped", { given_name: "Margraet", phone: null, postcode: null }, ["name_alike", "birthday"]],
    ["a short form", { given_name: "Maggie", phone: null, postcode: null }, ["name_alike", "birthday"]],
    ["an initial", { given_name: "M", phone: null, postcode: null }, ["name_alike", "birthday"]],
    [
      "given and family name in each other's place",
      { given_name: "ELLISON", family_name: "margaret", phone: null, postcode: null },
      ["name_swapped", "birthday"],
    ],
    [
      "day and month exchanged",
      { date_of_birth: "1958-12-03", phone: null, postcode: null },
      ["name", "birthday_swapped"],
    ],
    ["a digit mistyped", { date_of_birth: "1959-03-12", phone: null, postcode: null }, ["name", "birthday_near"]],
  ])("%s", (_, changes, reasons) => {
    const found = likeness(margaret, { ...margaret, ...changes });
    expect(found.reasons).toEqual(reasons);
    expect(found.likely).toBe(true);
  });
});

describe("people of one household are not one person", () => {
  test.each<[string, Partial<Likened>]>([
    ["a spouse", { given_name: "Graham", date_of_birth: "1956-07-01" }],
    ["a twin", { given_name: "Dorothy" }],
    ["a mother of the same name", { date_of_birth: "1931-05-30" }],
  ])("%s", (_, changes) => {
    expect(likeness(margaret, { ...margaret, ...changes }).likely).toBe(false);
  });

  test("who has the same phone is worth a look nevertheless, who lives there is not", () => {
    const graham = { ...margaret, given_name: "Graham", date_of_birth: "1956-07-01" };
    expect(worthALook(likeness(margaret, graham))).toBe(true);
    expect(worthALook(likeness(margaret, { ...graham, phone: null }))).toBe(false);
  });
});

test("the same number of the health service is one person whatever the name", () => {
  const numbered = { ...margaret, health_number: "943 476 5919" };
  const married = { ...numbered, family_name: "Whitfield", health_number: "9434765919", phone: null };
  expect(likeness(numbered, married).likely).toBe(true);
});

test.each([
  ["clark", "clarke", true],
  ["stephen", "steven", true],
  ["philips", "phillipps", true],
  ["smith", "smyth", true],
  ["wright", "right", true],
  ["catherine", "katherine", true],
  ["lee", "li", false],
  ["smith", "jones", false],
  ["ali", "aly", true],
])("%s and %s", (a, b, yes) => {
  expect(alike(a, b)).toBe(yes);
});

const letters = fc.stringMatching(/^[a-d]{0,7}$/);

test("the distance is one: symmetric, nothing only for equals, and never more than each step by itself", () => {
  fc.assert(
    fc.property(letters, letters, fc.nat(4), (a, b, limit) => {
      const distance = editDistance(a, b, limit);
      expect(distance).toBe(editDistance(b, a, limit));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBe(Math.min(editDistance(a, b, 20), limit + 1));
      expect(editDistance(a, `${b}x`, 20)).toBeLessThanOrEqual(editDistance(a, b, 20) + 1);
    }),
  );
});

test("any one slip in a name of four letters or more still finds its owner", () => {
  const name = fc.stringMatching(/^[a-z]{5,12}$/);
  fc.assert(
    fc.property(name, fc.nat(11), fc.constantFrom("drop", "double", "swap"), (typed, where, slip) => {
      const at = where % (typed.length - 1);
      const wrong =
        slip === "drop"
          ? typed.slice(0, at) + typed.slice(at + 1)
          : slip === "double"
            ? typed.slice(0, at + 1) + typed.slice(at)
            : typed.slice(0, at) + typed[at + 1] + typed[at] + typed.slice(at + 2);
      expect(alike(typed, wrong)).toBe(true);
    }),
  );
});

test("comparing is symmetric", () => {
  const person = fc.record({
    given_name: fc.constantFrom("Ann", "Anne", "Bob", "Robert", "Ellis", "A"),
    family_name: fc.constantFrom("Ellis", "Elis", "Ann", "Rob", "Clark", "Clarke"),
    date_of_birth: fc.constantFrom("1958-03-12", "1958-12-03", "1958-03-13", ""),
    phone: fc.constantFrom("07700 900418", "+44 7700 900418", null),
  });
  fc.assert(
    fc.property(person, person, (a, b) => {
      expect(likeness(a, b)).toEqual(likeness(b, a));
    }),
  );
});

test("accents, hyphens and apostrophes do not part names", () => {
  expect(plainName("O’Brien-Shaw")).toBe("obrienshaw");
  expect(plainName("Núñez")).toBe("nunez");
});
