/** Inputs and outputs of the sync procedures (sync design §2.15, amended by architecture §4). */
import { z } from "zod";
import { wireGroupSchema } from "./group.ts";

export const idSchema = z.string().regex(/^[0-9a-f]{32}$/);
export const protocolVersion = 1;
/** A push holds at most this many groups and bytes; the device sends the rest next. */
export const pushLimits = { groups: 500, bytes: 512 * 1024 } as const;
/** A batch of the stream, likewise. */
export const batchLimits = { groups: 500, bytes: 1024 * 1024 } as const;
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
});
export type HelloInput = z.infer<typeof helloInput>;

export interface HelloOutput {
  readonly t1: number;
  readonly t2: number;
  readonly serverEpoch: string;
  readonly streamSet: number;
  readonly lastDeviceSeq: number;
  readonly lastHash: string;
  /** The centre has seen more of this device's sequence than the device has: it was restored or cloned. */
  readonly forked: boolean;
  readonly revoked: boolean;
  /** The cursor is of no use any more: fill the replica by pages, then go on from `seq`. */
  readonly bootstrap: boolean;
  readonly head: number;
  readonly demo: boolean;
  readonly leaseDays: number;
}

export const pushInput = z.object({ groups: z.array(wireGroupSchema).min(1).max(pushLimits.groups) });

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
  | "EXISTS";

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
  | { readonly group: string; readonly verdict: "review"; readonly args: Record<string, unknown> };

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
export const fetchRowsInput = z.object({ entity: z.string().max(60), ids: z.array(idSchema).min(1).max(500) });

export const enrolInput = z.object({
  code: z.string().min(8).max(40),
  deviceName: z.string().min(1).max(200),
  ed25519: z.string().max(64),
  x25519: z.string().max(64),
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
  practiceName: z.string().min(1).max(200),
  branchName: z.string().min(1).max(200),
  branchCode: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  timeZone: z.string().max(64),
  ownerName: z.string().min(1).max(200),
  ownerEmail: z.email().max(254),
  ownerPassword: z.string().min(12).max(200),
  deviceName: z.string().min(1).max(200),
  ed25519: z.string().max(64),
  x25519: z.string().max(64),
});
export interface SignInResult {
  readonly user: string;
  /** Argon2id verifier for signing in on this device without the centre. */
  readonly verifier: string;
  readonly leaseUntil: number;
}
