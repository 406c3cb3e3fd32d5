/** Push: signatures and form outside any transaction, then one settling transaction for the batch. */
import { schemaVersion } from "../../migrations/index.ts";
import { groupCrypto } from "../../replica/crypto.ts";
import { MalformedGroup, openGroup, type ParsedGroup, type WireGroup } from "../../src-shared/sync/group.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { olderCentreWords } from "../../src-shared/sync/versions.ts";
import type { PushOutput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { settle } from "../settle/together.ts";
import { type ConnectedDevice, connectedDevice, requirePush, type ServerConnection } from "./connection.ts";

export async function push(
  centre: Centre,
  connection: ServerConnection,
  groups: readonly WireGroup[],
): Promise<PushOutput> {
  const device = connectedDevice(connection);
  requirePush(device);
  const full = centre.pushes.enter();
  if (full) return full;
  try {
    return await inTurn(centre, connection, device, groups);
  } finally {
    centre.pushes.leave();
  }
}

async function inTurn(
  centre: Centre,
  connection: ServerConnection,
  device: ConnectedDevice,
  groups: readonly WireGroup[],
): Promise<PushOutput> {
  const parsed: ParsedGroup[] = groups.map((wire) => {
    try {
      const group = openGroup(groupCrypto, wire, device.publicKey);
      const { header } = group;
      if (header.practice !== device.practice || header.device !== device.device || header.epoch !== device.epoch) {
        throw new MalformedGroup("FORGED", "the group names another practice, device or epoch than this connection");
      }
      // A device of today's schema has no groups of a later one: they would settle without what is not known here.
      if (header.schema > schemaVersion) throw refuse("SCHEMA", olderCentreWords);
      return group;
    } catch (error) {
      if (!(error instanceof MalformedGroup)) throw error;
      // Nothing of the push is taken: the product's own devices never send such a group.
      centre.log.warn("push refused", { code: error.code, device: device.device });
      throw refuse(error.code, `The push was refused and nothing of it was taken: ${error.message}.`);
    }
  });
  const turn = connection.settling.then(() => settle(centre.settle, device, parsed));
  connection.settling = turn.catch(() => {});
  return turn;
}
