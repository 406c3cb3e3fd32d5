/** What a permission is, and how a feature declares its own (architecture §6: the catalogue is open). */

/**
 * How far a right reaches: `A` all of the practice, `T` the user's own branch, `O` rows the user owns or was assigned,
 * `S` all of the practice once a second person has countersigned (domain: cases-and-portal §5).
 */
export type Scope = "A" | "T" | "O" | "S";
export const scopes = ["A", "T", "O", "S"] as const satisfies readonly Scope[];

/** The default roles, in the order in which every matrix of scopes is written. */
export const roleCodes = ["OW", "PM", "CL", "DO", "LT", "RC", "HC", "TD"] as const;
export type RoleCode = (typeof roleCodes)[number];

export interface Permission<K extends string = string> {
  readonly key: K;
  /** The code of a group in `permissionGroups`, for display. */
  readonly group: string;
  readonly label: string;
  /** What else a person who grants it should know. */
  readonly note: string | null;
  /** What each default role is seeded with; null for nothing. */
  readonly defaults: Readonly<Record<RoleCode, Scope | null>>;
}

/** Default scopes in the order OW PM CL DO LT RC HC TD with `-` for none, a label, and a note where there is one. */
export type PermissionLine = readonly [defaults: string, label: string, note?: string];
type KeysOf<G> = { [K in keyof G]: keyof G[K] }[keyof G] & string;

/**
 * Declares permissions: group code → key → line. Throws for a scope string that is not eight of `A T O S -`, and for a
 * key that is not `<thing>:<action>`: both are bugs.
 */
export function definePermissions<const G extends Readonly<Record<string, Readonly<Record<string, PermissionLine>>>>>(
  groups: G,
): readonly Permission<KeysOf<G>>[] {
  return Object.entries(groups).flatMap(([group, lines]) =>
    Object.entries(lines).map(([key, [defaults, label, note]]) => {
      if (!/^[a-z][a-z0-9]*:[a-z][a-z0-9_]*$/.test(key)) throw new Error(`${key} is not a permission key`);
      return { key: key as KeysOf<G>, group, label, note: note ?? null, defaults: readDefaults(key, defaults) };
    }),
  );
}

function readDefaults(key: string, written: string): Record<RoleCode, Scope | null> {
  if (!/^[ATOS-]{8}$/.test(written)) throw new Error(`The default scopes of ${key} are malformed: ${written}`);
  return Object.fromEntries(
    roleCodes.map((code, i) => [code, written[i] === "-" ? null : (written[i] as Scope)]),
  ) as Record<RoleCode, Scope | null>;
}

/** One catalogue out of the core list and those of features. Throws when a key is declared twice. */
export function joinPermissions<K extends string>(
  ...lists: readonly (readonly Permission<K>[])[]
): readonly Permission<K>[] {
  const seen = new Set<string>();
  for (const { key } of lists.flat()) {
    if (seen.has(key)) throw new Error(`The permission ${key} is declared twice`);
    seen.add(key);
  }
  return lists.flat();
}
