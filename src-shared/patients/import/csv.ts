/**
 * Comma-separated values by RFC 4180, as other systems write them: any of three separators, quotes doubled inside
 * quotes, line ends of any kind, line ends inside quotes.
 */

export const separators = [",", ";", "\t"] as const;
export type Separator = (typeof separators)[number];

export interface CsvRow {
  /** The line of the file on which the row begins, from 1: what an editor shows. */
  readonly line: number;
  readonly cells: readonly string[];
}
export interface CsvTable {
  readonly rows: readonly CsvRow[];
  /** The line on which a quote was opened that nothing closes; everything after it is in one cell. */
  readonly unclosed: number | null;
}

/** Reads a whole text. Lines of nothing are left out; a byte order mark in front is no part of the first cell. */
export function readCsv(text: string, separator: Separator): CsvTable {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let began = 1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let unclosed: number | null = null;

  while (at < text.length || cells.length > 0) {
    let cell = "";
    if (text[at] === '"') {
      const quote = quoted(text, at);
      if (!quote.closed) unclosed = line;
      line += quote.lines;
      cell = quote.cell;
      at = quote.next;
    }
    // What stands behind a closing quote belongs to the cell all the same: `"Flat 2" rear` is read, not dropped.
    const end = plain(text, at, separator);
    cells.push(cell + text.slice(at, end));
    at = end;
    if (text[at] === separator) {
      at += 1;
      continue;
    }
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: began, cells });
    cells = [];
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    line += 1;
    began = line;
  }
  return { rows, unclosed };
}

/** The end of an unquoted cell from `at`. */
function plain(text: string, at: number, separator: Separator): number {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return end;
}

function quoted(text: string, at: number): { cell: string; next: number; lines: number; closed: boolean } {
  let cell = "";
  let lines = 0;
  let from = at + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    const part = text.slice(from, close === -1 ? text.length : close);
    lines += lineEnds(part);
    cell += part;
    if (close === -1) return { cell, next: text.length, lines, closed: false };
    if (text[close + 1] !== '"') return { cell, next: close + 1, lines, closed: true };
    cell += '"';
    from = close + 2;
  }
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** Writes rows with CRLF, quotes where they are needed. */
export function writeCsv(rows: readonly (readonly string[])[], separator: Separator = ","): string {
  const needs = new RegExp(`["\r\n\uFEFF${separator}]`);
  const cell = (value: string) => (needs.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => `${row.map(cell).join(separator)}\r\n`).join("");
}

/** The separator that parts the first lines most evenly; a comma where none does. */
export function detectSeparator(text: string): Separator {
  const head = text.slice(0, 20_000);
  const scored = separators.map((separator) => {
    const rows = readCsv(head, separator).rows.slice(0, 20);
    const columns = rows[0]?.cells.length ?? 1;
    const even = rows.filter(({ cells }) => cells.length === columns).length / Math.max(1, rows.length);
    return { separator, score: columns > 1 ? columns * even : 0 };
  });
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).separator;
}
