/** Hello: a device proves who it is, both learn the time, and the centre says where the device stands. */
import { schemaVersion } from "../../migrations/index.ts";
import { groupCrypto } from "../../replica/crypto.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { zeroHash } from "../../src-shared/sync/group.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { allEntities, holds } from "../../src-shared/sync/registry.ts";
import { olderCentreWords, standingOf } from "../../src-shared/sync/versions.ts";
import {
  type BootstrapReason,
  type HelloInput,
  type HelloOutput,
  helloMessage,
  protocolVersion,
  type SeenInput,
} from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { keepCursor } from "../retain/cursors.ts";
import { firstUndecided, readDevice } from "../settle/log.ts";
import { activeDevice, type ConnectedDevice, maskOf, type ServerConnection } from "./connection.ts";

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

export async function hello(centre: Centre, connection: ServerConnection, input: HelloInput): Promise<HelloOutput> {
  const t1 = centre.now();
  if (input.protocol > protocolVersion) {
    throw refuse("PROTOCOL", olderCentreWords);
  }
  // An older device is welcome: it passes what it does not know. A newer one would send what cannot be checked here.
  if (input.schema > schemaVersion) throw refuse("SCHEMA", olderCentreWords);
  const row = await authenticate(centre, connection, input);
  const mask = maskOf(row.profile);
  const revoked = row.status === "revoked";
  const { lastSeq, lastHash } = await readDevice(centre.db, input);
  const [head] = await centre.db.query<{ seq: number; floor: number }>(
    "select seq, coalesce(log_floor, 0) as floor from practice_head where practice_id=$1",
    [input.practice],
  );
  const { seq, floor } = head ?? { seq: 0, floor: 0 };
  const device: ConnectedDevice = {
    practice: input.practice,
    device: input.device,
    epoch: input.epoch,
    branch: row.branch_id,
    profile: row.profile,
    mask,
    publicKey: row.ed25519,
    standing: standingOf(centre.minima, input),
  };
  connection.device = revoked ? null : device;
  connection.takenOut = revoked ? device : null;
  if (revoked) return farewell(centre, t1);
  await centre.settle.arrivals.heard(centre.db, input, input.deviceSeq, t1);
  const { cursor } = input;
  const undecided = cursor && cursor.serverEpoch !== centre.epoch ? await firstUndecided(centre.db, input) : null;
  const bootstrapReason = reasonToFill(cursor, { serverEpoch: centre.epoch, streamSet: mask, seq, floor });
  if (cursor && !bootstrapReason) await keepCursor(centre.db, input, { ...cursor, authz: input.authz }, t1);
  return {
    t1,
    t2: centre.now(),
    serverEpoch: centre.epoch,
    streamSet: mask,
    lastDeviceSeq: lastSeq,
    lastHash,
    undecided,
    forked: lastSeq > input.deviceSeq,
    revoked: false,
    bootstrap: bootstrapReason !== null,
    bootstrapReason,
    head: seq,
    floor,
    ...(input.schema < schemaVersion ? { entities: entitiesFor(mask) } : {}),
    versions: centre.minima,
    demo: centre.demo,
    leaseDays,
  };
}

/** All that a device which was taken out is told, or a copy of one that woke up in other hands. */
function farewell(centre: Centre, t1: number): HelloOutput {
  return {
    t1,
    t2: centre.now(),
    serverEpoch: "",
    streamSet: 0,
    lastDeviceSeq: 0,
    lastHash: zeroHash,
    undecided: null,
    forked: false,
    revoked: true,
    bootstrap: false,
    bootstrapReason: null,
    head: 0,
    floor: 0,
    demo: centre.demo,
    leaseDays: 0,
  };
}

function reasonToFill(
  cursor: HelloInput["cursor"],
  centre: { serverEpoch: string; streamSet: number; seq: number; floor: number },
): BootstrapReason | null {
  if (!cursor) return "NEW";
  if (cursor.serverEpoch !== centre.serverEpoch) return "OTHER_EPOCH";
  if (cursor.streamSet !== centre.streamSet) return "OTHER_STREAMS";
  if (cursor.seq > centre.seq) return "AHEAD";
  return cursor.seq < centre.floor ? "CURSOR_TOO_OLD" : null;
}

/** A connected device says how far it has come. What it says of another state of the centre is not kept. */
export async function seen(centre: Centre, connection: ServerConnection, input: SeenInput): Promise<void> {
  const device = await activeDevice(centre.db, connection);
  if (input.serverEpoch === centre.epoch) await keepCursor(centre.db, device, input, centre.now());
}
