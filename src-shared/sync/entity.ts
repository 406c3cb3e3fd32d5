/** What it takes to declare a synced entity. `registry.ts` lists all of them. */
import type { Field, FieldValue, Id } from "./fields.ts";
import type { Derivation } from "./ids.ts";

/**
 * - `fact`: inserted once, never changed (payment, job event, message).
 * - `register`: fields merge one by one, the later stamp wins (patient, case owner).
 * - `set`: an element row with a derived id and a `deleted` register (a user's role); merges like a register.
 * - `record`: a fact whose bytes are a legal document; protected by a trigger in every database.
 */
export type EntityKind = "fact" | "register" | "set" | "record";

/** Bits of the stream mask in the log (architecture §4). A wire number: never renumber. */
export const streamBits = { org: 1, jobs: 2, people: 4, clinical: 8, money: 16, cases: 32 } as const;
export type Stream = keyof typeof streamBits;

/** Which streams a device of each profile holds (architecture §3, the table of streams). */
export const profileStreams = {
  till: ["org", "jobs", "people", "money", "cases"],
  exam: ["org", "jobs", "people", "clinical", "cases"],
  lab: ["org", "jobs"],
  desk: ["org", "jobs", "people", "cases"],
  hq: ["org", "jobs", "people", "money", "cases"],
  single: ["org", "jobs", "people", "clinical", "money", "cases"],
} as const satisfies Record<string, readonly Stream[]>;
export type DeviceProfile = keyof typeof profileStreams;

export function streamMask(streams: readonly Stream[]): number {
  return streams.reduce((mask, stream) => mask | streamBits[stream], 0);
}

export type Fields = Readonly<Record<string, Field>>;
export type RowOf<F extends Fields> = { -readonly [K in keyof F]: FieldValue<F[K]> };
/** A row as engine and centre hold it: its fields, its folded columns and what sync keeps beside them. */
export type StoredRow = Record<string, unknown> & { id: Id; hlc: string; deleted?: boolean; clocks?: string | null };

export interface Fold<F extends Fields> {
  /** Columns that are computed, kept beside the row for queries, and never travel. */
  readonly columns: F;
  /** Where the facts come from: child entity → its column that names this row. */
  readonly from: Readonly<Record<string, string>>;
  /** Pure and independent of the order of the facts. Facts come with `id` and `hlc`. */
  readonly compute: (row: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) => RowOf<F>;
}

/** A running sum over facts, kept in a table of its own (stock on hand). Exact because a fact is inserted once. */
export interface SumFold {
  readonly table: string;
  readonly keys: readonly string[];
  readonly column: string;
  readonly amount: string;
}

export interface PermissionQuestion {
  /** What the change writes; `deleted` where it takes the row away or brings it back. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The row as it stands, null for an insert. */
  readonly row: StoredRow | null;
}
export type PermissionRule = string | null | ((question: PermissionQuestion) => string | null);

export interface EntityPermissions {
  /** A permission key of the catalogue, `null` for what any signed-in person may do, or a rule over the change. */
  readonly insert: PermissionRule;
  /** Absent for facts and records: nobody may. */
  readonly patch?: PermissionRule;
  /** The column that names whose row it is, for scope `O` (own or assigned). */
  readonly owner?: string;
}

export interface EntityDeclaration<N extends string = string, F extends Fields = Fields, C extends Fields = Fields> {
  readonly name: N;
  readonly kind: EntityKind;
  /** The stream its rows ride in; `subject` when each row names it in its `stream` column. */
  readonly stream: Stream | "subject";
  readonly fields: F;
  /** Same-stream parent, enforced by a foreign key in the replica. */
  readonly parent?: { readonly entity: string; readonly column: string };
  readonly permissions: EntityPermissions;
  /** Human names of document series drawn for this entity's `number` (architecture §3.8). */
  readonly series?: string;
  readonly fold?: Fold<C>;
  readonly sum?: SumFold;
  /** The column that must name the person who wrote the row; nobody can write in another's name. */
  readonly author?: string;
  /** Rows whose author may be somebody from outside, of whom the practice has no user: there the column may be null. */
  readonly authorOutside?: (fields: Readonly<Record<string, unknown>>) => boolean;
  /** What a row's id has to be derived from, so that there can be one only; the centre refuses any other id. */
  readonly identity?: (fields: Readonly<Record<string, unknown>>) => Derivation;
  /** Fields that stay what they were when the row was made: whose it is and what it is about. */
  readonly fixed?: readonly string[];
  /** The column that names the row whose part this is: a right has to reach that row, too. */
  readonly within?: string;
  /** Columns of a record: its bytes, and the SHA-256 of them in hex, which the centre computes again. */
  readonly sealed?: { readonly bytes: string; readonly sha256: string };
  /** What is impossible about a row as a whole, where one field decides what another may hold. Pure. */
  readonly check?: (row: Readonly<Record<string, unknown>>) => FieldProblem | null;
  /** Written only by the centre (devices, keys, conflicts), refused from anybody else. */
  readonly centreOnly?: boolean;
}

export interface Entity<N extends string = string, F extends Fields = Fields, C extends Fields = Fields>
  extends EntityDeclaration<N, F, C> {
  /** Fields in column order. */
  readonly columns: readonly string[];
  readonly foldColumns: readonly string[];
  /** The fields that name a row of an entity. */
  readonly references: readonly string[];
  /** The fields with a closed list of values. */
  readonly enumerated: readonly string[];
  /** Merges per field and can be tombstoned. */
  readonly mergeable: boolean;
}

export function defineEntity<const N extends string, F extends Fields, C extends Fields = Record<string, never>>(
  declaration: EntityDeclaration<N, F, C>,
): Entity<N, F, C> {
  const mergeable = declaration.kind === "register" || declaration.kind === "set";
  return {
    ...declaration,
    columns: Object.keys(declaration.fields),
    foldColumns: declaration.fold ? Object.keys(declaration.fold.columns) : [],
    references: Object.keys(declaration.fields).filter((name) => declaration.fields[name]?.ref),
    enumerated: Object.keys(declaration.fields).filter((name) => declaration.fields[name]?.values),
    mergeable,
  };
}

/** What is wrong with the values of a change. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * Checks the values of an insert, or of a patch, against the entity's fields; the first that does not fit, or null. A
 * nullable field may be left out of an insert, since an older device does not know it, and fields that the entity does
 * not have pass untouched, since a newer device knows more (architecture §4, versions).
 */
export function fieldProblem(
  entity: Pick<Entity, "columns" | "fields">,
  op: "insert" | "patch",
  values: Readonly<Record<string, unknown>>,
): FieldProblem | null {
  for (const name of entity.columns) {
    const field = entity.fields[name] as Field;
    const value = values[name];
    if (value === undefined && (op === "patch" || field.nullable)) continue;
    if (value === null && field.nullable) continue;
    if (field.fits?.(value)) continue;
    // The schema has the last word, and the words.
    const parsed = field.schema.safeParse(value);
    if (parsed.success) continue;
    const issue = parsed.error.issues[0];
    return { field: [name, ...(issue?.path ?? [])].join("."), message: issue?.message ?? "not allowed" };
  }
  if (op === "patch" && values.deleted !== undefined && typeof values.deleted !== "boolean") {
    return { field: "deleted", message: "expected true or false" };
  }
  return null;
}
