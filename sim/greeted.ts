/** A device's own calls to the centre, without an engine: for tests that push, read and lie by hand. */

import { schemaVersion } from "../migrations/index.ts";
import { signer } from "../replica/crypto.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { WireGroup } from "../src-shared/sync/group.ts";
import {
  type Batch,
  type HelloInput,
  type HelloOutput,
  helloMessage,
  protocolVersion,
} from "../src-shared/sync/wire.ts";
import type { Centre } from "../sync-server/centre.ts";
import { createServerCaller } from "../sync-server/router.ts";
import { newConnection, type ServerConnection } from "../sync-server/sync/connection.ts";

type Caller = ReturnType<typeof createServerCaller>;

export interface Greeted {
  readonly caller: Caller;
  readonly connection: ServerConnection;
  readonly hello: HelloOutput;
  /** Batches of the log after `seq`, until the signal aborts. */
  batches(seq: number, signal: AbortSignal): AsyncGenerator<Batch>;
}

/** A connection that has not said hello. */
export function connect(
  centre: Centre,
  limit: (what: string) => void = () => {},
): { caller: Caller; connection: ServerConnection } {
  const connection = newConnection("test");
  return { caller: createServerCaller({ centre, connection, limit }), connection };
}

/** The hello of a device, signed; `changes` alter it after the signature was made. */
export function signedHello(identity: Identity, nonce: string, changes: Partial<HelloInput> = {}): HelloInput {
  return {
    protocol: protocolVersion,
    schema: schemaVersion,
    app: "test",
    practice: identity.practice,
    device: identity.device,
    epoch: identity.epoch,
    nonce,
    sig: signer(identity.privateKey).sign(helloMessage(nonce, identity.device, identity.epoch, identity.practice)),
    t0: 0,
    cursor: null,
    // High, so that the centre never thinks that this device was restored from an older copy.
    deviceSeq: 1_000_000,
    authz: 0,
    ...changes,
  };
}

export async function greet(centre: Centre, identity: Identity): Promise<Greeted> {
  const { caller, connection } = connect(centre);
  const { nonce } = await caller.sync.challenge();
  const hello = await caller.sync.hello(signedHello(identity, nonce));
  return {
    caller,
    connection,
    hello,
    async *batches(seq, signal) {
      const streaming = createServerCaller({ centre, connection, limit: () => {} }, { signal });
      const input = { serverEpoch: hello.serverEpoch, streamSet: hello.streamSet, seq, whole: true };
      const stream = (await streaming.sync.stream(input)) as AsyncIterable<[string, Batch, symbol]>;
      for await (const [, batch] of stream) yield batch;
    },
  };
}

/** What waits in a device's outbox, in its order. */
export function outboxOf(engine: Engine): WireGroup[] {
  return engine.replica.pending().map(({ wire }) => wire);
}
