/** The centre writes groups too, as one reserved device per practice (architecture §5): its keys and its chain. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { schemaVersion } from "../../migrations/index.ts";
import { groupCrypto, signer } from "../../replica/crypto.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Body, type Signer, sealGroup, type WireGroup } from "../../src-shared/sync/group.ts";
import { type ClockState, type Hlc, tick, zeroHlc } from "../../src-shared/sync/hlc.ts";
import { newId, type Random } from "../../src-shared/sync/ids.ts";
import type { Queryable } from "../database/database.ts";

export interface Head {
  readonly practice: Id;
  seq: number;
  authz: number;
  centreEpoch: number;
  centreSeq: number;
  centrePrev: string;
  centreHlc: Hlc;
}

export interface CentreAuthor {
  readonly device: Id;
  readonly signer: Signer;
}

/** Wraps a practice's private key with the server's secret, so that the database alone cannot sign. */
export function wrapKey(secret: string, privateKey: string): string {
  const key = createHash("sha256").update(`horopter-centre-key\0${secret}`).digest();
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([cipher.update(privateKey, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}
export function unwrapKey(secret: string, wrapped: string): string {
  const key = createHash("sha256").update(`horopter-centre-key\0${secret}`).digest();
  const bytes = Buffer.from(wrapped, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}

export function createAuthorCache(secret: string) {
  const authors = new Map<Id, CentreAuthor>();
  return async function authorOf(tx: Queryable, practice: Id): Promise<CentreAuthor> {
    const known = authors.get(practice);
    if (known) return known;
    const [row] = await tx.query<{ device_id: Id; private_key: string }>(
      "select device_id, private_key from centre_key where practice_id=$1",
      [practice],
    );
    if (!row) throw new Error("This practice has no centre key");
    const author = { device: row.device_id, signer: signer(unwrapKey(secret, row.private_key)) };
    authors.set(practice, author);
    return author;
  };
}

/** Eight bytes that name the centre's clock in stamps: the last sixteen digits of its device id. */
export function centreNode(device: Id): string {
  return device.slice(16);
}

/** Signs bodies as the centre's next group and moves the centre's chain and clock in `head`. */
export function authorGroup(
  head: Head,
  author: CentreAuthor,
  random: Random,
  now: number,
  command: string,
  bodies: readonly Body[],
  options: { cause?: Id; above?: Hlc } = {},
): { wire: WireGroup; group: Id; hlc: Hlc; headerHash: string } {
  const state: ClockState = { last: head.centreHlc, high: zeroHlc };
  const hlc = tick(state, now, centreNode(author.device));
  const group = newId(now, random);
  head.centreSeq += 1;
  const { wire, headerHash } = sealGroup(
    { ...groupCrypto, ...author.signer },
    {
      practice: head.practice,
      group,
      device: author.device,
      epoch: head.centreEpoch,
      seq: head.centreSeq,
      prev: head.centrePrev,
      user: null,
      role: null,
      authz: head.authz,
      schema: schemaVersion,
      app: "centre",
      command,
      ...(options.cause ? { cause: options.cause } : {}),
      after: [],
      hlc,
    },
    bodies,
    bodies.map(() => Buffer.from(random.bytes(16)).toString("base64url")),
  );
  head.centrePrev = headerHash;
  head.centreHlc = hlc;
  return { wire, group, hlc, headerHash };
}
