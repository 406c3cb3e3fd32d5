/**
 * The last word of a device that head office took out: what it had not sent, and what had come back to it undecided, is
 * kept here for a person. Nothing of it settles by itself; every group is held with its bytes, as it was signed, so that a
 * payment which was taken can be let in as it was. Then the device is told, in the centre's own hand, that it may erase
 * itself: an erasure that anybody in between could ask for would be a weapon.
 */
import { groupCrypto } from "../../replica/crypto.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { MalformedGroup, openGroup, type ParsedGroup, type WireGroup } from "../../src-shared/sync/group.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { allEntities } from "../../src-shared/sync/registry.ts";
import { type RescueInput, type RescueOutput, takenOutMessage } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";
import { wakePractice } from "../identity/enrol.ts";
import type { CentreContext } from "../settle/centre-writes.ts";
import { askHeadOffice } from "../settle/held.ts";
import { appendLog, type LogRow, readDevice, readHead, saveHead, saveVerdicts } from "../settle/log.ts";
import { fetchMissing } from "../settle/settle.ts";
import { createWorkingSet } from "../settle/working-set.ts";
import type { ConnectedDevice, ServerConnection } from "./connection.ts";

/** More than a till writes in a year without a line; who has its key cannot fill the disk with it. */
const mostHeld = 50_000;

export async function rescue(
  centre: Centre,
  connection: ServerConnection,
  { groups, nonce }: RescueInput,
): Promise<RescueOutput> {
  const device = connection.takenOut;
  if (!device)
    throw refuse("NOT_GREETED", "Only a PC that was taken out hands over what it has left, after its hello.");
  const parsed = await verified(centre, device, groups);
  const held = await centre.db.transaction((tx) => hold(centre, tx, device, parsed));
  if (held > 0) {
    centre.log.warn("groups of a revoked device held", { device: device.device, groups: held });
    await wakePractice(centre, device.practice);
  }
  const { signer } = await centre.settle.authorOf(centre.db, device.practice);
  return { held, receipt: nonce === null ? null : signer.sign(takenOutMessage(nonce, device)) };
}

/** A group may have been signed under an earlier epoch of the device: one that came back and waited for a decision. */
async function verified(centre: Centre, device: ConnectedDevice, groups: readonly WireGroup[]): Promise<ParsedGroup[]> {
  const keys = await centre.db.query<{ epoch: number; ed25519: string }>(
    "select epoch, ed25519 from device_key where practice_id=$1 and device_id=$2",
    [device.practice, device.device],
  );
  return groups.map((wire) => {
    try {
      const { header } = openGroup(groupCrypto, wire, null);
      const key = keys.find(({ epoch }) => epoch === header.epoch);
      if (!key || header.practice !== device.practice || header.device !== device.device)
        throw new MalformedGroup("FORGED", "the group is not of this device");
      const group = openGroup(groupCrypto, wire, key.ed25519);
      if (group.bodies.length !== header.bodies.length) throw new MalformedGroup("MALFORMED", "bodies are missing");
      return group;
    } catch (error) {
      if (!(error instanceof MalformedGroup)) throw error;
      centre.log.warn("rescue refused", { code: error.code, device: device.device });
      throw refuse(error.code, `Nothing of it was taken, and nothing is erased: ${error.message}.`);
    }
  });
}

/** Keeps what is not known here yet; returns how many groups now wait for a person because of it. */
async function hold(
  centre: Centre,
  tx: Queryable,
  device: ConnectedDevice,
  groups: readonly ParsedGroup[],
): Promise<number> {
  const { practice } = device;
  const head = await readHead(tx, practice, true);
  const { status } = await readDevice(tx, device);
  if (status !== "revoked") throw refuse("NOT_REVOKED", "This PC is of the practice again; it says hello anew.");
  const ids = arrayLiteral(groups.map(({ header }) => header.group));
  const settled = await tx.query<{ group_id: Id }>(
    "select group_id from change_log where practice_id=$1 and group_id = any(($2::text)::uuid[])",
    [practice, ids],
  );
  const known = await tx.query<{ group_id: Id; code: string; bodies: string }>(
    "select group_id, code, bodies from verdict where practice_id=$1 and group_id = any(($2::text)::uuid[])",
    [practice, ids],
  );
  const done = new Set(settled.map(({ group_id }) => group_id));
  const answered = new Map(known.map((row) => [row.group_id, row]));
  const toHold = groups.flatMap((group) => {
    const verdict = answered.get(group.header.group);
    // Settled, held already, or held once and decided by a person, who saw what was in it.
    if (done.has(group.header.group) || verdict?.code === "review" || (verdict && verdict.bodies !== "[]")) return [];
    return [{ group, refused: verdict && verdict.code !== "waiting" ? verdict.code : null }];
  });
  if (toHold.length === 0) return 0;
  const [count] = await tx.query<{ n: number }>(
    "select count(*) as n from verdict where practice_id=$1 and device_id=$2 and code='review'",
    [practice, device.device],
  );
  if ((count?.n ?? 0) + toHold.length > mostHeld)
    throw refuse(
      "TOO_MUCH_HELD",
      "More waits for a decision than one PC can have done. Nothing is erased; ask for help.",
    );
  await tx.query("delete from verdict where practice_id=$1 and group_id = any(($2::text)::uuid[])", [
    practice,
    arrayLiteral(toHold.map(({ group }) => group.header.group)),
  ]);
  const reason = "REVOKED_DEVICE";
  const now = centre.now();
  const { random, rules, authorOf } = centre.settle;
  const set = createWorkingSet(tx, practice);
  const logRows: LogRow[] = [];
  const context: CentreContext = {
    set,
    head,
    author: await authorOf(tx, practice),
    random,
    rules,
    now,
    logRows,
    fetchMissing: (missing) => fetchMissing(set, missing),
  };
  for (const { group } of toHold) await askHeadOffice(context, group, reason);
  const verdicts = toHold.map(({ group, refused }) => ({
    group,
    code: "review",
    args: refused === null ? { reason } : { reason, refused },
  }));
  await saveVerdicts(tx, practice, verdicts, now);
  await set.flush(allEntities);
  await appendLog(tx, practice, logRows);
  await saveHead(tx, head);
  return toHold.length;
}
