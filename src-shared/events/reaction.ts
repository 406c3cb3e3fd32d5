/**
 * Reactions answer what happened with rows of derived ids (architecture §3.7, §5). One declaration serves both places
 * that may ask: a device in the transaction of its own command, and the centre under the head lock when a group it
 * settles changes the condition. Whoever comes second finds the row there already.
 */
import type { StoredRow } from "../sync/entity.ts";
import type { Id } from "../sync/fields.ts";
import type { Derivation } from "../sync/ids.ts";
import type { EntityName, NewRow, Row } from "../sync/registry.ts";

export interface ReactionContext {
  /** The instant of the change that is being answered. */
  readonly now: number;
  readonly actor: Id | null;
  get<N extends EntityName>(entity: N, id: Id): Row<N> | null;
  children<N extends EntityName>(entity: N, column: string, id: Id): Row<N>[];
  derive(derivation: Derivation): Id;
  setting(key: string): unknown;
}

/** A row to insert unless its id exists. */
export interface DerivedRow<N extends EntityName = EntityName> {
  readonly entity: N;
  readonly id: Id;
  readonly branch: Id | null;
  readonly fields: NewRow<N>;
}
export function derivedRow<N extends EntityName>(entity: N, id: Id, branch: Id | null, fields: NewRow<N>): DerivedRow {
  return { entity, id, branch, fields } as unknown as DerivedRow;
}

/** How the centre recomputes the id of a row that claims to come from a reaction. */
export interface ReactionOutput {
  readonly entity: EntityName;
  derivation(fields: Readonly<Record<string, unknown>>): Derivation;
}

export interface Reaction {
  readonly name: string;
  /** Asked when the folded columns of a row of this entity changed, or when a row of it was inserted. */
  readonly on: { readonly fold: EntityName } | { readonly insert: EntityName };
  readonly outputs: readonly ReactionOutput[];
  /** Pure over what the context shows. An empty list: the condition is not met. */
  decide(context: ReactionContext, row: StoredRow): DerivedRow[];
}
