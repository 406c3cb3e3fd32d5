/** The practice's own limits: kept as settings, heeded by every command that judges powers and measurements. */
import { z } from "zod";
import { sha1 } from "../../../replica/crypto.ts";
import { isDate, localDate } from "../../../src-shared/calendar/index.ts";
import {
  asDelivered,
  type LimitTable,
  type LimitTables,
  limitsKey,
  limitsPrefix,
  limitTables,
  type TableVersion,
  tableProblem,
  tablesOn,
  tableVersion,
  versionInForce,
} from "../../../src-shared/optics/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { derivedId } from "../../../src-shared/sync/ids.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { bytes, type Reader } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";

const table = z.enum(limitTables as [LimitTable, ...LimitTable[]]);

/** The day from which a version counts: today at the branch or later, so that what is over is judged as it was. */
const begins = z.string().refine(isDate, "It is a date.").optional();

/** Keeps a whole table as the practice's own from a day on, with the source of its numbers. */
export const saveLimits = defineCommand({
  name: "exams.save-limits",
  permission: "fields:manage",
  input: z.object({ table, value: z.record(z.string(), z.unknown()), from: begins }),
  run(tx, { table: name, value, from }) {
    const problem = tableProblem(name, value);
    if (problem) throw refuse("LIMITS", problem.message, { table: name, field: problem.path });
    return keep(tx, name, value, from);
  },
});

/** What was delivered holds again, from a day on. */
export const resetLimits = defineCommand({
  name: "exams.reset-limits",
  permission: "fields:manage",
  input: z.object({ table, from: begins }),
  run: (tx, { table: name, from }) => keep(tx, name, asDelivered, from),
});

/** Takes back a version that has not begun. One that has stays: somebody may have been judged by it. */
export const withdrawLimits = defineCommand({
  name: "exams.withdraw-limits",
  permission: "fields:manage",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const { key, value } = tx.need("setting", id);
    const version = tableVersion(key, value);
    if (!version) throw refuse("WITHDRAWN", "This version was taken back already.");
    if (version.from <= todayIn(tx))
      throw refuse("BEGUN", "These limits count already. Save other ones, which count from today on.");
    return { changed: tx.patch("setting", id, { value: null }, null) };
  },
});

/** A version of its own for every save: of two devices both stay, and the later one of a day stands. */
function keep(tx: Transaction, name: LimitTable, value: unknown, wanted?: string) {
  const today = todayIn(tx);
  if (wanted !== undefined && wanted < today)
    throw refuse("OVER", "Limits count from today on or later: what is over stays judged as it was.", {
      field: "from",
    });
  const versions = versionsIn(tx, tx.practice);
  // A clock that was wrong when another version was saved does not keep this one from being the later.
  const others = versions.filter((version) => version.table === name).map(({ savedAt }) => savedAt + 1);
  const key = limitsKey({ table: name, from: wanted ?? today, savedAt: Math.max(tx.now, ...others) });
  const from = tableVersion(key, value)?.from ?? today;
  const standing = versionInForce(versions, name, from)?.value ?? asDelivered;
  if (JSON.stringify(standing) === JSON.stringify(value)) return { changed: false, from };
  const id = tx.derive(settingOf(tx.practice, key));
  tx.insertOnce("setting", id, { key, value }, null);
  return { changed: true, from };
}

const todayIn = (tx: Pick<Transaction, "now" | "branch" | "get">) =>
  localDate(tx.now, tx.get("branch", tx.branch)?.time_zone ?? "Europe/London");

const settingOf = (practice: Id, key: string) => ({ subject: practice, reaction: `setting:${key}`, index: 0 });

interface Kept {
  readonly id: Id;
  readonly key: string;
  readonly value: string;
}

function keptIn(read: Pick<Reader, "sql">, practice: Id): Kept[] {
  const rows = read.sql<Kept>(
    "select id, key, value from setting where deleted=0 and key like ? order by key",
    `${limitsPrefix}%`,
  );
  // Whatever row says so: only the one of the setting's own id counts, as for every setting.
  return rows.filter(({ id, key }) => id === derivedId(sha1, practice, settingOf(practice, key)));
}

type KeptVersion = TableVersion & { readonly id: Id };

/** What was read last, by the text that it was read from: autosave asks several times a minute, settings change rarely. */
let last: { readonly text: string; readonly versions: readonly KeptVersion[] } | null = null;

function versionsIn(read: Pick<Reader, "sql">, practice: Id): readonly KeptVersion[] {
  const rows = keptIn(read, practice);
  const text = rows.map(({ key, value }) => `${key}\n${value}\n`).join("");
  if (last?.text !== text) {
    const versions = rows.flatMap(({ id, key, value }) => {
      const version = tableVersion(key, JSON.parse(value));
      return version ? [{ ...version, id }] : [];
    });
    // In the order in which they were made; ids have none.
    last = { text, versions: versions.sort((a, b) => a.savedAt - b.savedAt || (a.id < b.id ? -1 : 1)) };
  }
  return last.versions;
}

/** The tables that are in force in the practice on a day of the branch, `YYYY-MM-DD`. */
export function limitsOn(read: Pick<Reader, "sql">, practice: Id, day: string): LimitTables {
  return tablesOn(versionsIn(read, practice), day).tables;
}

/** The tables that are in force while a command runs. */
export function limitsOf(tx: Pick<Transaction, "sql" | "now" | "branch" | "get">, practice: Id): LimitTables {
  return limitsOn(tx, practice, todayIn(tx));
}

/** All versions of the practice's own tables, and who saved each when. */
export function limitVersions(read: Pick<Reader, "sql">, practice: Id) {
  return versionsIn(read, practice).map((version) => {
    const [saved] = read.sql<{ who: string | null; at: number }>(
      `select u.display_name as who, a.at from audit_entry a left join app_user u on u.id = a.user_id
        where a.subject_id = ? order by a.at limit 1`,
      bytes(version.id),
    );
    return { ...version, who: saved?.who ?? null, at: saved?.at ?? version.savedAt };
  });
}
