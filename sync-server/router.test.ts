import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { schemaVersion } from "../migrations/index.ts";
import { groupCrypto, makeSigningKeys, sha1, signer, systemRandom } from "../replica/crypto.ts";
import { openCentreDatabase } from "../sim/clinic.ts";
import { connect, type Greeted, greet, signedHello } from "../sim/greeted.ts";
import { enrolTestDevice, openTestCentre, type SmallPractice, smallPractice } from "../sim/practice.ts";
import type { Identity } from "../src-main/engine/state.ts";
import { type Body, type Header, sealGroup, type WireGroup, zeroHash } from "../src-shared/sync/group.ts";
import { packHlc } from "../src-shared/sync/hlc.ts";
import { derivedId, newId } from "../src-shared/sync/ids.ts";
import { Refusal } from "../src-shared/sync/ports.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import type { Verdict } from "../src-shared/sync/wire.ts";
import type { Centre } from "./centre.ts";
import type { Database } from "./database/database.ts";
import { roleId } from "./identity/provision.ts";

const random = systemRandom();
const id = () => newId(Date.now(), random);

let db: Database;
let centre: Centre;
let practice: SmallPractice;
let other: SmallPractice;
let till: Identity;
let line: Greeted;

beforeAll(async () => {
  db = await openCentreDatabase();
  centre = await openTestCentre({ db });
  other = await smallPractice(centre);
}, 60_000);
beforeEach(async () => {
  practice = await smallPractice(centre);
  till = await enrolTestDevice(
    centre,
    practice.practice,
    { branch: practice.branches.leeds, profile: "till", name: "till" },
    random,
  );
  line = await greet(centre, till);
});
afterAll(() => db.close());

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "taken";
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    return cause instanceof Refusal ? cause.code : (error as { code: string }).code;
  }
}

/** Everything that the centre holds of both practices, but for what it remembers about its devices. */
async function everything(): Promise<string> {
  const tables = [
    ...allEntities.map(({ name }) => name),
    "change_log",
    "practice_head",
    "stock_level",
    "user_credential",
    "enrolment_code",
    "terminal_code",
  ];
  const parts: string[] = [];
  for (const table of tables) {
    const [row] = await db.query<{ rows: string }>(
      `select coalesce(json_agg(t order by t::text)::text, '') as rows from "${table}" t`,
    );
    parts.push(`${table} ${row?.rows}`);
  }
  return parts.join("\n");
}

const patientFields = (fields: Record<string, unknown> = {}) => ({
  number: "LDS-T1-P000001",
  given_name: "Margaret",
  family_name: "Ellison",
  date_of_birth: "1958-12-03",
  contact_by_text: true,
  contact_by_email: false,
  branch_id: practice.branches.leeds,
  ...fields,
});
function body(entity: string, fields: Record<string, unknown>, changes: Partial<Body> = {}): Body {
  const stream = allEntities.find(({ name }) => name === entity)?.stream;
  return {
    id: id(),
    branch: practice.branches.leeds,
    stream: (stream === "subject" ? "people" : stream) as Body["stream"],
    entity,
    row: id(),
    op: "insert",
    fields,
    base: {},
    ...changes,
  };
}
const audit = (fields: Record<string, unknown> = {}) =>
  body("audit_entry", {
    action: "test",
    subject_entity: "patient",
    subject_id: id(),
    patient_id: null,
    user_id: practice.people.DO,
    device_id: till.device,
    branch_id: practice.branches.leeds,
    changed: [],
    at: Date.now(),
    stream: "people",
    ...fields,
  });

interface Lie {
  readonly header?: Partial<Header> & Record<string, unknown>;
  readonly bodies?: Body[];
  readonly sign?: string;
  readonly without?: number;
}
/** A group of this till that is right in all but what is asked for. */
function group({ header = {}, bodies, sign = till.privateKey, without }: Lie = {}): WireGroup {
  const all = bodies ?? [body("patient", patientFields()), audit()];
  const { wire } = sealGroup(
    { ...groupCrypto, ...signer(sign) },
    {
      practice: practice.practice,
      group: id(),
      device: till.device,
      epoch: 1,
      seq: 1,
      prev: zeroHash,
      user: practice.people.DO,
      role: null,
      authz: 1_000_000,
      schema: schemaVersion,
      app: "test",
      command: "test",
      after: [],
      hlc: packHlc({ ms: Date.now(), counter: 0, node: till.node }),
      ...header,
    } as never,
    all,
    all.map(() => Buffer.from(random.bytes(16)).toString("base64url")),
  );
  return without === undefined ? wire : { ...wire, bodies: wire.bodies.filter(({ i }) => i !== without) };
}
async function verdictOf(wire: WireGroup): Promise<Verdict | { verdict: string }> {
  const answer = await line.caller.sync.push({ groups: [wire] });
  return answer.kind === "verdicts" ? (answer.verdicts[0] as Verdict) : { verdict: answer.kind };
}

test("a group that is right is settled, and sent again it is a duplicate", async () => {
  const wire = group();
  expect(await verdictOf(wire)).toMatchObject({ verdict: "settled" });
  const before = await everything();
  expect(await verdictOf(wire)).toMatchObject({ verdict: "duplicate" });
  expect(await everything()).toBe(before);
});

describe("before hello", () => {
  test("nothing is told and nothing taken", async () => {
    const { caller } = connect(centre);
    const nobody = {
      by: practice.people.OW,
      branch: practice.branches.leeds,
      deviceName: "x",
      profile: "till" as const,
    };
    expect(await codeOf(caller.sync.push({ groups: [group()] }))).toBe("NOT_GREETED");
    expect(await codeOf(caller.sync.snapshotPage({ entity: "patient", afterKey: null, limit: 10 }))).toBe(
      "NOT_GREETED",
    );
    expect(await codeOf(caller.sync.fetchRows({ entity: "patient", ids: [id()] }))).toBe("NOT_GREETED");
    expect(await codeOf(caller.people.signIn({ login: "do@example.org", password: "x" }))).toBe("NOT_GREETED");
    expect(
      await codeOf(
        caller.people.setPassword({ user: id(), by: id(), password: "long enough to do", byPassword: null }),
      ),
    ).toBe("NOT_GREETED");
    expect(await codeOf(caller.device.createEnrolmentCode(nobody))).toBe("NOT_GREETED");
    const stream = (await caller.sync.stream({
      serverEpoch: "epoch-1",
      streamSet: 1,
      seq: 0,
    })) as AsyncIterable<unknown>;
    expect(await codeOf(stream[Symbol.asyncIterator]().next())).toBe("NOT_GREETED");
  });
  test("a hello needs this connection's own nonce, once, and the device's own key", async () => {
    const { caller, connection } = connect(centre);
    const { nonce } = await caller.sync.challenge();
    expect(await codeOf(caller.sync.hello(signedHello(till, "another")))).toBe("STALE_NONCE");
    expect(await codeOf(caller.sync.hello(signedHello(till, nonce)))).toBe("STALE_NONCE");
    const again = await caller.sync.challenge();
    const said = signedHello(till, again.nonce);
    await caller.sync.hello(said);
    expect(await codeOf(caller.sync.hello(said))).toBe("STALE_NONCE");
    connection.device = null;
    const lies = [{ device: id() }, { practice: other.practice }, { epoch: 2 }, { sig: "A".repeat(86) }];
    const words = new Set<string>();
    for (const lie of lies) {
      const fresh = await caller.sync.challenge();
      const refused = caller.sync.hello(signedHello(till, fresh.nonce, lie));
      words.add(
        await refused.then(
          () => "taken",
          (error: Error) => error.message,
        ),
      );
      expect(connection.device).toBe(null);
    }
    // The same words for all: nothing to probe.
    expect([...words]).toHaveLength(1);
  });
  test("a newer protocol is told so, and a device of another practice is nobody here", async () => {
    const { caller } = connect(centre);
    const { nonce } = await caller.sync.challenge();
    expect(await codeOf(caller.sync.hello(signedHello(till, nonce, { protocol: 99 })))).toBe("PROTOCOL");
    expect(await codeOf(caller.sync.hello(signedHello(till, nonce, { schema: 9990 })))).toBe("SCHEMA");
  });
  test("codes are refused when they are wrong, and guessing is braked", async () => {
    const keys = { ed25519: makeSigningKeys().publicKey, x25519: "x" };
    const { caller } = connect(centre);
    expect(await codeOf(caller.device.enrol({ code: "AAAA-BBBB-CCCC", deviceName: "x", ...keys }))).toBe("BAD_CODE");
    const braked = connect(centre, (what) => {
      throw new Refusal("TOO_MANY", what);
    });
    expect(await codeOf(braked.caller.device.enrol({ code: "AAAA-BBBB-CCCC", deviceName: "x", ...keys }))).toBe(
      "TOO_MANY",
    );
  });
});

describe("malformed and oversized input", () => {
  const rubbish: unknown[] = [
    undefined,
    null,
    1,
    "x",
    [],
    {},
    { groups: null },
    { groups: [] },
    { groups: [{}] },
    { code: 1 },
    { entity: 3 },
    { practice: "x".repeat(32) },
  ];
  test("is a bad request at every procedure", async () => {
    const before = await everything();
    const { sync, device, practice: practices, people } = line.caller;
    const procedures = {
      hello: sync.hello,
      push: sync.push,
      stream: sync.stream,
      snapshotPage: sync.snapshotPage,
      fetchRows: sync.fetchRows,
      enrol: device.enrol,
      renew: device.renew,
      createEnrolmentCode: device.createEnrolmentCode,
      setUp: practices.setUp,
      signIn: people.signIn,
      setPassword: people.setPassword,
    } as unknown as Record<string, (input: unknown) => Promise<unknown>>;
    for (const [name, procedure] of Object.entries(procedures)) {
      for (const input of rubbish) {
        expect(await codeOf(procedure(input)), `${name} ${JSON.stringify(input)}`).toBe("BAD_REQUEST");
      }
    }
    expect(await everything()).toBe(before);
  });
  test("is a bad request when there is too much of it", async () => {
    const wire = group();
    const { caller } = line;
    expect(await codeOf(caller.sync.push({ groups: Array.from({ length: 501 }, () => wire) }))).toBe("BAD_REQUEST");
    expect(await codeOf(caller.sync.push({ groups: [{ ...wire, header: "x".repeat(4 * 1024 * 1024 + 1) }] }))).toBe(
      "BAD_REQUEST",
    );
    expect(
      await codeOf(
        caller.sync.push({
          groups: [{ ...wire, bodies: Array.from({ length: 2001 }, () => wire.bodies[0] as never) }],
        }),
      ),
    ).toBe("BAD_REQUEST");
    expect(await codeOf(caller.sync.snapshotPage({ entity: "patient", afterKey: null, limit: 2001 }))).toBe(
      "BAD_REQUEST",
    );
    expect(await codeOf(caller.sync.fetchRows({ entity: "patient", ids: Array.from({ length: 501 }, id) }))).toBe(
      "BAD_REQUEST",
    );
  });
  test("does not name a table or a column of its own choice", async () => {
    for (const entity of ["user_credential", "change_log", "patient; drop table patient", "__proto__"]) {
      expect(await codeOf(line.caller.sync.snapshotPage({ entity, afterKey: null, limit: 1 }))).toBe("NOT_IN_STREAMS");
    }
  });
});

describe("a push is refused as a whole, with nothing of it taken", () => {
  const cases: Record<string, () => WireGroup> = {
    "of another practice": () => group({ header: { practice: other.practice } }),
    "of another device": () => group({ header: { device: id() } }),
    "of another epoch": () => group({ header: { epoch: 2 } }),
    "signed by another key": () => group({ sign: makeSigningKeys().privateKey }),
    "whose header is not JSON": () => ({ ...group(), header: "{" }),
    "of another version": () => group({ header: { v: 2 } as never }),
    "of a schema that the centre has not reached": () => group({ header: { schema: 9990 } as never }),
    "with a body exchanged": () => {
      const wire = group();
      return {
        ...wire,
        bodies: wire.bodies.map((each, i) =>
          i === 0 ? { ...each, body: each.body.replace("Margaret", "Gertrude") } : each,
        ),
      };
    },
  };
  for (const [name, lie] of Object.entries(cases)) {
    test(name, async () => {
      const before = await everything();
      // A right group goes before it in the same push.
      expect(await codeOf(line.caller.sync.push({ groups: [group(), lie()] }))).toMatch(/^(FORGED|MALFORMED|SCHEMA)$/);
      expect(await everything()).toBe(before);
    });
  }
});

describe("a group is rejected, and nothing of it written", () => {
  const cases: Record<string, { code: string; lie: () => WireGroup }> = {
    "by somebody without the right": {
      code: "NO_PERMISSION",
      lie: () =>
        group({
          header: { user: practice.people.LT },
          bodies: [body("patient", patientFields()), audit({ user_id: practice.people.LT })],
        }),
    },
    "by nobody of this practice": {
      code: "NO_PERMISSION",
      lie: () =>
        group({
          header: { user: other.people.DO },
          bodies: [body("patient", patientFields()), audit({ user_id: other.people.DO })],
        }),
    },
    "by no person and for no cause": {
      code: "NOT_ALLOWED",
      lie: () =>
        group({ header: { user: null }, bodies: [body("patient", patientFields()), audit({ user_id: null })] }),
    },
    "in another's name, in the audit": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [body("patient", patientFields()), audit({ user_id: practice.people.OW })] }),
    },
    "with an audit entry in nobody's name": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [body("patient", patientFields()), audit({ user_id: null })] }),
    },
    "with the audit of another device": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [body("patient", patientFields()), audit({ device_id: id() })] }),
    },
    "without an audit entry": { code: "MALFORMED", lie: () => group({ bodies: [body("patient", patientFields())] }) },
    "in another's name, on the receipt": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [sale({ dispenser_id: practice.people.OW }), audit()] }),
    },
    "of what only the centre writes": {
      code: "CENTRE_ONLY",
      lie: () =>
        group({
          bodies: [
            body("device_key", { device_id: till.device, epoch: 9, terminal_code: "T9", ed25519: "x", x25519: "x" }),
            audit(),
          ],
        }),
    },
    "that changes a fact": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [body("payment", { amount: 1 }, { op: "patch" }), audit()] }),
    },
    "whose fields have another form": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields({ given_name: 7 })), audit()] }),
    },
    "with a column that this version does not have": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields({ shoe_size: 39 })), audit()] }),
    },
    "of an entity that this version does not have": {
      code: "MALFORMED",
      lie: () =>
        group({
          bodies: [body("patient", patientFields()), { ...body("patient", {}), entity: "recall_letter" }, audit()],
        }),
    },
    "whose text holds a NUL": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields({ given_name: "A\0" })), audit()] }),
    },
    "in another stream than its entity's": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields(), { stream: "org" }), audit()] }),
    },
    "that changes a row in another stream than the row's": {
      code: "MALFORMED",
      lie: () =>
        group({
          header: { user: practice.people.OW },
          bodies: [
            body("product", { price: 1 }, { op: "patch", row: practice.products.frame, stream: "people" }),
            audit({ user_id: practice.people.OW }),
          ],
        }),
    },
    "with a reference that is no id": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields({ branch_id: "" })), audit()] }),
    },
    "of a branch in a time zone that is nowhere": {
      code: "MALFORMED",
      lie: () =>
        group({
          header: { user: practice.people.OW },
          bodies: [
            body("branch", { time_zone: "Mars/Olympus" }, { op: "patch", row: practice.branches.leeds }),
            audit({ user_id: practice.people.OW }),
          ],
        }),
    },
    "of an audit entry in a stream that is not its subject's": {
      code: "MALFORMED",
      lie: () => group({ bodies: [body("patient", patientFields()), { ...audit({ stream: "org" }), stream: "org" }] }),
    },
    "with a body withheld": { code: "MALFORMED", lie: () => group({ without: 0 }) },
    "with no body at all": { code: "MALFORMED", lie: () => group({ bodies: [] }) },
    "that claims to be a reaction's": {
      code: "NOT_ALLOWED",
      lie: () => group({ bodies: [body("patient", patientFields(), { by: "release-job" }), audit()] }),
    },
    "from years ahead": {
      code: "CLOCK_ABSURD",
      lie: () =>
        group({ header: { hlc: packHlc({ ms: Date.now() + 500 * 86_400_000, counter: 0, node: till.node }) } }),
    },
    "that refers to what nobody knows": {
      code: "MISSING_REFERENCE",
      lie: () => group({ bodies: [body("patient", patientFields({ branch_id: id() })), audit()] }),
    },
    "that refers to another practice's row": {
      code: "MISSING_REFERENCE",
      lie: () => group({ bodies: [body("patient", patientFields({ branch_id: other.branches.leeds })), audit()] }),
    },
    "that changes another practice's row": {
      code: "MISSING_REFERENCE",
      lie: () =>
        group({
          bodies: [body("product", { price: 1 }, { op: "patch", row: other.products.frame }), audit()],
          header: { user: practice.people.OW },
        }),
    },
    "that takes a row's id a second time": {
      code: "EXISTS",
      lie: () =>
        group({
          bodies: [
            body("patient", patientFields(), { row: twice }),
            body("patient", patientFields(), { row: twice }),
            audit(),
          ],
        }),
    },
    "that locks everybody out": { code: "LOCK_OUT", lie: lockOut },
  };
  const twice = id();
  const sale = (fields: Record<string, unknown>) =>
    body("sale", {
      number: "LDS-T1-000001",
      branch_id: practice.branches.leeds,
      device_id: till.device,
      dispenser_id: practice.people.DO,
      business_date: "2026-11-12",
      currency: "GBP",
      at: 1,
      ...fields,
    });
  function lockOut(): WireGroup {
    const owner = practice.people.OW;
    const element = derivedId(sha1, practice.practice, {
      subject: owner,
      reaction: `role:${roleId(practice.practice, "OW")}`,
      index: 0,
    });
    return group({
      header: { user: owner },
      bodies: [
        body("user_role", {}, { op: "remove", row: element }),
        { ...audit({ user_id: owner, subject_entity: "user_role", stream: "org" }), stream: "org" },
      ],
    });
  }
  for (const [name, { code, lie }] of Object.entries(cases)) {
    test(name, async () => {
      const before = await everything();
      const wire = lie();
      const asked = name === "that changes another practice's row" ? reaudit(wire) : wire;
      expect(await verdictOf(asked)).toMatchObject({ verdict: "rejected", code });
      expect(await everything()).toBe(before);
      // Asked again, the answer is the same.
      expect(await verdictOf(asked)).toMatchObject({ verdict: "rejected", code });
      expect(await everything()).toBe(before);
    });
  }
  /** The same lie, with the audit entry in its author's name. */
  function reaudit(wire: WireGroup): WireGroup {
    const { user } = JSON.parse(wire.header) as Header;
    const bodies = wire.bodies.map(({ body: text }) => JSON.parse(text) as Body);
    return group({
      header: { user },
      bodies: bodies.map((each) =>
        each.entity === "audit_entry" ? { ...each, fields: { ...each.fields, user_id: user } } : each,
      ),
    });
  }
});

describe("the order of a device's groups", () => {
  test("has no gap: the device is told where to go on", async () => {
    expect(await verdictOf(group())).toMatchObject({ verdict: "settled" });
    expect(await line.caller.sync.push({ groups: [group({ header: { seq: 5, prev: "B".repeat(43) } })] })).toEqual({
      kind: "gap",
      lastDeviceSeq: 1,
    });
  });
  test("does not fork: another group at a sequence that was used is a copy's", async () => {
    expect(await verdictOf(group())).toMatchObject({ verdict: "settled" });
    const before = await everything();
    expect(await line.caller.sync.push({ groups: [group()] })).toEqual({ kind: "forked" });
    expect(await line.caller.sync.push({ groups: [group({ header: { seq: 2, prev: "B".repeat(43) } })] })).toEqual({
      kind: "forked",
    });
    expect(await everything()).toBe(before);
  });
  test("a rejected group does not stop the one behind it", async () => {
    const first = group({ bodies: [body("patient", patientFields({ branch_id: id() })), audit()] });
    const second = group({ header: { seq: 2, prev: groupCrypto.hash(first.header) } });
    const answer = await line.caller.sync.push({ groups: [first, second] });
    expect(answer).toMatchObject({ kind: "verdicts", verdicts: [{ verdict: "rejected" }, { verdict: "settled" }] });
  });
});

describe("a device is told only what is its own", () => {
  test("no row of another practice", async () => {
    const page = await line.caller.sync.snapshotPage({ entity: "product", afterKey: null, limit: 2000 });
    expect(JSON.stringify(page.rows)).not.toContain(other.products.frame);
    expect((await line.caller.sync.fetchRows({ entity: "product", ids: [other.products.frame] })).rows).toEqual([]);
  });
  test("no row of a stream that its profile does not hold", async () => {
    const bench = await enrolTestDevice(
      centre,
      practice.practice,
      { branch: practice.branches.york, profile: "lab", name: "bench" },
      random,
    );
    const { caller } = await greet(centre, bench);
    for (const entity of ["payment", "sale", "patient", "exam", "case_file"])
      expect(await codeOf(caller.sync.snapshotPage({ entity, afterKey: null, limit: 1 })), entity).toBe(
        "NOT_IN_STREAMS",
      );
    await verdictOf(group());
    const entries = await caller.sync.snapshotPage({ entity: "audit_entry", afterKey: null, limit: 2000 });
    expect(entries.rows).toEqual([]);
    const stop = new AbortController();
    const greeted = await greet(centre, bench);
    for await (const batch of greeted.batches(0, stop.signal)) {
      expect(JSON.stringify(batch.groups.map(({ bodies }) => bodies))).not.toContain("Ellison");
      if (batch.to >= greeted.hello.head) break;
    }
    stop.abort();
  });
  test("no stream from another state of the centre", async () => {
    const stop = new AbortController();
    const stale = { ...line, hello: { ...line.hello, serverEpoch: "before the fire" } };
    const stream = (await line.caller.sync.stream({
      serverEpoch: stale.hello.serverEpoch,
      streamSet: line.hello.streamSet,
      seq: 0,
    })) as AsyncIterable<unknown>;
    expect(await codeOf(stream[Symbol.asyncIterator]().next())).toBe("CURSOR_OF_ANOTHER_EPOCH");
    stop.abort();
  });
  test("a device that was taken out is told so, and nothing else", async () => {
    // Greeted while it was still of the practice, and connected since.
    const [open, listening] = [await greet(centre, till), await greet(centre, till)];
    const stop = new AbortController();
    const batches = listening.batches(listening.hello.head - 1, stop.signal)[Symbol.asyncIterator]();
    await batches.next();
    await db.query("update device set status='revoked' where practice_id=$1 and id=$2", [
      practice.practice,
      till.device,
    ]);
    expect(await codeOf(open.caller.sync.push({ groups: [group()] }))).toBe("REVOKED");
    centre.hub.wake(practice.practice, listening.hello.head + 1);
    expect(await codeOf(batches.next())).toBe("REVOKED");
    stop.abort();
    const revoked = await greet(centre, till);
    expect(revoked.hello.revoked).toBe(true);
    expect(await codeOf(revoked.caller.sync.push({ groups: [group()] }))).toBe("NOT_GREETED");
  });
});
