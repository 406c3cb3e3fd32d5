/** What the centre knows of one connection: nothing, until a hello proves which device it is. */

import { type DeviceProfile, profileStreams, streamMask } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { outdatedWords, type Standing } from "../../src-shared/sync/versions.ts";
import type { Queryable } from "../database/database.ts";

export interface ConnectedDevice {
  readonly practice: Id;
  readonly device: Id;
  readonly epoch: number;
  readonly branch: Id;
  readonly profile: DeviceProfile;
  readonly mask: number;
  readonly publicKey: string;
  readonly standing: Standing;
}

/** The socket under a connection. */
export interface Line {
  /** Bytes that were sent and that the other side has not taken yet. */
  buffered(): number;
  /** Ends it at once, whatever is still on its way. */
  cut(): void;
}
const noLine: Line = { buffered: () => 0, cut() {} };

export interface ServerConnection {
  /** The address that asks, for limits on guessing. */
  readonly address: string;
  readonly line: Line;
  nonce: string | null;
  device: ConnectedDevice | null;
  /** A device that proved who it is but was taken out: it may hand over what it has left, and nothing else. */
  takenOut: ConnectedDevice | null;
  /** The push before: those of one device settle in the order in which they came. */
  settling: Promise<unknown>;
}

export function newConnection(address: string, line = noLine): ServerConnection {
  return { address, line, nonce: null, device: null, takenOut: null, settling: Promise.resolve() };
}

export function maskOf(profile: DeviceProfile): number {
  return streamMask(profileStreams[profile]);
}

/** The device of this connection, as long as it is of the practice. */
export async function activeDevice(db: Queryable, connection: ServerConnection): Promise<ConnectedDevice> {
  const device = connectedDevice(connection);
  await stillActive(db, device);
  return device;
}

/** What is sent to a device it has to understand. */
export function requirePull({ standing }: ConnectedDevice): void {
  if (standing !== "whole") throw refuse("UPDATE_NEEDED", outdatedWords[standing]);
}
export function requirePush({ standing }: ConnectedDevice): void {
  if (standing === "none") throw refuse("UPDATE_NEEDED", outdatedWords[standing]);
}

/**
 * A device that was revoked since its hello neither writes nor reads; its next hello tells it so. Returns the streams of
 * its kind, which head office may have changed since.
 */
export async function stillActive(db: Queryable, { practice, device }: ConnectedDevice): Promise<number> {
  const [row] = await db.query<{ status: string; profile: DeviceProfile }>(
    "select status, profile from device where practice_id=$1 and id=$2",
    [practice, device],
  );
  requireActive(row?.status);
  return row ? maskOf(row.profile) : 0;
}

export function requireActive(status: string | undefined): void {
  if (status !== "active") throw refuse("REVOKED", "This PC was taken out of the practice.");
}

export function connectedDevice(connection: ServerConnection): ConnectedDevice {
  if (!connection.device) throw refuse("NOT_GREETED", "Say hello with this device's key first.");
  return connection.device;
}
