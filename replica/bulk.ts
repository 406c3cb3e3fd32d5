/**
 * Fills a new, empty replica with settled rows faster than one by one: whole pages as JSON that SQLite itself takes
 * apart, without folds (the rows bring theirs), indexes made afterwards, words to search by sorted first. There is no
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
  db.exec("create table token_stage (token text not null, patient_id blob not null)");
  const inserts = new Map<string, Statement>();
  const stage = db.prepare(
    "insert into token_stage select t.value, unhex(j.value->>0,'-') from jsonb_each(?) j, json_each(j.value,'$[1]') t",
  );
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
      if (entity === patient) stage.run(tokensOf(rows));
    },
    finish() {
      db.exec(
        "insert or ignore into patient_token (token, patient_id) select token, patient_id from token_stage order by 1, 2",
      );
      for (const { sum, name } of allEntities) {
        if (!sum) continue;
        const keys = sum.keys.join(",");
        db.exec(
          `insert into "${sum.table}" (${keys},${sum.column}) select ${keys}, sum("${sum.amount}") from "${name}" group by ${keys}`,
        );
      }
      db.exec("drop table token_stage");
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
  db.pragma("cache_size=-32768");
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

/** `[[id, [words…]], …]` of the patients on a page who can be found. */
function tokensOf(rows: string): string {
  const parts: string[] = [];
  for (const values of JSON.parse(rows) as unknown[][]) {
    const row: Record<string, unknown> = {};
    patientColumns.forEach((column, index) => {
      row[column] = values[index];
    });
    if (row.deleted || row.merged_into_id) continue;
    parts.push(JSON.stringify([row.id, patientTokens(row)]));
  }
  return `[${parts.join(",")}]`;
}
