/** How a PC becomes a device of a practice: what it asks of the centre, and what it writes down of the answer. */
import type { Sqlite } from "../../replica/open.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Enrolment } from "../../src-shared/sync/wire.ts";
import { createState } from "./state.ts";
import { type Connection, refusalOf, type Upstream } from "./sync/upstream.ts";

/** Asks for a place in the practice over a connection of its own. */
export async function enrolOver(
  upstream: Upstream,
  ask: (connection: Connection) => Promise<Enrolment>,
): Promise<Enrolment> {
  let connection: Connection;
  try {
    connection = await upstream.open(() => {});
  } catch {
    throw refuse(
      "CENTRE_UNREACHABLE",
      "The centre cannot be reached at this address. Check it, and that this PC is online; nothing was changed.",
    );
  }
  try {
    return await ask(connection);
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal ? refuse(refusal.code, refusal.message, refusal.args) : error;
  } finally {
    connection.close();
  }
}

export interface Prepared {
  readonly enrolment: Enrolment;
  readonly serverUrl: string;
  readonly demo: boolean;
  readonly defaultUser: string | null;
  readonly node: string;
  readonly keys: { publicKey: string; privateKey: string };
  readonly sealingPrivateKey: string;
}

/** Writes who this device is into its new replica, whose schema is there. */
export function prepareReplica(sqlite: Sqlite, prepared: Prepared): void {
  const state = createState(sqlite);
  const { enrolment } = prepared;
  state.setMeta("server_url", prepared.serverUrl);
  state.setMeta("default_user", prepared.defaultUser);
  state.setMeta("identity", {
    practice: enrolment.practice,
    device: enrolment.device,
    epoch: enrolment.epoch,
    node: prepared.node,
    branch: enrolment.branch,
    terminalCode: enrolment.terminalCode,
    profile: enrolment.profile as DeviceProfile,
    privateKey: prepared.keys.privateKey,
    publicKey: prepared.keys.publicKey,
    sealingPrivateKey: prepared.sealingPrivateKey,
    demo: prepared.demo,
    notBefore: enrolment.notBefore,
  });
}
