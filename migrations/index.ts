/** The one numbered list of migrations, for replicas and the centre alike. Numbers rise by ten; nothing is removed. */
import { migration010 } from "./010-first.ts";
import { migration020 } from "./020-proven.ts";
import { migration030 } from "./030-exam-room.ts";
import { migration040 } from "./040-moving-in.ts";
import { migration050 } from "./050-intermediate-add.ts";
import { migration060 } from "./060-parts-of-names.ts";
import { type SchemaWriter, schemaWriter, type Target } from "./schema.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  up(db: SchemaWriter): void;
}

/**
 * What each schema brought, for whoever wonders what a device of an older one does not have. A new value of a closed
 * list is a change of schema too, and takes a migration without statements: a centre that does not know the value must
 * not be sent it.
 *
 * - 10: everything that the first version has.
 * - 20: tables of the centre only: baked files, cursors of devices, the floor of the log.
 * - 30: what an exam consists of beside its columns; forms and questions; bookings; attachments; consents, family links,
 *   history and imports of patients; contact lens specifications and referrals.
 * - 40: the recall that a patient was brought over with, the sale that a brought balance was paid or used in, `credit`
 *   among the ways of paying.
 * - 50: the addition for between as part of a prescription.
 * - 60: no column; patients are found by the parts of a double-barrelled name.
 */
export const migrations: readonly Migration[] = [
  migration010,
  migration020,
  migration030,
  migration040,
  migration050,
  migration060,
];
/** The schema that this version reads and writes; travels in every header and hello. */
export const schemaVersion = migrations[migrations.length - 1]?.number ?? 0;

/** The statements of one migration for one database. */
export function statementsOf(migration: Migration, target: Target): string[] {
  const { writer, statements } = schemaWriter(target);
  migration.up(writer);
  return statements;
}
