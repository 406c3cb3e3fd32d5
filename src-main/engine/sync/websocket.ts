/** The product's way to the centre: the sync procedures over one WebSocket. */

import type { BlobOffer, BlobState } from "../../../src-shared/files/wire.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Timers } from "../../../src-shared/sync/ports.ts";
import type {
  Batch,
  BootstrapFile,
  BucketOutput,
  DigestOutput,
  Enrolment,
  HelloOutput,
  PushOutput,
  RescueOutput,
  SignInResult,
  SnapshotPage,
} from "../../../src-shared/sync/wire.ts";
import { httpBlobs } from "../files/line.ts";
import { httpDownload } from "./download.ts";
import { openRpc, type Rpc } from "./rpc.ts";
import type { Connection, Upstream } from "./upstream.ts";

/** `http(s)://host:port` of the sync server; a path is kept in front of `/sync`. */
export function webSocketUpstream(serverUrl: string, timers: Timers): Upstream {
  const url = `${serverUrl.replace(/^http/, "ws").replace(/\/$/, "")}/sync`;
  return {
    open: async (onClose) =>
      connectionOver(await openRpc({ url, timers, openWithin: 10_000, pingEvery: 15_000, pongWithin: 5_000, onClose })),
    download: httpDownload(serverUrl),
    blobs: httpBlobs(serverUrl),
  };
}

/**
 * Called by path: the centre's router type lives in the sync server, which the engine does not import. `Connection` pins
 * names and types, and the end-to-end stories call them over a real socket.
 */
function connectionOver(rpc: Rpc): Connection {
  const ask = <T>(path: string, input?: unknown) => rpc.call<T>("mutation", path, input);
  const read = <T>(path: string, input?: unknown) => rpc.call<T>("query", path, input);
  return {
    challenge: () => ask("sync.challenge"),
    hello: (input) => ask<HelloOutput>("sync.hello", input),
    seen: (input) => ask<void>("sync.seen", input),
    known: (input) => read<Id[]>("sync.known", input),
    push: (groups) => ask<PushOutput>("sync.push", { groups }),
    rescue: (input) => ask<RescueOutput>("sync.rescue", input),
    stream: (input, { onBatch, onEnd }) =>
      rpc.subscribe<{ data: Batch }>("sync.stream", input, { data: ({ data }) => onBatch(data), end: onEnd }),
    snapshotPage: (input) => read<SnapshotPage>("sync.snapshotPage", input),
    fetchRows: (input) => read<SnapshotPage>("sync.fetchRows", input),
    bootstrapFile: (input) => ask<BootstrapFile>("sync.bootstrapFile", input),
    digest: (input) => read<DigestOutput>("sync.digest", input),
    bucket: (input) => read<BucketOutput>("sync.bucket", input),
    filesBegin: (input) => ask<BlobState>("files.begin", input),
    filesCommit: (input) => ask<BlobState>("files.commit", input),
    filesGet: (input) => ask<BlobOffer>("files.get", input),
    renew: (input) => ask<Enrolment>("device.renew", input),
    enrol: (input) => ask<Enrolment>("device.enrol", input),
    setUp: (input) => ask<Enrolment>("practice.setUp", input),
    // Somebody stands at the door: a line that hangs must not keep them out when this PC can check the password itself.
    signIn: (input) => rpc.call<SignInResult>("mutation", "people.signIn", input, 5_000),
    setPassword: (input) => ask<void>("people.setPassword", input),
    createEnrolmentCode: (input) => ask("device.createEnrolmentCode", input),
    createToken: (input) => ask("tokens.create", input),
    revokeToken: (input) => ask("tokens.revoke", input),
    listTokens: (input) => read("tokens.list", input),
    close: rpc.close,
  };
}
