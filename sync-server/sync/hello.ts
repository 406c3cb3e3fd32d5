/** Hello: a device proves who it is, both learn the time, and the centre says where the device stands. */
import { schemaVersion } from "../../migrations/index.ts";
import { groupCrypto } from "../../replica/crypto.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { allEntities, holds } from "../../src-shared/sync/registry.ts";
import { type HelloInput, type HelloOutput, helloMessage, protocolVersion } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { readDevice } from "../settle/log.ts";
import { maskOf, type ServerConnection } from "./connection.ts";

/** Days for which a person may sign in on a device that has not met the centre (domain: cases §4e). */
export const leaseDays = 14;

export function challenge(centre: Centre, connection: ServerConnection): { nonce: string } {
  connection.nonce = Buffer.from(centre.random.bytes(16)).toString("base64url");
  return { nonce: connection.nonce };
}

interface DeviceKeyRow {
  branch_id: string;
  profile: DeviceProfile;
  status: string;
  ed25519: string;
}

/** Checks the signature of a device over this connection's nonce; a nonce serves once. */
export async function authenticate(
  centre: Centre,
  connection: ServerConnection,
  claim: { practice: string; device: string; epoch: number; nonce: string; sig: string },
): Promise<DeviceKeyRow> {
  const nonce = connection.nonce;
  connection.nonce = null;
  if (!nonce || nonce !== claim.nonce) throw refuse("STALE_NONCE", "Ask for a new challenge and sign that.");
  const [row] = await centre.db.query<DeviceKeyRow>(
    `select d.branch_id, d.profile, d.status, k.ed25519 from device d
     join device_key k on k.practice_id=d.practice_id and k.device_id=d.id
     where d.practice_id=$1 and d.id=$2 and k.epoch=$3`,
    [claim.practice, claim.device, claim.epoch],
  );
  const message = helloMessage(claim.nonce, claim.device, claim.epoch, claim.practice);
  if (!row || !groupCrypto.verify(row.ed25519, message, claim.sig)) {
    // The same words for an unknown device and a wrong key: nothing to probe.
    throw refuse("UNKNOWN_DEVICE", "This PC is not known here. Ask head office for an enrolment code.");
  }
  return row;
}

function entitiesFor(mask: number): string[] {
  return allEntities.filter((entity) => holds(entity, mask)).map(({ name }) => name);
}

const olderCentre =
  "The centre runs an older version of Horopter than this PC. Work goes on here and everything is kept; it is sent as soon as the centre is upgraded.";

export async function hello(centre: Centre, connection: ServerConnection, input: HelloInput): Promise<HelloOutput> {
  const t1 = centre.now();
  if (input.protocol > protocolVersion) {
    throw refuse("PROTOCOL", olderCentre);
  }
  // An older device is welcome: it passes what it does not know. A newer one would send what cannot be checked here.
  if (input.schema > schemaVersion) throw refuse("SCHEMA", olderCentre);
  const row = await authenticate(centre, connection, input);
  const mask = maskOf(row.profile);
  const revoked = row.status === "revoked";
  const { lastSeq, lastHash } = await readDevice(centre.db, input);
  const [head] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
    input.practice,
  ]);
  const seq = head?.seq ?? 0;
  if (!revoked) {
    connection.device = {
      practice: input.practice,
      device: input.device,
      epoch: input.epoch,
      branch: row.branch_id,
      profile: row.profile,
      mask,
      publicKey: row.ed25519,
    };
  }
  const { cursor } = input;
  const bootstrap = !cursor || cursor.serverEpoch !== centre.epoch || cursor.streamSet !== mask || cursor.seq > seq;
  return {
    t1,
    t2: centre.now(),
    serverEpoch: centre.epoch,
    streamSet: mask,
    lastDeviceSeq: lastSeq,
    lastHash,
    forked: lastSeq > input.deviceSeq,
    revoked,
    bootstrap,
    head: seq,
    ...(input.schema < schemaVersion ? { entities: entitiesFor(mask) } : {}),
    demo: centre.demo,
    leaseDays,
  };
}
