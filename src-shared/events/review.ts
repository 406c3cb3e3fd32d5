/**
 * What a review task says in its `args`, by its kind. The centre writes all but `handed_over`, which comes from the
 * device on which somebody gave a returned change to a manager. A task rides in one stream and tells of nothing else.
 */
import type { Stream } from "../sync/entity.ts";
import type { Id } from "../sync/fields.ts";
import type { Body } from "../sync/group.ts";
import { writtenFields } from "../sync/merge.ts";

/** Kinds that only the centre raises: anybody else's would be taken for its word. */
export const centreKinds: readonly string[] = [
  "held_group",
  "field_conflict",
  "authz_late",
  "double_booked",
  "over_settled",
];

/** One value that a person typed, or chose. */
export interface TypedField {
  readonly entity: string;
  readonly row: Id;
  readonly op: Body["op"];
  readonly field: string;
  readonly value: unknown;
}

/** Who wrote a value, where and when. */
export interface Origin {
  readonly user: Id | null;
  readonly device: Id | null;
  readonly at: number;
}

export interface HeldArgs {
  readonly group: Id;
  /** `AUTHZ_LATE`: the right was withdrawn before it came. `REVOKED_DEVICE`: rescued from a PC that was taken out. */
  readonly reason: string;
  readonly command: string;
  readonly user: Id | null;
  readonly device: Id;
  readonly typed: readonly TypedField[];
}
export interface ConflictArgs {
  readonly field: string;
  readonly conflict: Id;
  readonly user: Id | null;
  readonly kept: Origin | null;
  readonly lost: Origin | null;
}
export interface LateArgs {
  readonly group: Id;
  readonly user: Id | null;
  readonly device: Id;
  readonly command: string;
  /** The rights that its author had when it was made and has no more. */
  readonly permissions: readonly string[];
  readonly typed: readonly TypedField[];
}

/** Two bookings in each other's way, made where one was not seen from the other; the task is about the later to come. */
export interface DoubleBookedArgs {
  readonly other: Id;
  readonly room: string;
  /** The first instant that both want. */
  readonly begins: number;
  readonly user: Id | null;
}

/** More of a balance from before was paid, or more of such credit used, than there was; about the later of the sales. */
export interface OverSettledArgs {
  readonly patient: Id;
  /** What was too much, minor units. */
  readonly amount: number;
  /** Whether it was credit that was used twice, not a balance that was paid twice. */
  readonly credit: boolean;
  readonly user: Id | null;
}

/** A body of a handed-over group with its place in the group, of which other streams hold the rest. */
export type PlacedBody = Body & { readonly i: number };
export interface HandedOverArgs {
  /** The same in the tasks of every stream of one hand-over. */
  readonly handover: Id;
  readonly by: Id | null;
  readonly device: Id;
  /** Why the centre returned it. */
  readonly code: string;
  readonly why: Readonly<Record<string, unknown>>;
  readonly note: string | null;
  /** Every stream that holds a part: who misses one cannot send it. */
  readonly streams: readonly Stream[];
  /** The returned group and those that rest on it, in their order. */
  readonly groups: readonly {
    readonly group: Id;
    readonly command: string;
    readonly user: Id | null;
    readonly bodies: readonly PlacedBody[];
  }[];
}

const longest = 2000;
const most = 200;
/** Written beside a change, and going the way it goes: who did it, that it happened, what was there before. */
const besides = new Set(["audit_entry", "domain_event", "patient_change"]);

/** Whether a body is what a person did: not what a reaction made of it, nor the record of it. */
export function isTyped(body: Pick<Body, "entity" | "by">): boolean {
  return body.by === undefined && !besides.has(body.entity);
}

/** What a person typed, of one stream; long texts are cut, the row itself has them whole once it settles. */
export function typedFields(bodies: readonly Body[], stream: Stream): TypedField[] {
  return bodies
    .filter((body) => body.stream === stream && isTyped(body))
    .flatMap((body) =>
      Object.entries(writtenFields(body)).map(([field, value]) => ({
        entity: body.entity,
        row: body.row,
        op: body.op,
        field,
        value: typeof value === "string" && value.length > longest ? `${value.slice(0, longest)}…` : value,
      })),
    )
    .slice(0, most);
}
