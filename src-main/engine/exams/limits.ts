/** The practice's own limits: kept as settings, heeded by every command that judges powers and measurements. */
import { z } from "zod";
import { sha1 } from "../../../replica/crypto.ts";
import {
  type EffectiveTables,
  type LimitTable,
  type LimitTables,
  limitsKey,
  limitsPrefix,
  limitTables,
  type OwnTables,
  tableOfKey,
  tableProblem,
  tablesOf,
} from "../../../src-shared/optics/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { derivedId } from "../../../src-shared/sync/ids.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { bytes, type Reader } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";

const table = z.enum(limitTables as [LimitTable, ...LimitTable[]]);

/** Keeps a whole table as the practice's own, with the day and the source of its numbers. */
export const saveLimits = defineCommand({
  name: "exams.save-limits",
  permission: "fields:manage",
  input: z.object({ table, value: z.record(z.string(), z.unknown()) }),
  run(tx, { table: name, value }) {
    const problem = tableProblem(name, value);
    if (problem) throw refuse("LIMITS", problem.message, { table: name, field: problem.path });
    return { changed: keep(tx, name, value) };
  },
});

/** What was delivered holds again. */
export const resetLimits = defineCommand({
  name: "exams.reset-limits",
  permission: "fields:manage",
  input: z.object({ table }),
  run: (tx, { table: name }) => ({ changed: keep(tx, name, null) }),
});

/** One register a table, also for giving it up, so that of two devices the later decision stands. */
function keep(tx: Transaction, name: LimitTable, value: unknown): boolean {
  const key = limitsKey(name);
  const id = tx.derive(settingOf(tx.practice, key));
  if (!tx.get("setting", id)) {
    if (value === null) return false;
    tx.insertOnce("setting", id, { key, value: null }, null);
  }
  return tx.patch("setting", id, { value }, null);
}

const settingOf = (practice: Id, key: string) => ({ subject: practice, reaction: `setting:${key}`, index: 0 });

interface Kept {
  readonly id: Id;
  readonly key: string;
  readonly value: string;
}

function keptIn(read: Pick<Reader, "sql">, practice: Id): Kept[] {
  const rows = read.sql<Kept>(
    "select id, key, value from setting where deleted=0 and key like ? order by id",
    `${limitsPrefix}%`,
  );
  // Whatever row says so: only the one of the setting's own id counts, as for every setting.
  return rows.filter(({ id, key }) => id === derivedId(sha1, practice, settingOf(practice, key)));
}

function readKept(rows: readonly Kept[]): OwnTables {
  const own: Partial<Record<LimitTable, unknown>> = {};
  for (const { key, value } of rows) {
    const name = tableOfKey(key);
    if (name) own[name] = JSON.parse(value);
  }
  return own;
}

/** What was read last, by the text that it was read from: autosave asks several times a minute, settings change rarely. */
let last: { readonly text: string; readonly effective: EffectiveTables } | null = null;

/** The tables that hold in the practice, parsed once per change of its settings. */
export function limitsOf(read: Pick<Reader, "sql">, practice: Id): LimitTables {
  const rows = keptIn(read, practice);
  const text = rows.map(({ key, value }) => `${key}\n${value}\n`).join("");
  if (last?.text !== text) last = { text, effective: tablesOf(readKept(rows)) };
  return last.effective.tables;
}

export interface LimitChange {
  readonly table: LimitTable;
  readonly who: string | null;
  readonly at: number;
}

/** The practice's own tables as they were kept, and who changed each last. */
export function ownLimits(read: Pick<Reader, "sql">, practice: Id): { own: OwnTables; changes: LimitChange[] } {
  const rows = keptIn(read, practice);
  const changes = rows.flatMap(({ id, key }) => {
    const name = tableOfKey(key);
    const [change] = read.sql<{ who: string | null; at: number }>(
      `select u.display_name as who, a.at from audit_entry a left join app_user u on u.id = a.user_id
        where a.subject_id = ? order by a.at desc limit 1`,
      bytes(id),
    );
    return name && change ? [{ table: name, ...change }] : [];
  });
  return { own: readKept(rows), changes };
}
