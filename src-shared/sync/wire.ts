/** Inputs and outputs of the sync procedures (sync design §2.15, amended by architecture §4). */
import { z } from "zod";
import { isTimeZone } from "../calendar/index.ts";
import { wireGroupSchema } from "./group.ts";
import type { VersionMinima } from "./versions.ts";

export const idSchema = z.string().regex(/^[0-9a-f]{32}$/);
/** A text that a database can hold: PostgreSQL takes no NUL character. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/, "text cannot hold a NUL character");
/**
 * The form of the procedures and of groups: raised when an older side would misread a newer one. New columns, entities
 * and values raise the schema instead (`migrations/index.ts`); new optional members of an answer raise nothing.
 *
 * - 1: challenge, hello, push, stream, pages, rows. Groups of version 1.
 */
export const protocolVersion = 1;
/** How much travels at once. */
export interface Limits {
  readonly groups: number;
  readonly bytes: number;
}
/** A push holds at most this many groups and bytes; the device sends the rest next. */
export const pushLimits: Limits = { groups: 500, bytes: 512 * 1024 };
/** A batch of the stream, likewise: on a slow line it goes out before anybody thinks that the line is dead. */
export const batchLimits: Limits = { groups: 500, bytes: 512 * 1024 };
export const snapshotLimit = 2000;

export const helloContext = "horopter-hello-1\0";
/** What a device signs to show that it is itself on this connection. */
export function helloMessage(nonce: string, device: string, epoch: number, practice: string): string {
  return `${helloContext}${nonce}|${practice}|${device}|${epoch}`;
}

export const helloInput = z.object({
  protocol: z.int().min(1),
  schema: z.int().min(1),
  app: z.string().max(40),
  practice: idSchema,
  device: idSchema,
  epoch: z.int().min(1),
  nonce: z.string().max(64),
  sig: z.string().max(100),
  /** The device's wall clock when it sent this. */
  t0: z.number(),
  cursor: z.object({ serverEpoch: z.string().max(64), streamSet: z.int().min(0), seq: z.int().min(0) }).nullable(),
  /** The highest sequence this device has ever used in this epoch. */
  deviceSeq: z.int().min(0),
  /** The oldest permission version that anything waiting on this device names; else the one it works under. */
  authz: z.int().min(0).default(0),
});
export type HelloInput = z.infer<typeof helloInput>;

/** `NEW`: never filled. `CURSOR_TOO_OLD`: away for longer than the log is kept. `AHEAD`: the centre has lost its end. */
export type BootstrapReason = "NEW" | "OTHER_EPOCH" | "OTHER_STREAMS" | "AHEAD" | "CURSOR_TOO_OLD";

/** What a connected device says now and then: how far it has read and committed, on its own disk. */
export const seenInput = z.object({
  serverEpoch: z.string().max(64),
  seq: z.int().min(0),
  /** As in hello. */
  authz: z.int().min(0),
});
export type SeenInput = z.infer<typeof seenInput>;

/** Asks which of these groups a restored centre has settled, where a copy of the device has been there before it. */
export const knownInput = z.object({ groups: z.array(idSchema).max(5000) });
export type KnownInput = z.infer<typeof knownInput>;

export interface HelloOutput {
  readonly t1: number;
  readonly t2: number;
  readonly serverEpoch: string;
  readonly streamSet: number;
  readonly lastDeviceSeq: number;
  readonly lastHash: string;
  /**
   * To a device of an earlier epoch of the centre: the lowest of its sequences that stands undecided there. It may have
   * been decided after the backup was made, so the device offers again from there on.
   */
  readonly undecided: number | null;
  /** The centre has seen more of this device's sequence than the device has: it was restored or cloned. */
  readonly forked: boolean;
  readonly revoked: boolean;
  /** The cursor is of no use any more: fill the replica by pages, then go on from `seq`. */
  readonly bootstrap: boolean;
  /** Why it is of no use; null when it is. */
  readonly bootstrapReason: BootstrapReason | null;
  readonly head: number;
  /** The log below and at this position cannot be replayed any more. */
  readonly floor: number;
  /**
   * For a device of an older schema: everything that the centre can send it pages of. It keeps what it does not know
   * until it is updated.
   */
  readonly entities?: readonly string[];
  /** Which versions this centre serves. */
  readonly versions?: VersionMinima;
  readonly demo: boolean;
  readonly leaseDays: number;
}

export const pushInput = z.object({ groups: z.array(wireGroupSchema).min(1).max(pushLimits.groups) });

/** What a device that was taken out still has; with a `nonce` of its own when this is the last of it. */
export const rescueInput = z.object({
  groups: z.array(wireGroupSchema).max(pushLimits.groups),
  nonce: z.string().min(16).max(64).nullable(),
});
export type RescueInput = z.infer<typeof rescueInput>;
export interface RescueOutput {
  /** Groups that wait for a person since this call. */
  readonly held: number;
  /** The centre's signature over {@link takenOutMessage}: all that was handed over is kept, the device may erase itself. */
  readonly receipt: string | null;
}
/** What the centre signs before a device destroys its data, so that nobody else can make it do so. */
export function takenOutMessage(nonce: string, device: { practice: string; device: string; epoch: number }): string {
  return `horopter-taken-out-1\0${nonce}|${device.practice}|${device.device}|${device.epoch}`;
}

export type VerdictCode =
  | "MALFORMED"
  | "FORGED"
  | "WRONG_PRACTICE"
  | "NO_PERMISSION"
  | "UNKNOWN_USER"
  | "PARENT_REJECTED"
  | "MISSING_REFERENCE"
  | "RECORD_FINAL"
  | "NOT_ALLOWED"
  | "CLOCK_ABSURD"
  | "CENTRE_ONLY"
  | "LOCK_OUT"
  | "UNSTORABLE"
  /** Held, and then turned down by a person: `args` say who and why. */
  | "DECLINED"
  /** A decision about something that a colleague had decided before. */
  | "DECIDED"
  /** A row of the id that it makes is there already: it came another way. */
  | "EXISTS"
  | "NUMBER_TAKEN";

export type Verdict =
  | { readonly group: string; readonly verdict: "settled"; readonly seq: number }
  /** Settled before; `hash` is that of the header that settled, which a copy of the device may have written. */
  | { readonly group: string; readonly verdict: "duplicate"; readonly seq: number; readonly hash: string }
  | {
      readonly group: string;
      readonly verdict: "rejected";
      readonly code: VerdictCode;
      readonly args: Record<string, unknown>;
    }
  | { readonly group: string; readonly verdict: "review"; readonly args: Record<string, unknown> }
  /** What it rests on may still come back to a restored centre: the group stays pending, and its device asks again. */
  | { readonly group: string; readonly verdict: "waiting"; readonly args: Record<string, unknown> };

export type PushOutput =
  | { readonly kind: "verdicts"; readonly verdicts: Verdict[] }
  /** Nothing was taken: the sequence has to go on after `lastDeviceSeq`. */
  | { readonly kind: "gap"; readonly lastDeviceSeq: number }
  /** Another copy of this device wrote at these sequences: enrol anew, write the unsettled groups again. */
  | { readonly kind: "forked" }
  | { readonly kind: "retry"; readonly afterMs: number };

export const streamInput = z.object({
  serverEpoch: z.string().max(64),
  streamSet: z.int().min(0),
  seq: z.int().min(0),
  /** Send the bodies of the asking device's own groups too. */
  whole: z.boolean().default(false),
});
export type StreamInput = z.infer<typeof streamInput>;

/** One settled group in a batch. `own` groups of the asking device come without bodies. */
export interface LogEntry {
  readonly seq: number;
  readonly header: string;
  readonly sig: string;
  readonly bodies: { i: number; salt: string; body: string }[];
  readonly own: boolean;
}
export interface Batch {
  readonly serverEpoch: string;
  readonly streamSet: number;
  readonly from: number;
  readonly to: number;
  readonly head: number;
  readonly groups: LogEntry[];
}

export const snapshotInput = z.object({
  entity: z.string().max(60),
  afterKey: idSchema.nullable(),
  limit: z.int().min(1).max(snapshotLimit),
});
export interface SnapshotPage {
  /** Column names, then rows as arrays of values in their order. */
  readonly columns: string[];
  readonly rows: unknown[][];
  readonly nextKey: string | null;
  /** SHA-256 of the rows' JSON. */
  readonly digest: string;
}
/** `schema`: the one that the device's replica has; a file of another is of no use to it. */
export const bootstrapFileInput = z.object({ schema: z.int().min(1) });
/** What the centre answers a device that needs to be filled: a file, one that is being made, or that it takes pages. */
export type BootstrapFile =
  | {
      readonly kind: "ready";
      /** Where it lies: `bootstrapPath` under the server's address. */
      readonly id: string;
      readonly size: number;
      /** Of the file's bytes, in hex. */
      readonly sha256: string;
      /** The position in the log up to which everything is in it. */
      readonly seq: number;
      readonly serverEpoch: string;
      readonly streamSet: number;
      readonly schema: number;
      /** The file's key, sealed to the device for `bakedKeyPurpose`. */
      readonly sealedKey: string;
    }
  | {
      readonly kind: "baking";
      /** 0 to 1. */
      readonly done: number;
      /** Milliseconds after which to ask again. */
      readonly afterMs: number;
    }
  | { readonly kind: "none" };
export const bootstrapPath = (id: string) => `/bootstrap/${id}`;
export const bakedKeyPurpose = (id: string) => `bootstrap-file|${id}`;
/** Why a file is not sent: never here or not any more, past its day, or the range lies behind its end. */
export type DownloadRefusal = "NO_SUCH_FILE" | "FILE_GONE" | "BAD_RANGE";

export const fetchRowsInput = z.object({ entity: z.string().max(60), ids: z.array(idSchema).min(1).max(500) });

/** Asks for the digests of some tables at a position of the log. Rows of two schemas cannot be compared. */
export const digestInput = z.object({
  seq: z.int().min(0),
  schema: z.int().min(1),
  entities: z.array(z.string().max(60)).min(1).max(200),
});
export type DigestInput = z.infer<typeof digestInput>;
export interface DigestOutput {
  /** The head of the log when it was asked; only if it is the position asked for are there digests. */
  readonly seq: number;
  /** Per entity its 256 buckets; null when something settled meanwhile, or the schema is another here. */
  readonly buckets: (string[] | null)[];
}
export const bucketInput = z.object({
  entity: z.string().max(60),
  schema: z.int().min(1),
  buckets: z.array(z.int().min(0).max(255)).min(1).max(256),
});
export type BucketInput = z.infer<typeof bucketInput>;
export interface BucketOutput {
  /** The position at which the rows stand; null when something settled while they were read. */
  readonly seq: number | null;
  /** Id and hash of every row in the buckets. */
  readonly rows: [id: string, hash: string][];
}

export const enrolInput = z.object({
  code: z.string().min(8).max(40),
  deviceName: plainText(200).min(1),
  ed25519: plainText(64),
  x25519: plainText(64),
});
export interface Enrolment {
  readonly practice: string;
  readonly device: string;
  readonly epoch: number;
  readonly branch: string;
  readonly terminalCode: string;
  readonly profile: string;
  /** Stamps of this device never fall below this instant. */
  readonly notBefore: number;
}
export const setUpInput = z.object({
  setupCode: z.string().min(8).max(64),
  practiceName: plainText(200).min(1),
  branchName: plainText(200).min(1),
  branchCode: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  timeZone: z.string().max(64).refine(isTimeZone, "a time zone like Europe/London is needed"),
  ownerName: plainText(200).min(1),
  ownerEmail: z.email().max(254),
  ownerPassword: z.string().min(12).max(200),
  deviceName: plainText(200).min(1),
  ed25519: plainText(64),
  x25519: plainText(64),
});
export interface SignInResult {
  readonly user: string;
  /** Argon2id verifier for signing in on this device without the centre. */
  readonly verifier: string;
  readonly leaseUntil: number;
}
