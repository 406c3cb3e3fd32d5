/** The tables of limits that hold in a practice: its own where it keeps one, otherwise as delivered. */
import { type TableProblem, tableProblem } from "./table-problem.ts";
import { builtInTables, type LimitTable, type LimitTables, limitsPrefix, limitTables, tableOfKey } from "./tables.ts";

/** A practice's own tables, by key, as they were kept; null is one that was given up. */
export type OwnTables = Readonly<Partial<Record<LimitTable, unknown>>>;

export interface EffectiveTables {
  readonly tables: LimitTables;
  /** Tables that cannot be used as they were kept; the built-in ones hold in their place. */
  readonly unusable: readonly (TableProblem & { readonly table: LimitTable })[];
}

/**
 * The tables that hold: the practice's own where it has valid ones, otherwise as delivered. A number that came with a
 * later version than the practice's copy is as delivered; a copy that a newer version wrote, or that is damaged, is not
 * used and named.
 */
export function tablesOf(own: OwnTables): EffectiveTables {
  const tables: Partial<Record<LimitTable, unknown>> = { ...builtInTables };
  const unusable: (TableProblem & { table: LimitTable })[] = [];
  for (const table of limitTables) {
    if (own[table] === undefined || own[table] === null) continue;
    const whole = completed(builtInTables[table], own[table], true);
    const problem = tableProblem(table, whole);
    if (problem) unusable.push({ table, ...problem });
    else tables[table] = whole;
  }
  return { tables: tables as unknown as LimitTables, unusable };
}

/** What is wrong with a setting, if it is one of limits. Without a value, what was delivered holds. */
export function limitSettingProblem(key: string, value: unknown): TableProblem | null {
  if (!key.startsWith(limitsPrefix) || value === null) return null;
  const table = tableOfKey(key);
  if (!table) return { path: "", message: "There is no such table of limits." };
  return tableProblem(table, completed(builtInTables[table], value, true));
}

/** Named parts that an older version did not know yet, as delivered. Day and source of a table are never made up. */
function completed(builtIn: unknown, own: unknown, whole = false): unknown {
  if (!isPart(builtIn) || !isPart(own)) return own;
  const filled: Record<string, unknown> = { ...own };
  for (const [part, value] of Object.entries(builtIn)) {
    if (Object.hasOwn(own, part)) filled[part] = completed(value, own[part]);
    else if (!whole || (part !== "date" && part !== "source")) filled[part] = value;
  }
  return filled;
}

function isPart(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
