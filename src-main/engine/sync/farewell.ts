/**
 * What a device does when the centre says that it was taken out: it hands over what it has not sent, what came back and
 * was not decided, and what had settled of late, since a centre restored from a backup may have lost it and nobody else
 * has it; what the centre knows it leaves aside. The bytes of files that only it has go behind them. Then it waits for the centre's word that all of it is kept. Nothing is
 * erased before.
 */
import { groupCrypto } from "../../../replica/crypto.ts";
import { type OutboxRow, outboxGroup, type Replica } from "../../../replica/replica.ts";
import type { WireGroup } from "../../../src-shared/sync/group.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import { type Limits, takenOutMessage } from "../../../src-shared/sync/wire.ts";
import type { Identity } from "../state.ts";
import type { Connection } from "./upstream.ts";

export interface FarewellOptions {
  readonly replica: Replica;
  readonly identity: () => Identity;
  readonly random: Random;
  readonly pushes: Limits;
  /** Hands over the bytes of files that only this device has; returns how many the centre would not have. */
  readonly files: (connection: Connection) => Promise<number>;
}

/** The centre has all rows and not all files: nothing is erased before somebody did something about them. */
export class FilesLeft extends Error {
  constructor(count: number) {
    super(
      `Head office took this PC out of the practice, but ${count === 1 ? "a file" : `${count} files`} could not be handed over. Nothing was erased: save a copy of what is listed here, or have head office make room.`,
    );
  }
}

/**
 * Hands everything over. True when the centre confirmed it with the key that this replica knows it by; false when
 * whoever answered could not: then nothing may be erased.
 *
 * @throws FilesLeft
 */
export async function sayFarewell(
  { replica, identity, random, pushes, files }: FarewellOptions,
  connection: Connection,
): Promise<boolean> {
  const handed = new Set<string>();
  const left = () => whatIsLeft(replica).filter(({ id }) => !handed.has(id));
  for (;;) {
    for (let groups = firstOf(left(), pushes); groups.length > 0; groups = firstOf(left(), pushes)) {
      await connection.rescue({ groups: groups.map(({ wire }) => wire), nonce: null });
      for (const { id } of groups) handed.add(id);
    }
    // Their rows are there by now, settled or held.
    const kept = await files(connection);
    if (kept > 0) throw new FilesLeft(kept);
    const nonce = Buffer.from(random.bytes(16)).toString("base64url");
    const { receipt } = await connection.rescue({ groups: [], nonce });
    // Somebody may have worked on while the last word was on its way.
    if (left().length > 0) continue;
    const key = centreKey(replica);
    // Never filled, it knows no key and holds nobody's work.
    return key === null || (receipt !== null && groupCrypto.verify(key, takenOutMessage(nonce, identity()), receipt));
  }
}

interface Left {
  readonly id: string;
  readonly wire: WireGroup;
}

function whatIsLeft({ db }: Replica): Left[] {
  const own = db
    .prepare("select * from sync_outbox where state in ('pending','review','settled') order by device_seq")
    .all();
  const returned = db
    .prepare("select group_id, header, sig, bodies from sync_quarantine where decided_at is null order by at")
    .all() as { group_id: Buffer; header: string; sig: string; bodies: string }[];
  return [
    ...(own as OutboxRow[]).map(outboxGroup).map(({ group, wire }) => ({ id: group, wire })),
    ...returned.map(({ group_id, header, sig, bodies }) => ({
      id: group_id.toString("hex"),
      wire: { header, sig, bodies: JSON.parse(bodies), erased: [] },
    })),
  ];
}

function firstOf(groups: readonly Left[], limits: Limits): Left[] {
  const first: Left[] = [];
  let size = 0;
  for (const group of groups) {
    size += group.wire.header.length + group.wire.bodies.reduce((sum, { body }) => sum + body.length, 0);
    if (first.length === limits.groups || (first.length > 0 && size > limits.bytes)) break;
    first.push(group);
  }
  return first;
}

/** The centre signs as a device without a terminal of its own. */
function centreKey({ db }: Replica): string | null {
  return (
    (db.prepare("select ed25519 from device_key where terminal_code=''").pluck().get() as string | undefined) ?? null
  );
}
