/** The tables of limits that hold in a practice: its own where it keeps one, otherwise as delivered. */
import { type TableProblem, tableProblem } from "./table-problem.ts";
import {
  builtInTables,
  type LimitTable,
  type LimitTables,
  limitsPrefix,
  limitTables,
  undatedTable,
  versionOfKey,
} from "./tables.ts";

/** A practice's own tables, by key, as they were kept; null is none. */
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
    const kept = own[table] ?? null;
    if (kept === null || kept === asDelivered) continue;
    const { table: whole, problem } = completedTable(table, kept);
    if (problem) unusable.push({ table, ...problem });
    else tables[table] = whole;
  }
  return { tables: tables as unknown as LimitTables, unusable };
}

/** Kept in place of a table: from that day on it is as delivered again. */
export const asDelivered = "delivered";

/** What is wrong with a setting, if it is one of limits. Without a value the version was taken back. */
export function limitSettingProblem(key: string, value: unknown): TableProblem | null {
  if (!key.startsWith(limitsPrefix)) return null;
  const table = versionOfKey(key)?.table ?? undatedTable(key);
  if (!table) return { path: "", message: "There is no such table of limits." };
  return value === null || value === asDelivered ? null : completedTable(table, value).problem;
}

interface Completed {
  readonly name: LimitTable;
  readonly table: unknown;
  readonly problem: TableProblem | null;
}
/** Settings change rarely, and are asked for with everything that is typed. */
const known = new WeakMap<object, Completed>();

/** A kept table with what it lacks as delivered, and what is wrong with it. */
function completedTable(name: LimitTable, own: unknown): Completed {
  const before = isPart(own) ? known.get(own) : undefined;
  if (before?.name === name) return before;
  const table = completed(builtInTables[name], own, true);
  const result = { name, table, problem: tableProblem(name, table) };
  if (isPart(own)) known.set(own, result);
  return result;
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
