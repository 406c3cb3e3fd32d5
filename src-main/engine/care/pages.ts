/**
 * Reads a damaged replica page by page. SQLite itself gives up a whole table when one page above its rows is gone, and
 * the whole file when its first page is. Here the pages are laid into a file of our own making, under the same key,
 * whose schema says of every page that it is a table: those that still authenticate give their rows, the others nothing.
 */
import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Sqlite } from "../../../replica/open.ts";
import { pageSize, pagesInLog } from "./log-pages.ts";

const carrierFile = "reading.tmp";
/** Pages that have a table in the reading schema at once; with more it would only be slower to parse. */
const atOnce = 1000;
/** As many as the widest table that is looked for has; the rows of a narrower one end in nulls. */
const columns = "abcdefghijkl".split("").join(", ");

/** One row as its page holds it: the values in the order in which they are stored, `rowid` where the table has one. */
export interface FoundRow {
  readonly rowid: number | null;
  readonly values: readonly unknown[];
}

/**
 * Hands every row of the device's own tables that can still be read of the file at `path` and its `-wal` to `found`; a
 * row may come more than once, and older than it last was. Works on a copy in `workFolder` that goes away again.
 */
export function readPages(path: string, key: Uint8Array, workFolder: string, found: (row: FoundRow) => void): void {
  const carrier = join(workFolder, carrierFile);
  removeCarrier(workFolder);
  try {
    const ownPages = Math.ceil(statSync(path).size / pageSize);
    const log = pagesInLog(`${path}-wal`, ownPages);
    const pages = Math.max(ownPages, ...log.keys());
    makeCarrier(carrier, key, pages);
    copyPages(path, carrier);
    for (const [page, forms] of log) writePage(carrier, page, forms.at(-1));
    // Pages whose last form in the log does not read are looked for in their earlier forms there, then in the file.
    let lost = readCarrier(carrier, key, pageRange(2, pages), found).filter((page) => log.has(page));
    for (let back = 2; lost.length > 0; back++) {
      const tried = lost.filter((page) => back <= (log.get(page)?.length ?? 0) + 1);
      for (const page of tried) writePage(carrier, page, log.get(page)?.at(-back) ?? readPage(path, page));
      lost = readCarrier(carrier, key, tried, found);
    }
  } finally {
    removeCarrier(workFolder);
  }
}

/** Whether the key opens any page of the file but the first: then it is the right key, and the first page is damaged. */
export function opensSomePage(path: string, key: Uint8Array, workFolder: string): boolean {
  const carrier = join(workFolder, carrierFile);
  removeCarrier(workFolder);
  try {
    const pages = Math.ceil(statSync(path).size / pageSize);
    makeCarrier(carrier, key, pages);
    copyPages(path, carrier);
    // Of a few hundred pages in a row, some are leaves.
    const tried = pageRange(2, Math.min(pages, 400));
    return readCarrier(carrier, key, tried, () => {}).length < tried.length;
  } finally {
    removeCarrier(workFolder);
  }
}

/** Takes away the copy that pages were read in, also one that a power cut left behind. */
export function removeCarrier(workFolder: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) {
    rmSync(join(workFolder, `${carrierFile}${suffix}`), { force: true });
  }
}

function pageRange(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

/** A file under the same key with at least as many pages and, behind them, a schema of tables that begin anywhere. */
function makeCarrier(path: string, key: Uint8Array, pages: number): void {
  const db = openUnsafely(path, key);
  db.exec("create table filler (bytes)");
  const fill = db.prepare("insert into filler values (zeroblob(?))");
  // A blob has a largest size; a replica has none.
  for (let left = pages * pageSize; left > 0; left -= 2 ** 28) fill.run(Math.min(left, 2 ** 28));
  for (const [kind, end] of [
    ["t", ")"],
    ["i", ", primary key (a, b)) without rowid"],
  ]) {
    db.exec(
      `with recursive n(n) as (select 1 union all select n + 1 from n where n < ${Math.min(atOnce, pages)})
       insert into sqlite_schema (type, name, tbl_name, rootpage, sql)
       select 'table', '${kind}' || n, '${kind}' || n, n, 'create table ${kind}' || n || ' (${columns}${end}' from n`,
    );
  }
  db.close();
}

/** Reads each of these pages as if a table began there; returns those that gave nothing. */
function readCarrier(
  path: string,
  key: Uint8Array,
  pages: readonly number[],
  found: (row: FoundRow) => void,
): number[] {
  const lost: number[] = [];
  for (let from = 0; from < pages.length; from += atOnce) {
    const these = pages.slice(from, from + atOnce);
    let db = openUnsafely(path, key);
    db.prepare(
      `update sqlite_schema set rootpage = ifnull(json_extract(?, '$[' || (substr(name, 2) - 1) || ']'), 2)
       where name <> 'filler'`,
    ).run(JSON.stringify(these));
    db.close();
    // Opened anew: the schema is parsed when it is first asked for.
    db = openUnsafely(path, key);
    try {
      these.forEach((page, n) => {
        if (!readTable(db, `t${n + 1}`, found) && !readTable(db, `i${n + 1}`, found)) lost.push(page);
      });
    } finally {
      db.close();
    }
  }
  return lost;
}

/** More rows than a page can have; those of the pages below it are read there. */
const most = 2000;
/** What tells rows of the device's own tables from those of the practice, of which there may be millions. */
const wanted: Record<string, string> = {
  t: "typeof(b) = 'blob' or typeof(a) = 'blob'",
  i: `typeof(a) = 'integer' or (typeof(a) = 'text' and typeof(b) in ('text', 'integer'))
      or (typeof(a) = 'blob' and typeof(b) = 'text' and typeof(c) = 'integer')`,
};

/**
 * Reads as far as it goes from the front, and then from the back: in a tree of keys rows stand above other pages too,
 * and a damaged one below has two sides.
 */
function readTable(db: Sqlite, name: string, found: (row: FoundRow) => void): boolean {
  const kind = name.slice(0, 1);
  for (const order of kind === "t" ? [""] : ["", "order by a desc"]) {
    try {
      const all = `select ${kind === "t" ? "rowid" : "null"} as at, ${columns} from ${name} ${order} limit ${most}`;
      const rows = db.prepare(`select * from (${all}) where ${wanted[kind]}`).raw();
      for (const [at, ...values] of rows.iterate() as IterableIterator<unknown[]>)
        found({ rowid: at as number | null, values });
      return true;
    } catch {
      // Damaged here, or a page of another kind.
    }
  }
  return false;
}

function openUnsafely(path: string, key: Uint8Array): Sqlite {
  const db = new Database(path);
  db.pragma("cipher='aegis'");
  db.pragma(`key="x'${Buffer.from(key).toString("hex")}'"`);
  db.unsafeMode();
  db.pragma("writable_schema=ON");
  db.pragma("journal_mode=OFF");
  db.pragma("synchronous=OFF");
  return db;
}

/** All pages of the file but the first, which says what file this is. */
function copyPages(from: string, to: string): void {
  const source = openSync(from, "r");
  const target = openSync(to, "r+");
  const buffer = Buffer.alloc(1 << 20);
  try {
    for (let at = pageSize; ; ) {
      const read = readSync(source, buffer, 0, buffer.length, at);
      if (read === 0) return;
      writeSync(target, buffer, 0, read, at);
      at += read;
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

function writePage(path: string, page: number, bytes: Buffer | undefined): void {
  if (page === 1 || !bytes) return;
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, (page - 1) * pageSize);
  } finally {
    closeSync(file);
  }
}

function readPage(path: string, page: number): Buffer {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(pageSize);
  try {
    readSync(file, bytes, 0, pageSize, (page - 1) * pageSize);
  } finally {
    closeSync(file);
  }
  return bytes;
}
