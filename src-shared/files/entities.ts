import { defineEntity } from "../sync/entity.ts";
import { idField, instant, int, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";

/**
 * A file beside a patient's record. The row says what it is and how to open it; its bytes are a blob, encrypted under
 * the row's key and named by the SHA-256 of what is stored, so that whoever keeps it cannot read it.
 */
export const attachment = defineEntity({
  name: "attachment",
  kind: "register",
  stream: "subject",
  fields: {
    subject_entity: text(60),
    subject_id: idField(),
    patient_id: nullable(idField("patient")),
    branch_id: nullable(idField("branch")),
    name: text(),
    kind: unknownAs("document", oneOf("photograph", "fundus", "oct", "visual_field", "letter", "document")),
    eye: nullable(oneOf("r", "l", "b")),
    taken_at: nullable(instant()),
    /** By its first bytes, never by its name. */
    mime: text(80),
    /** In bytes, before encryption. */
    size: int(1, 1_000_000_000),
    /** SHA-256 of the encrypted bytes, hex. */
    blob: text(64),
    blob_size: int(1, 1_100_000_000),
    /** 32 bytes, base64url. */
    blob_key: text(64),
    note: nullable(text(1000)),
    user_id: nullable(idField("app_user")),
    at: instant(),
    stream: oneOf("org", "jobs", "people", "clinical", "money", "cases"),
  },
  author: "user_id",
  fixed: [
    "subject_entity",
    "subject_id",
    "patient_id",
    "branch_id",
    "mime",
    "size",
    "blob",
    "blob_size",
    "blob_key",
    "user_id",
    "at",
    "stream",
  ],
  permissions: {
    insert: "documents:upload",
    // Who may not see a clinical image does not rename it, nor take it away.
    patch: ({ row }) => (row?.stream === "clinical" ? "patients:view_clinical" : "documents:upload"),
  },
});
