import fc from "fast-check";
import { expect, test } from "vitest";
import { readRegistrant, registrantSchema, writeRegistrant } from "./registrant.ts";

test("who was there reads as it was written, a comma in a name too", () => {
  const name = fc.stringMatching(/^[A-Z][a-z, .'-]{0,40}[a-z]$/);
  const number = fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{1,12}$/);
  fc.assert(
    fc.property(name, number, (who, of) => {
      expect(readRegistrant(writeRegistrant({ name: who, number: of }))).toEqual({ name: who, number: of });
    }),
  );
});

test("other words of an event name nobody, and nobody is recorded without a number", () => {
  for (const text of [null, "", "left at the desk", "registrant: "]) expect(readRegistrant(text)).toBeNull();
  expect(registrantSchema.safeParse({ name: "Sam Dale", number: " " }).success).toBe(false);
});
