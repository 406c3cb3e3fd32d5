/** Tables that are being changed on the screen: plain values by path, and what is saved of them. */
import { builtInTables, type LimitTable } from "../../../src-shared/optics/index.ts";

type Part = Readonly<Record<string, unknown>>;

/** The value at a path such as `sphere.warn.1`; undefined where there is none. */
export function valueAt(table: unknown, path: string): unknown {
  if (path === "") return table;
  return path.split(".").reduce<unknown>((at, name) => (at as Part | null | undefined)?.[name], table);
}

/** A copy of the table with another value at a path. */
export function withValue<T>(table: T, path: string, value: unknown): T {
  const [name = "", ...rest] = path.split(".");
  if (path === "") return value as T;
  const inner = withValue((table as Part)[name], rest.join("."), value);
  if (Array.isArray(table)) return table.with(Number(name), inner) as T;
  return { ...table, [name]: inner };
}

const about = new Set(["source", "date"]);

/** The paths at which two tables hold something else, source and date of the numbers apart. */
export function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other ? [] : [path];
  const names = new Set([...Object.keys(one), ...Object.keys(other)].filter((name) => !about.has(name)));
  return [...names].flatMap((name) =>
    differences((one as Part)[name], (other as Part)[name], path === "" ? name : `${path}.${name}`),
  );
}

/** The parts of a table that have a source of their own. */
function partsOf(table: LimitTable): string[] {
  if (table !== "measures") return [""];
  const quantities = Object.keys(builtInTables.measures.quantities).map((name) => `quantities.${name}`);
  return [...quantities, "pairs"];
}

/** The part with the source and the day of its numbers. */
export function sourced<T>(table: T, part: string, source: string, date: string): T {
  return withValue(table, part, { ...(valueAt(table, part) as Part), source, date });
}

export interface Origin {
  readonly source: string;
  readonly date: string;
}

/**
 * What is kept of an edited table: numbers that were changed are from the given source, those that are as delivered again
 * from theirs. Null where all of it is as delivered, so that nothing of its own has to be kept.
 */
export function toKeep(table: LimitTable, edited: unknown, standing: unknown, { source, date }: Origin): Part | null {
  const builtIn: unknown = builtInTables[table];
  let kept = edited;
  for (const part of partsOf(table)) {
    const [now, before, delivered] = [edited, standing, builtIn].map((whole) => valueAt(whole, part));
    if (differences(now, before).length === 0) continue;
    kept =
      differences(now, delivered).length === 0 ? withValue(kept, part, delivered) : sourced(kept, part, source, date);
  }
  const own =
    differences(kept, builtIn).length > 0 ||
    partsOf(table).some((part) => sourceOf(kept, part) !== sourceOf(builtIn, part));
  return own ? (kept as Part) : null;
}

function sourceOf(table: unknown, part: string): unknown {
  return (valueAt(table, part) as Part).source;
}

/** Where the numbers of a part are from: what it says itself, for the day the table where it does not. */
export function originOf(table: unknown, part: string): Origin {
  const own = valueAt(table, part) as Partial<Origin>;
  return { source: own.source ?? "", date: own.date ?? (table as Origin).date };
}

/** Nobody has vouched for it yet. */
export function isToConfirm({ source }: Origin): boolean {
  return /to confirm|no source/.test(source);
}
