/**
 * Fills a new, empty replica with settled rows faster than one by one: whole pages as JSON that SQLite itself takes
 * apart, without folds (the rows bring theirs), what patients are found by in its order, indexes made afterwards. There is no
 * journal: a file whose filling was cut off is thrown away.
 */
import type { Statement } from "better-sqlite3";
import type { Field } from "../src-shared/sync/fields.ts";
import { type AnyEntity, allEntities, entityOf } from "../src-shared/sync/registry.ts";
import { storedColumns } from "./columns.ts";
import { migrateReplica, type Sqlite } from "./open.ts";
import { createSearchFiller } from "./search-index.ts";

export interface BulkLoad {
  /**
   * `count` rows of one entity: a JSON array of arrays, values in the order of `storedColumns`. Ids are hex with or
   * without hyphens, stamps hex, JSON columns their text, numbers may be texts of digits.
   */
  add(entity: string, rows: string, count: number): void;
  /** Makes sums, the search and indexes; the file is whole afterwards, but nothing has been forced to the disk. */
  finish(): void;
}

const patient = entityOf("patient");

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
  const search = createSearchFiller(db);
  db.exec("begin");
  return {
    add(name, rows, count) {
      const entity = entityOf(name);
      let insert = inserts.get(name);
      if (!insert) {
        insert = db.prepare(insertFromJson(entity));
        inserts.set(name, insert);
      }
      insert.run(rows);
      if (entity === patient) search.added(count);
    },
    finish() {
      search.finish();
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
  db.pragma("cache_size=-8192");
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
