import { expect, test } from "vitest";
import { differences } from "./whose.ts";

const margaret = {
  givenName: "Margaret Ann",
  familyName: "O’Neill-Ellison",
  dateOfBirth: "1958-12-03",
  number: "L-1042",
};
const named = (name: string | null, dateOfBirth: string | null = null, number: string | null = null) => ({
  ...{ name, dateOfBirth, number },
});

test.each([
  ["as instruments write it", named("ONEILL ELLISON^MARGARET", "1958-12-03", "77")],
  ["as people write it", named("O'Neill-Ellison, Margaret A.")],
  ["with accents", named("Ó'Neill-Éllison^Márgaret")],
  ["without a name", named(null, "1958-12-03")],
  ["with nothing at all", named(null)],
  ["with her number alone", named(null, null, "L-1042")],
])("a file is hers: %s", (_, file) => {
  expect(differences(file, margaret)).toEqual([]);
});

test.each([
  ["another family", named("ELLIS^MARGARET"), ["name"]],
  ["another given name", named("ONEILL ELLISON^GRAHAM", "1958-12-03"), ["name"]],
  ["another date of birth", named("ONEILL ELLISON^MARGARET", "1985-12-03"), ["dateOfBirth"]],
  ["both", named("OSEI^KWAME", "1990-01-01", "L-1042"), ["name", "dateOfBirth"]],
  ["a number and nothing else", named(null, null, "L-9"), ["number"]],
])("a file is somebody else's: %s", (_, file, expected) => {
  expect(differences(file, margaret)).toEqual(expected);
});

test("of a patient whose date of birth is not known only the name is compared", () => {
  expect(differences(named("ONEILL ELLISON^MARGARET", "1990-01-01"), { ...margaret, dateOfBirth: null })).toEqual([]);
});
