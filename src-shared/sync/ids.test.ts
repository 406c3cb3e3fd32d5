import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedId, fromHex, isDerived, newId, toHex } from "./ids.ts";

const sha1 = (bytes: Uint8Array): Uint8Array => createHash("sha1").update(bytes).digest();
const bytes = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });
const id = bytes(16).map(toHex);
const derivation = fc.record({ subject: id, reaction: fc.stringMatching(/^[a-z][a-z.:-]{0,40}$/), index: fc.nat(99) });

test("hex and bytes are two ways to write one thing", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (raw) => {
      expect(fromHex(toHex(raw))).toEqual(raw);
    }),
  );
});

test("a new id is a UUID of version 7 that carries its moment, and sorts by it", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 43), fc.integer({ min: 1, max: 10_000 }), bytes(10), bytes(10), (at, later, one, two) => {
      const first = newId(at, { bytes: () => one.slice() });
      const second = newId(at + later, { bytes: () => two.slice() });
      expect(first).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      expect(Number.parseInt(first.slice(0, 12), 16)).toBe(at);
      expect(first < second).toBe(true);
      expect(isDerived(first)).toBe(false);
    }),
  );
});

test("a derived id is a UUID of version 5, the same at every node", () => {
  fc.assert(
    fc.property(id, derivation, (practice, from) => {
      const made = derivedId(sha1, practice, from);
      expect(made).toMatch(/^[0-9a-f]{12}5[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      expect(derivedId(sha1, practice, { ...from })).toBe(made);
      expect(isDerived(made)).toBe(true);
    }),
  );
});

test("another practice, subject, reaction or index gives another id", () => {
  fc.assert(
    fc.property(id, id, derivation, derivation, (practice, other, a, b) => {
      const same = a.subject === b.subject && a.reaction === b.reaction && a.index === b.index;
      expect(derivedId(sha1, practice, a) === derivedId(sha1, practice, b)).toBe(same);
      expect(derivedId(sha1, practice, a) === derivedId(sha1, other, a)).toBe(practice === other);
    }),
  );
});

// Rows in the field carry these ids: the derivation can never change.
test("the derivation is the one of RFC 9562", () => {
  const dns = "6ba7b8109dad11d180b400c04fd430c8";
  const expected = createHash("sha1")
    .update(Buffer.concat([Buffer.from(dns, "hex"), Buffer.from(`${dns}|release-job|0`)]))
    .digest("hex");
  const made = derivedId(sha1, dns, { subject: dns, reaction: "release-job", index: 0 });
  expect(made.slice(0, 12)).toBe(expected.slice(0, 12));
  expect(made.slice(13, 16)).toBe(expected.slice(13, 16));
  expect(made.slice(17)).toBe(expected.slice(17, 32));
});
