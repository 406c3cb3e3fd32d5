/**
 * Fills a new, empty replica with settled rows faster than one by one: whole pages as JSON that SQLite itself takes
 * apart, without folds (the rows bring theirs), words to search by in their order, indexes made afterwards. There is no
 * journal: a file whose filling was cut off is thrown away.
 */
import type { Statement } from "better-sqlite3";
import type { Field } from "../src-shared/sync/fields.ts";
import { type AnyEntity, allEntities, entityOf } from "../src-shared/sync/registry.ts";
import { storedColumns } from "./columns.ts";
import { migrateReplica, type Sqlite } from "./open.ts";
import { patientTokens } from "./search.ts";

export interface BulkLoad {
  /**
   * Rows of one entity: a JSON array of arrays, values in the order of `storedColumns`. Ids are hex with or without
   * hyphens, stamps hex, JSON columns their text.
   */
  add(entity: string, rows: string): void;
  /** Makes sums, words and indexes; the file is whole afterwards, but nothing has been forced to the disk. */
  finish(): void;
}

const patient = entityOf("patient");
const patientColumns = storedColumns(patient);

/** Takes an open replica's file that holds nothing yet. */
export function beginBulkLoad(db: Sqlite): BulkLoad {
  withoutJournal(db);
  migrateReplica(db, db.name);
  const indexes = db.prepare("select name, sql from sqlite_master where type='index' and sql is not null").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of indexes) db.exec(`drop index "${name}"`);
  const inserts = new Map<string, Statement>();
  const words = createWords(db);
  db.exec("begin");
  return {
    add(name, rows) {
      const entity = entityOf(name);
      let insert = inserts.get(name);
      if (!insert) {
        insert = db.prepare(insertFromJson(entity));
        inserts.set(name, insert);
      }
      insert.run(rows);
      if (entity === patient) words.add(rows);
    },
    finish() {
      words.write();
      for (const { sum, name } of allEntities) {
        if (!sum) continue;
        const keys = sum.keys.join(",");
        db.exec(
          `insert into "${sum.table}" (${keys},${sum.column}) select ${keys}, sum("${sum.amount}") from "${name}" group by ${keys}`,
        );
      }
      for (const { sql } of indexes) db.exec(sql);
      db.exec("commit");
    },
  };
}

/** For a file that is thrown away if anything happens while it is made. */
export function withoutJournal(db: Sqlite): void {
  db.pragma("journal_mode=DELETE");
  db.pragma("journal_mode=OFF");
  db.pragma("synchronous=OFF");
  db.pragma("foreign_keys=OFF");
  db.pragma("cache_size=-16384");
}

function insertFromJson(entity: AnyEntity): string {
  const columns = storedColumns(entity);
  const values = columns.map((name, index) => {
    const value = `j.value->>${index}`;
    if (name === "id") return `unhex(${value},'-')`;
    if (name === "hlc") return `unhex(${value},'\\x')`;
    const field = (entity.fields[name] ?? entity.fold?.columns[name]) as Field | undefined;
    if (field?.type === "id") return `unhex(${value},'-')`;
    if (field?.type === "hlc") return `unhex(${value},'\\x')`;
    return value;
  });
  const list = columns.map((name) => `"${name}"`).join(",");
  return `insert into "${entity.name}" (${list}) select ${values.join(",")} from jsonb_each(?) j`;
}

/** Patients whose words are gathered before they are written: a few megabytes. */
const patientsAtOnce = 8_000;
/** Pairs of word and patient in one statement. */
const pairsAtOnce = 20_000;

/**
 * The words that patients are found by. They are written in their own order, which costs a fraction of writing them in
 * the order of patients; patients come in the order of their ids, so that only the words have to be sorted.
 */
function createWords(db: Sqlite) {
  const insert = db.prepare(
    `insert or ignore into patient_token (token, patient_id)
     select j.value->>0, unhex(p.value,'-') from jsonb_each(?) j, json_each(j.value,'$[1]') p`,
  );
  let byWord = new Map<string, string>();
  let count = 0;

  function write(): void {
    let parts: string[] = [];
    let pairs = 0;
    for (const word of [...byWord.keys()].sort()) {
      const ids = byWord.get(word) as string;
      parts.push(`[${JSON.stringify(word)},[${ids}]]`);
      pairs += ids.length / 35;
      if (pairs < pairsAtOnce) continue;
      insert.run(`[${parts.join(",")}]`);
      parts = [];
      pairs = 0;
    }
    insert.run(`[${parts.join(",")}]`);
    byWord = new Map();
    count = 0;
  }
  return {
    /** Those of the patients on a page who can be found. */
    add(rows: string): void {
      for (const values of JSON.parse(rows) as unknown[][]) {
        const row: Record<string, unknown> = {};
        patientColumns.forEach((column, index) => {
          row[column] = values[index];
        });
        if (row.deleted || row.merged_into_id) continue;
        const id = `"${row.id}"`;
        for (const word of patientTokens(row)) {
          const ids = byWord.get(word);
          byWord.set(word, ids === undefined ? id : `${ids},${id}`);
        }
        count += 1;
      }
      if (count >= patientsAtOnce) write();
    },
    write,
  };
}
