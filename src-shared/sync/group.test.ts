import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupCrypto, makeSigningKeys, signer } from "../../replica/crypto.ts";
import {
  type Body,
  bodySchema,
  type Header,
  isBody,
  MalformedGroup,
  openGroup,
  sealGroup,
  type WireGroup,
  wireGroupSchema,
  zeroHash,
} from "./group.ts";

const keys = makeSigningKeys();
const author = { ...groupCrypto, ...signer(keys.privateKey) };
const id = (n: number) => n.toString(16).padStart(32, "0");
const header: Omit<Header, "bodies" | "v"> = {
  practice: id(1),
  group: id(2),
  device: id(3),
  epoch: 1,
  seq: 7,
  prev: zeroHash,
  user: id(4),
  role: null,
  authz: 3,
  schema: 10,
  app: "test",
  command: "patients.update",
  after: [],
  hlc: id(9),
};
const salt = (n: number) => Buffer.alloc(16, n).toString("base64url");
const body = (n: number, fields: Record<string, unknown>): Body => ({
  id: id(100 + n),
  branch: null,
  stream: "people",
  entity: "patient",
  row: id(200 + n),
  op: "patch",
  fields,
  base: {},
});
const bodies = fc
  .array(
    fc.dictionary(
      // As columns are named; a text that begins otherwise ("__proto__") is no field.
      fc.stringMatching(/^[a-z][a-z_]{0,11}$/),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      { noNullPrototype: true },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => list.map((fields, n) => body(n, fields)));

const seal = (list: readonly Body[]) =>
  sealGroup(
    author,
    header,
    list,
    list.map((_, n) => salt(n)),
  );
const open = (wire: WireGroup) => openGroup(groupCrypto, wire, keys.publicKey);
function codeOf(work: () => unknown): string {
  try {
    work();
    return "taken";
  } catch (error) {
    if (!(error instanceof MalformedGroup)) throw error;
    return error.code;
  }
}
/** The text with one character exchanged for another. */
function altered(text: string, at: number): string {
  const index = at % text.length;
  return text.slice(0, index) + (text[index] === "A" ? "B" : "A") + text.slice(index + 1);
}

describe("a sealed group", () => {
  test("opens to what was put in, also after a journey as JSON", () => {
    fc.assert(
      fc.property(bodies, (list) => {
        const { wire, headerHash } = seal(list);
        const arrived = wireGroupSchema.parse(JSON.parse(JSON.stringify(wire)));
        const opened = open(arrived);
        expect(opened.bodies).toEqual(JSON.parse(JSON.stringify(list)));
        expect(opened.header).toMatchObject(header);
        expect(opened.headerHash).toBe(headerHash);
      }),
    );
  });
  test("keeps the fields of a newer version", () => {
    const { wire } = sealGroup(
      author,
      { ...header, later: "new" } as never,
      [{ ...body(0, { phone: "1" }), extra: true } as never],
      [salt(0)],
    );
    expect(open(wire).header).toMatchObject({ later: "new" });
    expect(open(wire).bodies[0]).toMatchObject({ extra: true });
  });
  test("opens without bodies that were withheld or erased", () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (list, kept) => {
        const { wire } = seal(list);
        const some = { ...wire, bodies: wire.bodies.filter((_, n) => kept[n]) };
        expect(open(some).bodies).toHaveLength(some.bodies.length);
      }),
    );
  });
});

describe("a group is refused", () => {
  test("when a character of a body, a salt, the header or the signature was altered", () => {
    fc.assert(
      fc.property(bodies, fc.nat(), fc.constantFrom("body", "salt", "header", "sig"), (list, at, where) => {
        const { wire } = seal(list);
        const first = wire.bodies[0] as WireGroup["bodies"][number];
        const changed: WireGroup =
          where === "body"
            ? { ...wire, bodies: [{ ...first, body: altered(first.body, at) }, ...wire.bodies.slice(1)] }
            : where === "salt"
              ? { ...wire, bodies: [{ ...first, salt: altered(first.salt, at % 20) }, ...wire.bodies.slice(1)] }
              : where === "header"
                ? { ...wire, header: altered(wire.header, at) }
                : { ...wire, sig: altered(wire.sig, at % 80) };
        expect(["FORGED", "MALFORMED"]).toContain(codeOf(() => open(changed)));
      }),
      { numRuns: 300 },
    );
  });
  test("when another key signed it", () => {
    const other = makeSigningKeys();
    const { wire } = sealGroup({ ...groupCrypto, ...signer(other.privateKey) }, header, [body(0, {})], [salt(0)]);
    expect(codeOf(() => open(wire))).toBe("FORGED");
  });
  test("when its bodies changed places, stand twice, or one was added", () => {
    const { wire } = seal([body(0, { phone: "1" }), body(1, { phone: "2" })]);
    const [a, b] = wire.bodies as [WireGroup["bodies"][number], WireGroup["bodies"][number]];
    expect(
      codeOf(() =>
        open({
          ...wire,
          bodies: [
            { ...a, i: 1 },
            { ...b, i: 0 },
          ],
        }),
      ),
    ).toBe("FORGED");
    expect(codeOf(() => open({ ...wire, bodies: [a, a] }))).toBe("MALFORMED");
    expect(codeOf(() => open({ ...wire, bodies: [a, b, { ...a, i: 2 }] }))).toBe("FORGED");
  });
  test("when header or body are not JSON of their form", () => {
    const sealed = (text: string): WireGroup => ({
      header: text,
      sig: author.sign(`horopter-group-1\0${text}`),
      bodies: [],
      erased: [],
    });
    expect(codeOf(() => open(sealed("{")))).toBe("MALFORMED");
    expect(codeOf(() => open(sealed(JSON.stringify({ ...header, v: 2, bodies: [] }))))).toBe("MALFORMED");
    expect(codeOf(() => open(sealed(JSON.stringify({ ...header, v: 1, bodies: [], practice: "1" }))))).toBe(
      "MALFORMED",
    );
    const { wire } = sealGroup(author, header, [{ ...body(0, {}), op: "erase" } as never], [salt(0)]);
    expect(codeOf(() => open(wire))).toBe("MALFORMED");
  });
  test("on the wire, when it is larger than a group may be", () => {
    const { wire } = seal([body(0, {})]);
    expect(wireGroupSchema.safeParse({ ...wire, header: "x".repeat(4 * 1024 * 1024 + 1) }).success).toBe(false);
    expect(
      wireGroupSchema.safeParse({ ...wire, bodies: Array.from({ length: 2001 }, () => wire.bodies[0]) }).success,
    ).toBe(false);
    expect(wireGroupSchema.safeParse({ ...wire, sig: "short" }).success).toBe(false);
  });
});

test("two bodies of equal content do not have equal hashes: each has its own salt", () => {
  const { wire } = seal([body(0, { phone: "1" }), body(0, { phone: "1" })]);
  const { bodies: hashes } = JSON.parse(wire.header) as Header;
  expect(new Set(hashes).size).toBe(2);
});

describe("the quick check of a body", () => {
  const whole = { ...body(0, { phone: "1" }), by: "release-job", base: { phone: "0".repeat(32) } };
  const odd = fc.oneof(
    fc.anything(),
    fc.constantFrom("insert", "erase", "money", "f".repeat(32), "F".repeat(32), "x".repeat(61), "x".repeat(81), {}, []),
    fc.dictionary(fc.constantFrom("phone", "__proto__", "constructor"), fc.constantFrom("0".repeat(32), "0", null)),
    fc.constant(JSON.parse('{"__proto__":{"deleted":true}}')),
  );
  test("accepts what is well formed", () => {
    expect(isBody(whole)).toBe(true);
    expect(isBody(body(0, {}))).toBe(true);
    expect(isBody({ ...whole, invented_later: 1 })).toBe(true);
  });
  test("accepts nothing that the schema refuses", () => {
    const keys = Object.keys(whole) as (keyof typeof whole)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), odd, fc.boolean(), (key, value, without) => {
        const { [key]: _, ...rest } = whole;
        const changed = without ? rest : { ...rest, [key]: value };
        if (isBody(changed)) expect(bodySchema.safeParse(changed).success).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
