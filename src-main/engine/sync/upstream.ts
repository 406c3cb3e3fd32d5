/** How the engine reaches the centre. The product's is tRPC over a WebSocket; the simulator's is its own network. */

import type { z } from "zod";
import type { BeginInput, BlobOffer, BlobState } from "../../../src-shared/files/wire.ts";
import type { ApiToken } from "../../../src-shared/patients/api-scopes.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { WireGroup } from "../../../src-shared/sync/group.ts";
import type {
  Batch,
  BootstrapFile,
  BucketInput,
  BucketOutput,
  bootstrapFileInput,
  DigestInput,
  DigestOutput,
  Enrolment,
  enrolInput,
  fetchRowsInput,
  HelloInput,
  HelloOutput,
  KnownInput,
  PushOutput,
  RescueInput,
  RescueOutput,
  SeenInput,
  SignInResult,
  SnapshotPage,
  StreamInput,
  setUpInput,
  snapshotInput,
} from "../../../src-shared/sync/wire.ts";

export interface StreamHandlers {
  onBatch(batch: Batch): void;
  onEnd(error: Error | null): void;
}

export interface RenewInput {
  readonly practice: string;
  readonly device: string;
  readonly epoch: number;
  readonly nonce: string;
  readonly sig: string;
  readonly ed25519: string;
  readonly x25519: string;
}

export interface Connection {
  challenge(): Promise<{ nonce: string }>;
  hello(input: HelloInput): Promise<HelloOutput>;
  seen(input: SeenInput): Promise<void>;
  known(input: KnownInput): Promise<Id[]>;
  push(groups: readonly WireGroup[]): Promise<PushOutput>;
  rescue(input: RescueInput): Promise<RescueOutput>;
  stream(input: StreamInput, handlers: StreamHandlers): () => void;
  snapshotPage(input: z.infer<typeof snapshotInput>): Promise<SnapshotPage>;
  fetchRows(input: z.infer<typeof fetchRowsInput>): Promise<SnapshotPage>;
  bootstrapFile(input: z.infer<typeof bootstrapFileInput>): Promise<BootstrapFile>;
  digest(input: DigestInput): Promise<DigestOutput>;
  bucket(input: BucketInput): Promise<BucketOutput>;
  filesBegin(input: BeginInput): Promise<BlobState>;
  filesCommit(input: { blob: string }): Promise<BlobState>;
  filesGet(input: { blob: string }): Promise<BlobOffer>;
  renew(input: RenewInput): Promise<Enrolment>;
  enrol(input: z.infer<typeof enrolInput>): Promise<Enrolment>;
  setUp(input: z.infer<typeof setUpInput>): Promise<Enrolment>;
  signIn(input: { login: string; password: string }): Promise<SignInResult>;
  setPassword(input: { user: string; by: string; password: string; byPassword: string | null }): Promise<void>;
  createEnrolmentCode(input: {
    by: string;
    branch: string;
    deviceName: string;
    profile: string;
  }): Promise<{ code: string; expiresAt: number }>;
  createToken(input: {
    by: string;
    password: string;
    name: string;
    scopes: readonly string[];
    expiresAt: number | null;
  }): Promise<{ id: string; secret: string }>;
  revokeToken(input: { by: string; id: string }): Promise<void>;
  listTokens(input: { by: string }): Promise<{ tokens: ApiToken[] }>;
  close(): void;
}

/**
 * The bytes of a baked file from a position on, until its end or until the line is cut, which throws.
 *
 * @throws DownloadRefused when the centre does not send it.
 */
export type Download = (id: string, from: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;

export class DownloadRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the centre does not send the file (${status})`);
    this.status = status;
  }
}

/** Moves encrypted bytes of files; both throw `DownloadRefused` when the centre would not, and when the line is cut. */
export interface BlobLine {
  /** Sends `length` bytes that lie at `at` in the blob; resolves with how much of the blob the centre has then. */
  put(
    part: { blob: string; ticket: string; at: number; length: number },
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ received: number }>;
  get(blob: string, ticket: string, from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface Upstream {
  /** Opens a connection; `onClose` is called once when it ends, however it ends. */
  open(onClose: (reason: string) => void): Promise<Connection>;
  /** Absent where there is no way to fetch files: the replica is filled by pages then. */
  readonly download?: Download;
  /** Absent where files stay where they are. */
  readonly blobs?: BlobLine;
}

/** What the centre said when it refused a call; null for a call that failed in any other way. */
export function refusalOf(error: unknown): { code: string; message: string; args: Record<string, unknown> } | null {
  const refusal = (error as { data?: { refusal?: unknown } } | null)?.data?.refusal;
  return (refusal as { code: string; message: string; args: Record<string, unknown> } | null | undefined) ?? null;
}
