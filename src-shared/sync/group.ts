/**
 * Change groups: one command of a person is one signed, atomic group (architecture §4). Header and bodies are UTF-8
 * JSON, serialised once by the author and opaque bytes from then on; what is signed is the header, which names the
 * salted hash of every body, so that a device which may see only some bodies can still check the author.
 */
import { z } from "zod";
import type { Stream } from "./entity.ts";
import { type Id, isId } from "./fields.ts";

export const groupVersion = 1;
/** Signed in front of the header's bytes, so that the signature means nothing anywhere else. */
export const signatureContext = "horopter-group-1\0";
export const zeroHash = "A".repeat(43);
/** A group larger than this is refused as malformed, as is one of more bodies. */
export const maximumGroupBytes = 4 * 1024 * 1024;
export const maximumBodies = 2000;

const id = z.string().regex(/^[0-9a-f]{32}$/);
/** SHA-256, base64url without padding. */
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const stream = z.enum(["org", "jobs", "people", "clinical", "money", "cases"]);

export const headerSchema = z.looseObject({
  v: z.literal(groupVersion),
  practice: id,
  group: id,
  device: id,
  epoch: z.int().min(1),
  seq: z.int().min(1),
  /** SHA-256 of the previous header's bytes in this device epoch, zeros for the first. */
  prev: hash,
  user: id.nullable(),
  role: id.nullable(),
  /** The permission version the author worked under: the log position of the last change to access it had applied. */
  authz: z.int().min(0),
  schema: z.int().min(1),
  app: z.string().max(40),
  command: z.string().max(80),
  /** The event that a later reaction answers. */
  cause: id.optional(),
  /** The old header's hash, when a forked device writes a group anew. */
  reissues: hash.optional(),
  /** Returned groups whose content this one brings again, as it was or corrected. */
  resends: z.array(id).optional(),
  /** Unsettled groups whose effects the command relied on. */
  after: z.array(id),
  hlc: id,
  bodies: z.array(hash).max(maximumBodies),
});
export type Header = z.infer<typeof headerSchema>;

export const operations = ["insert", "patch", "remove", "restore"] as const;
export type Operation = (typeof operations)[number];

export const bodySchema = z.looseObject({
  id,
  branch: id.nullable(),
  stream,
  entity: z.string().max(60),
  row: id,
  op: z.enum(operations),
  fields: z.record(z.string(), z.unknown()),
  /** Per touched register: the stamp that the author saw. */
  base: z.record(z.string(), id),
  /** The reaction that made this body; absent for what the person did. */
  by: z.string().max(80).optional(),
});
export interface Body {
  readonly id: Id;
  readonly branch: Id | null;
  readonly stream: Stream;
  readonly entity: string;
  readonly row: Id;
  readonly op: Operation;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly base: Readonly<Record<string, string>>;
  readonly by?: string | undefined;
}

/** A body on the wire: its index in the header's list, its salt (base64url of 16 bytes) and its bytes. */
export const wireBodySchema = z.object({
  i: z.int().min(0).max(maximumBodies),
  salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  body: z.string().max(maximumGroupBytes),
});
export type WireBody = z.infer<typeof wireBodySchema>;

export const wireGroupSchema = z.object({
  header: z.string().max(maximumGroupBytes),
  /** Ed25519 signature, base64url. */
  sig: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  bodies: z.array(wireBodySchema).max(maximumBodies),
  erased: z.array(z.int().min(0)).default([]),
});
export type WireGroup = z.infer<typeof wireGroupSchema>;

/** A group that was parsed: its bytes, and what they say. */
export interface ParsedGroup {
  readonly wire: WireGroup;
  readonly header: Header;
  readonly headerHash: string;
  readonly bodies: readonly Body[];
}

/** The cryptography that groups need, given by the platform. Hashes and signatures are base64url. */
export interface GroupCrypto {
  /** SHA-256 of the text's UTF-8 bytes. */
  hash(text: string): string;
  /** SHA-256 of the salt's 16 bytes followed by the text's UTF-8 bytes. */
  saltedHash(salt: string, text: string): string;
  verify(publicKey: string, message: string, signature: string): boolean;
}
export interface Signer {
  sign(message: string): string;
}

export class MalformedGroup extends Error {
  readonly code: "MALFORMED" | "FORGED";
  constructor(code: "MALFORMED" | "FORGED", reason: string) {
    super(reason);
    this.name = "MalformedGroup";
    this.code = code;
  }
}

export function hashBody(crypto: GroupCrypto, salt: string, body: string): string {
  return crypto.saltedHash(salt, body);
}
export function hashHeader(crypto: GroupCrypto, header: string): string {
  return crypto.hash(header);
}

/** Signs bodies into a group. `header` is everything but the hashes. */
export function sealGroup(
  crypto: GroupCrypto & Signer,
  header: Omit<Header, "bodies" | "v">,
  bodies: readonly Body[],
  salts: readonly string[],
): { wire: WireGroup; headerHash: string } {
  const wireBodies: WireBody[] = [];
  const hashes: string[] = [];
  for (let i = 0; i < bodies.length; i++) {
    const body = JSON.stringify(bodies[i]);
    const salt = salts[i] as string;
    hashes.push(hashBody(crypto, salt, body));
    wireBodies.push({ i, salt, body });
  }
  const headerText = JSON.stringify({ v: groupVersion, ...header, bodies: hashes });
  return {
    wire: { header: headerText, sig: crypto.sign(signatureContext + headerText), bodies: wireBodies, erased: [] },
    headerHash: hashHeader(crypto, headerText),
  };
}

/**
 * Parses a group and checks every body against the header's hashes; the signature is checked when a key is given.
 * Bodies may be missing (withheld or erased), never altered or added.
 */
export function openGroup(crypto: GroupCrypto, wire: WireGroup, publicKey: string | null): ParsedGroup {
  const header = checked(headerSchema, parseJson(wire.header, "header"), "header");
  if (publicKey !== null && !crypto.verify(publicKey, signatureContext + wire.header, wire.sig)) {
    throw new MalformedGroup("FORGED", "the signature does not fit the header");
  }
  const seen = new Set<number>();
  const bodies = wire.bodies.map(({ i, salt, body }) => {
    if (seen.has(i)) throw new MalformedGroup("MALFORMED", "a body stands twice");
    seen.add(i);
    if (hashBody(crypto, salt, body) !== header.bodies[i]) {
      throw new MalformedGroup("FORGED", "a body does not fit its hash in the header");
    }
    const value = parseJson(body, "body");
    return isBody(value) ? value : (checked(bodySchema, value, "body") as Body);
  });
  return { wire, header, headerHash: hashHeader(crypto, wire.header), bodies };
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedGroup("MALFORMED", `the ${what} is not JSON`);
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new MalformedGroup("MALFORMED", `the ${what} has another form: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const streams: readonly unknown[] = stream.options;

/**
 * True only for what `bodySchema` accepts, and many times faster: bodies are most of what the centre reads. What it does
 * not accept is the schema's to judge.
 */
export function isBody(value: unknown): value is Body {
  if (!isRecord(value)) return false;
  const { id: change, branch, stream: rides, entity, row, op, fields, base, by } = value;
  if (!isId(change) || !isId(row) || !(branch === null || isId(branch)) || !streams.includes(rides)) return false;
  if (typeof entity !== "string" || entity.length > 60 || !(operations as readonly unknown[]).includes(op))
    return false;
  if (by !== undefined && (typeof by !== "string" || by.length > 80)) return false;
  // A field of this name would not be data: it is left to the schema, which does away with it.
  if (!isRecord(fields) || Object.hasOwn(fields, "__proto__") || !isRecord(base)) return false;
  for (const name in base) if (name === "__proto__" || !isId(base[name])) return false;
  return true;
}
