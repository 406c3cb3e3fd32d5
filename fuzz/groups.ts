/**
 * Change groups signed with a real device's key: the centre answers with verdicts or a typed refusal, and has written
 * whole groups or nothing.
 */
import { schemaVersion } from "../migrations/index.ts";
import { groupCrypto, makeSigningKeys, sha1, sha256Hex, signer, systemRandom } from "../replica/crypto.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Stream } from "../src-shared/sync/entity.ts";
import { type Body, hashBody, signatureContext, type WireGroup, zeroHash } from "../src-shared/sync/group.ts";
import { packHlc } from "../src-shared/sync/hlc.ts";
import { newId } from "../src-shared/sync/ids.ts";
import { findEntity } from "../src-shared/sync/registry.ts";
import { productRules } from "../src-shared/sync/rules.ts";
import type { PushOutput, Verdict, VerdictCode } from "../src-shared/sync/wire.ts";
import { syncRouter } from "../sync-server/router.ts";
import { type BodyPlan, type GroupPlan, type PushPlan, streams } from "./group-plans.ts";
import { call, type Procedure, proceduresOf } from "./procedures.ts";
import type { ServerWorld } from "./server-world.ts";
import { resolved } from "./values.ts";

export interface Author {
  readonly identity: Identity;
  /** What it sent last, to be sent again. */
  last: WireGroup | null;
  /** Headers of groups with a new row under the id of one that stands: no registry can tell, the database does. */
  readonly reusing: Set<string>;
  connection(): ReturnType<ServerWorld["connection"]>;
}

export function createAuthor(world: ServerWorld): Author {
  let open: ReturnType<ServerWorld["connection"]> | null = null;
  return {
    identity: world.practice.till,
    last: null,
    reusing: new Set(),
    connection: () => {
      open ??= world.connection("till");
      return open;
    },
  };
}

interface Chain {
  seq: number;
  prev: string;
  last: WireGroup | null;
}

const pushProcedure = proceduresOf(syncRouter).find(({ path }) => path === "sync.push") as Procedure;

/** Makes the push, looks at what came of it, and says what that was. @throws what is wrong. */
export async function checkPush(world: ServerWorld, author: Author, plan: PushPlan): Promise<string> {
  const { centre, practice } = world;
  const connection = await author.connection();
  const [state] = await centre.db.query<{ last_seq: number; last_hash: string }>(
    "select last_seq, last_hash from device_state where practice_id=$1 and device_id=$2 and epoch=1",
    [practice.practice, author.identity.device],
  );
  const chain: Chain = { seq: state?.last_seq ?? 0, prev: state?.last_hash ?? zeroHash, last: author.last };
  const groups: WireGroup[] = [];
  for (const one of plan) groups.push(await sealed(world, author, chain, one));
  const [before] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
    practice.practice,
  ]);
  const outcome = await call(syncRouter, pushProcedure, { centre, connection, limit: () => {} }, { groups }, 0);
  const { wrote } = await world.whole();
  if (outcome.kind !== "answered") {
    if (wrote) throw new Error("a push was refused and has written all the same");
    // One of its own groups took the device out of the practice: it is taken in again.
    if (outcome.kind === "refused" && outcome.refusal.code === "REVOKED") await world.takeIn(author.identity.device);
    return outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
  }
  const output = outcome.output as PushOutput;
  if (output.kind !== "verdicts") {
    if (wrote) throw new Error(`a push was answered with ${output.kind} and has written all the same`);
    return output.kind;
  }
  if (output.verdicts.length !== groups.length)
    throw new Error(`${groups.length} groups, ${output.verdicts.length} verdicts`);
  for (const [index, verdict] of output.verdicts.entries())
    await checkVerdict(world, groups[index] as WireGroup, verdict, before?.seq ?? 0, author);
  author.last = groups.at(-1) ?? null;
  return output.verdicts.map((verdict) => ("code" in verdict ? verdict.code : verdict.verdict)).join(",");
}

/** What a push by hand can be refused with; the others are never the answer to one. */
const codes: Readonly<Record<VerdictCode, boolean>> = {
  MALFORMED: true,
  NO_PERMISSION: true,
  UNKNOWN_USER: true,
  PARENT_REJECTED: true,
  MISSING_REFERENCE: true,
  RECORD_FINAL: true,
  NOT_ALLOWED: true,
  CLOCK_ABSURD: true,
  CENTRE_ONLY: true,
  LOCK_OUT: true,
  DECIDED: true,
  DECLINED: true,
  EXISTS: true,
  NUMBER_TAKEN: true,
  FORGED: false,
  WRONG_PRACTICE: false,
  // But for a new row under the id of one that stands, the registry allows nothing that the database would not hold.
  UNSTORABLE: false,
};

async function checkVerdict(
  world: ServerWorld,
  wire: WireGroup,
  verdict: Verdict,
  before: number,
  { reusing }: Author,
): Promise<void> {
  const { centre, practice } = world;
  const header = JSON.parse(wire.header) as { group: string };
  if (verdict.group !== header.group) throw new Error("a verdict of another group");
  const rows = await centre.db.query<{ seq: number; header: string }>(
    "select seq, header from change_log where practice_id=$1 and group_id=$2",
    [practice.practice, header.group],
  );
  const [row] = rows;
  if (verdict.verdict === "settled") {
    if (row?.header !== wire.header) throw new Error("settled, and not in the log as it was sent");
    if (row.seq <= before || row.seq !== verdict.seq) throw new Error("settled at another place than it says");
  } else if (verdict.verdict === "duplicate") {
    if (!row) throw new Error("a duplicate of what is not in the log");
  } else if (row) throw new Error(`${verdict.verdict}, and in the log all the same`);
  else if (verdict.verdict === "rejected" && !codes[verdict.code]) {
    if (verdict.code === "UNSTORABLE" && reusing.has(wire.header)) return;
    throw new Error(`rejected as ${verdict.code}: ${wire.bodies.map(({ body }) => body.slice(0, 800))}`);
  }
}

const stranger = signer(makeSigningKeys().privateKey);

async function sealed(world: ServerWorld, author: Author, chain: Chain, plan: GroupPlan): Promise<WireGroup> {
  if (plan.chain === "again" && chain.last) return chain.last;
  const { practice, others } = world;
  const { identity } = author;
  const random = systemRandom();
  const now = Date.now();
  const id = () => newId(now, random);
  const user = plan.user === "nobody" ? null : plan.user === "other" ? others.people.DO : practice.people[plan.user];
  const times = { now, soon: now + 3_600_000, absurd: now + 500 * 86_400_000, zero: 0, last: 0xffff_ffff_ffff };
  const hlc = packHlc({ ms: times[plan.stamp], counter: chain.seq % 0x8000, node: identity.node });
  const made: Body[] = [];
  for (const one of plan.bodies) made.push(await bodyOf(world, one, { hlc, user, id }));
  const [first] = made;
  if (plan.audit && first) made.push(audit(first, { id, user, identity, now }));
  const salts = made.map(() => Buffer.from(random.bytes(16)).toString("base64url"));
  const texts = made.map((body) => JSON.stringify(body));
  const seq = plan.chain === "gap" ? chain.seq + 3 : plan.chain === "fork" ? Math.max(1, chain.seq) : chain.seq + 1;
  const header: Record<string, unknown> = {
    v: 1,
    practice: plan.practice === "own" ? identity.practice : others.practice,
    group: id(),
    device: identity.device,
    epoch: plan.epoch,
    seq,
    prev: plan.chain === "wrong hash" ? "B".repeat(43) : chain.prev,
    user,
    role: null,
    authz: 0,
    schema: schemaVersion,
    app: "fuzz",
    command: "fuzz.group",
    after: [],
    hlc,
    bodies: texts.map((text, i) => hashBody(groupCrypto, salts[i] as string, text)),
  };
  if (plan.header) header[plan.header[0]] = resolved(plan.header[1], () => "f".repeat(32));
  const text = JSON.stringify(header);
  const hand = plan.sign === "another's" ? stranger : signer(identity.privateKey);
  const wire: WireGroup = {
    header: text,
    sig: plan.sign === "odd" ? "A".repeat(86) : hand.sign(signatureContext + text),
    bodies: texts.map((body, i) => ({ i, salt: salts[i] as string, body })),
    erased: [],
  };
  if (plan.bodies.some(({ sameId }) => sameId)) author.reusing.add(text);
  chain.seq = seq;
  chain.prev = groupCrypto.hash(text);
  return altered(wire, plan.wire);
}

/** After it was signed. */
function altered(wire: WireGroup, how: GroupPlan["wire"]): WireGroup {
  const [first, ...rest] = wire.bodies;
  if (!first) return wire;
  const with_ = (body: Partial<typeof first>) => ({ ...wire, bodies: [{ ...first, ...body }, ...rest] });
  switch (how) {
    case "none":
      return wire;
    case "body":
      return with_({ body: first.body.replace('"insert"', '"patch"') });
    case "salt":
      return with_({ salt: "A".repeat(22) });
    case "index":
      return with_({ i: 1999 });
    case "not json":
      return with_({ body: `${first.body}}` });
    case "lost":
      return { ...wire, bodies: rest };
    case "twice":
      return { ...wire, bodies: [first, first, ...rest] };
    case "erased":
      return { ...wire, bodies: rest, erased: [0] };
    case "junk":
      return { ...wire, header: `${wire.header} ` };
  }
}

interface Maker {
  readonly hlc: string;
  readonly user: string | null;
  readonly id: () => string;
}

async function bodyOf(world: ServerWorld, plan: BodyPlan, { hlc, user, id }: Maker): Promise<Body> {
  const { practice } = world.practice;
  const entity = findEntity(plan.entity);
  const look = await world.ids.lookAll(practice, [plan.fields, plan.row]);
  const all = resolved(plan.fields, look) as Record<string, unknown>;
  const standing = resolved(plan.row, look) as string;
  const inserts = plan.op === "insert";
  const fields: Record<string, unknown> = inserts
    ? all
    : plan.op === "patch"
      ? Object.fromEntries(Object.entries(all).filter((_, index) => (plan.some >> (index % 16)) & 1))
      : {};
  if (entity?.author && inserts && plan.some % 10 > 0) fields[entity.author] = user;
  if (entity?.sealed && plan.sealed && typeof fields[entity.sealed.bytes] === "string")
    fields[entity.sealed.sha256] = sha256Hex(fields[entity.sealed.bytes] as string);
  let row = inserts && !plan.sameId ? id() : standing;
  if (inserts && entity?.identity && !plan.sameId) {
    try {
      row = productRules.derive(sha1, practice, entity.identity(fields), null);
    } catch {
      // Fields that are no ids derive nothing.
    }
  }
  const own = entity?.stream === "subject" ? (fields.stream as Stream) : entity?.stream;
  const seen = plan.base === "seen" ? hlc : "0".repeat(32);
  return {
    id: id(),
    branch: world.practice.branches.leeds,
    stream: plan.stream ?? (own && streams.includes(own) ? own : "org"),
    entity: plan.entity,
    row,
    op: plan.op,
    fields,
    base: inserts || plan.base === "none" ? {} : Object.fromEntries(Object.keys(fields).map((name) => [name, seen])),
    ...(plan.by === null ? {} : { by: plan.by }),
  };
}

function audit(
  about: Body,
  { id, user, identity, now }: { id: () => string; user: string | null; identity: Identity; now: number },
): Body {
  const { stream, entity, row } = about;
  return {
    id: id(),
    branch: identity.branch,
    stream,
    entity: "audit_entry",
    row: id(),
    op: "insert",
    fields: {
      action: "fuzz.group",
      subject_entity: entity,
      subject_id: row,
      patient_id: null,
      user_id: user,
      device_id: identity.device,
      branch_id: identity.branch,
      changed: [],
      at: now,
      stream,
    },
    base: {},
  };
}
