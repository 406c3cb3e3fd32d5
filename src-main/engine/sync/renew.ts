/**
 * A device that met a copy of itself, or whose replica may be older than it has been, goes on under a new epoch: it asks
 * the centre for one and writes what it had not sent anew.
 */
import { makeSealingKeys, makeSigningKeys, signer } from "../../../replica/crypto.ts";
import type { Replica } from "../../../replica/replica.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import type { Log } from "../../../src-shared/sync/ports.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { helloMessage } from "../../../src-shared/sync/wire.ts";
import { fenceOf } from "../care/fence.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { reissue } from "./reissue.ts";
import type { Connection } from "./upstream.ts";

export interface RenewOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly setIdentity: (identity: Identity) => void;
  readonly time: EngineTime;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly log: Log;
  readonly app: string;
  readonly changed: (touched: Set<string>) => void;
  /** Whether the connection that asked is gone. */
  readonly stale: () => boolean;
}

/** Why the connection is of no use any more now; null when it was gone before anything happened. */
export async function renew(options: RenewOptions, opened: Connection): Promise<"adopted" | "renewed" | null> {
  const { replica, state, time, random, rules, app } = options;
  const me = options.identity();
  if (fenceOf(state)?.reason === "adopted") {
    // A device of its own already: only what it took over bears another's name and numbers.
    reissue({ replica, state, from: { ...me, terminalCode: "" }, to: me, time, random, rules, app });
    options.changed(new Set(["*"]));
    return "adopted";
  }
  const keys = makeSigningKeys();
  const sealing = makeSealingKeys();
  const { nonce } = await opened.challenge();
  const enrolment = await opened.renew({
    practice: me.practice,
    device: me.device,
    epoch: me.epoch,
    nonce,
    sig: signer(me.privateKey).sign(helloMessage(nonce, me.device, me.epoch, me.practice)),
    ed25519: keys.publicKey,
    x25519: sealing.publicKey,
  });
  if (options.stale()) return null;
  const renewed: Identity = {
    ...me,
    epoch: enrolment.epoch,
    terminalCode: enrolment.terminalCode,
    node: Buffer.from(random.bytes(8)).toString("hex"),
    privateKey: keys.privateKey,
    publicKey: keys.publicKey,
    sealingPrivateKey: sealing.privateKey,
  };
  reissue({ replica, state, from: me, to: renewed, time, random, rules, app });
  options.setIdentity(renewed);
  options.changed(new Set(["*"]));
  options.log.warn("device renewed", { epoch: renewed.epoch, terminal: renewed.terminalCode });
  return "renewed";
}
