/** What stands in *needs attention*: one card per thing to decide, whatever it came from. */
import type { FieldForm, Id } from "../../../../src-shared/sync/fields.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import type { Engine } from "../../engine.ts";
import type { Session } from "../../session/sessions.ts";

/**
 * `rejected`: the centre did not take it. `review`: of this PC, held until head office decides. `held`: the same, as
 * head office sees it. `handed_over`: a colleague's returned change. `unknown`: from newer versions of Horopter.
 */
export type AttentionKind =
  | "rejected"
  | "review"
  | "held"
  | "handed_over"
  | "conflict"
  | "late"
  | "task"
  | "reaction_failed"
  | "unknown";

export const attentionActions = [
  "edit",
  "retry",
  "hand_over",
  "discard",
  "approve",
  "decline",
  "send",
  "give_back",
  "keep",
  "restore",
  "noted",
  "follow_up",
] as const;
export type AttentionAction = (typeof attentionActions)[number];

/** One value that somebody typed, with what it takes to show it and to let it be corrected. */
export interface TypedValue {
  /** The change it belongs to: what an edit names. Empty where nothing can be edited. */
  readonly body: Id;
  readonly entity: string;
  readonly row: Id;
  readonly op: Body["op"];
  readonly field: string;
  readonly form: FieldForm;
  readonly nullable: boolean;
  readonly value: unknown;
  /** What an id names. */
  readonly name: string | null;
  /** What stands now, where the change would replace it. */
  readonly now: unknown;
  readonly editable: boolean;
}

export interface Source {
  readonly name: string | null;
  readonly device: string | null;
  readonly at: number;
}

/** The patient, sale or other thing that a card is about. */
export interface About {
  readonly entity: string;
  readonly id: Id;
  readonly name: string;
  /** Whose it is, where it is not a patient itself. */
  readonly patient: string | null;
  /** Whether there is a screen of it: what was returned is not in the tables any more. */
  readonly here: boolean;
}

export interface AttentionCard {
  readonly id: string;
  readonly kind: AttentionKind;
  readonly code: string;
  readonly command: string;
  readonly who: string | null;
  readonly whoId: Id | null;
  readonly device: string | null;
  readonly at: number;
  readonly about: About | null;
  readonly args: Readonly<Record<string, unknown>>;
  readonly typed: readonly TypedValue[];
  /** Changes that rest on this one and go where it goes, in their order. */
  readonly following: readonly {
    readonly group: Id;
    readonly command: string;
    readonly at: number;
    readonly typed: readonly TypedValue[];
  }[];
  /** Where it is, and what was said about it there. */
  readonly place: {
    readonly at: "here" | "centre" | "manager" | "back";
    readonly by: string | null;
    readonly note: string | null;
  };
  readonly conflict: {
    readonly entity: string;
    readonly field: string;
    readonly form: FieldForm;
    readonly kept: unknown;
    readonly lost: unknown;
    /** What is in use now; another than `kept` when it was edited since. */
    readonly now: unknown;
    readonly changedSince: boolean;
    readonly keptBy: Source | null;
    readonly lostBy: Source | null;
    readonly safety: boolean;
    readonly clockSuspect: boolean;
  } | null;
  readonly decides: "you" | "author" | "manager" | "nobody";
  readonly actions: readonly AttentionAction[];
}

export const plainCard = {
  who: null,
  whoId: null,
  device: null,
  about: null,
  args: {},
  typed: [],
  following: [],
  place: { at: "here", by: null, note: null },
  conflict: null,
} as const satisfies Partial<AttentionCard>;

/** Whether the person may decide for others, not only what is their own; nobody signed in stands for the whole PC. */
export function mayResolve(session: Session | null): boolean {
  return !session || ["A", "T"].includes(session.permissions()["sync:resolve_conflicts"] ?? "");
}
/** What somebody typed is for themselves and for who resolves such things; others see that there is something. */
export function concerns(session: Session | null, author: Id | null): boolean {
  return !session || session.user === author || mayResolve(session);
}

/** What a source of cards is given. */
export interface Asking {
  readonly engine: Engine;
  readonly session: Session | null;
}
