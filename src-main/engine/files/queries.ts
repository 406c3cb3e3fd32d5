/** The files beside a record, as far as this device and this person may see them. */
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { recordIds } from "../patients/summary.ts";
import { db, type Reader } from "../read/database.ts";

export interface FileRow {
  readonly id: Id;
  readonly subject_entity: string;
  readonly subject_id: Id;
  readonly name: string;
  readonly kind: string;
  readonly eye: string | null;
  readonly taken_at: number | null;
  readonly mime: string;
  readonly size: number;
  readonly blob: string;
  readonly blob_size: number;
  readonly note: string | null;
  readonly at: number;
  readonly by: string | null;
  readonly stream: string;
  readonly patient_id: Id | null;
}

function shown() {
  return db
    .selectFrom("attachment as f")
    .leftJoin("app_user as u", "u.id", "f.user_id")
    .select([
      ...(["f.id", "f.subject_entity", "f.subject_id", "f.name", "f.kind", "f.eye", "f.taken_at", "f.mime"] as const),
      ...([
        "f.size",
        "f.blob",
        "f.blob_size",
        "f.note",
        "f.at",
        "f.stream",
        "f.patient_id",
        "u.display_name as by",
      ] as const),
    ])
    .where("f.deleted", "=", 0)
    .orderBy("f.at", "desc");
}

/** All of a patient's, on whichever of their records, whatever they stand beside; the newest first. */
export function filesOfPatient(read: Reader, patient: Id): FileRow[] {
  return read.all(shown().where("f.patient_id", "in", recordIds(read, patient))) as FileRow[];
}
/** Those of one exam, case or patient. */
export function filesOfSubject(read: Reader, { entity, id }: { entity: string; id: Id }): FileRow[] {
  return read.all(shown().where("f.subject_id", "=", id).where("f.subject_entity", "=", entity)) as FileRow[];
}

/**
 * One file with its key.
 *
 * @throws Refusal `NOT_FOUND`.
 */
export function fileWithKey(read: Reader, id: Id) {
  const row = read.first(
    db
      .selectFrom("attachment")
      .select(["name", "mime", "size", "blob", "blob_size", "blob_key", "stream", "patient_id"])
      .where("id", "=", id)
      .where("deleted", "=", 0),
  );
  if (!row) throw refuse("NOT_FOUND", "This file is not in the record any more. Somebody may have removed it.");
  return row;
}

/** Whom files stand beside, to hold against whom they name themselves; null for a patient who is not here. */
export function patientOf(read: Reader, id: Id) {
  const row = read.first(
    db.selectFrom("patient").select(["given_name", "family_name", "date_of_birth", "number"]).where("id", "=", id),
  );
  return row
    ? {
        givenName: row.given_name,
        familyName: row.family_name,
        dateOfBirth: row.date_of_birth,
        number: row.number,
      }
    : null;
}

/** Records that name one of these blobs, each blob once. */
export function namedBy(read: Reader, blobs: readonly string[]) {
  if (blobs.length === 0) return [];
  return read.all(
    db
      .selectFrom("attachment")
      .leftJoin("patient as p", "p.id", "attachment.patient_id")
      .select([
        ...(["attachment.id", "attachment.name", "attachment.blob", "attachment.blob_size"] as const),
        ...([
          "attachment.stream",
          "attachment.patient_id",
          "p.given_name as given",
          "p.family_name as family",
        ] as const),
      ])
      .where("attachment.blob", "in", [...blobs])
      .groupBy("attachment.blob"),
  );
}

/** How many files there are by the records here, and what they take, encrypted bytes. */
export function sizeOfAll(read: Reader): { count: number; practice: number } {
  const all = read.all(db.selectFrom("attachment").select(["blob_size"]).where("deleted", "=", 0).groupBy("blob"));
  return { count: all.length, practice: all.reduce((sum, { blob_size }) => sum + blob_size, 0) };
}
