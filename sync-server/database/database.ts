/** The centre's database, PostgreSQL or embedded PGlite, behind one small door. Ids and stamps come back as hex. */

export interface Queryable {
  query<T = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<T[]>;
}

export interface Database extends Queryable {
  readonly kind: "postgres" | "pglite";
  /** Reads that can run at once; transactions have connections of their own where there is more than one. */
  readonly reads: number;
  /** Runs `work` in one transaction; serialisation failures and deadlocks are tried again. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Several statements without parameters. */
  exec(sql: string): Promise<void>;
  /** Tells other instances that practices moved; a hint only. */
  notify(channel: string, payload: string): Promise<void>;
  /** `back`: the line was lost and is there again; what was said meanwhile was not heard. */
  listen(channel: string, heard: (payload: string) => void, back: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** PostgreSQL's type numbers that come back in our form. */
export const typeParsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  2950: (text) => text.replaceAll("-", ""),
  17: (text) => text.slice(2),
};

export function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === "40001" || code === "40P01";
}

/**
 * JSON texts as one parameter, for `jsonTexts`: escaping the quotes of JSON for an array literal would double it. What
 * stands between the texts cannot occur in one: JSON allows no bare control character but tab and line ends.
 */
export function joinedJson(texts: readonly (string | null)[]): string {
  return texts.map((text) => text ?? noText).join(between);
}
/** The SQL that makes an array of `parameter` again. */
export const jsonTexts = (parameter: string) => `string_to_array(${parameter}::text, chr(30), chr(31))`;
const between = "\u001e";
const noText = "\u001f";

/** An array parameter as PostgreSQL's literal, so that both drivers take the same text. */
export function arrayLiteral(values: readonly unknown[]): string {
  let literal = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) literal += ",";
    const value = values[i];
    if (value === null || value === undefined) literal += "NULL";
    else if (typeof value === "string") literal += `"${value.replace(/[\\"]/g, "\\$&")}"`;
    else literal += String(value);
  }
  return `${literal}}`;
}
