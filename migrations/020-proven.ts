/**
 * What bootstrap by file, retention and held work need at the centre: files baked for devices, how far every device has
 * read, and where the log begins now that its old end may be cut off. Patients are found by another index.
 */
import type { SchemaWriter } from "./schema.ts";

export const migration020 = {
  number: 20,
  name: "proven",
  up(db: SchemaWriter): void {
    const only = "postgres" as const;
    // `sealed_key`: the file's key, sealed to the device; `wrapped_key`: until the device is known, to the server.
    // `seq`, `size`, `sha256`: once `state` is no longer `baking` but `ready`.
    db.table(
      "baked_file",
      {
        practice_id: "id",
        id: "id",
        code_hash: "text?",
        device_id: "id?",
        profile: "text",
        server_epoch: "text",
        seq: "int",
        schema: "int",
        state: "text",
        size: "int",
        sha256: "text?",
        wrapped_key: "text?",
        sealed_key: "text?",
        expires_at: "int",
      },
      ["practice_id", "id"],
      { only },
    );
    // `authz`: the oldest permission version that anything waiting on the device names.
    db.table(
      "device_cursor",
      { practice_id: "id", device_id: "id", server_epoch: "text", seq: "int", authz: "int", seen_at: "int" },
      ["practice_id", "device_id"],
      { only },
    );
    db.addColumns("review_task", { owner_id: "id?" });
    // What is open is counted with every change of the sync pill; what was decided stays for ever.
    db.index("review_task_open", "review_task", ["decided_at"]);
    // What patients are found by carries the name in every entry now (made anew by the replica), and nothing looks for a
    // patient's entries any more: they follow from the patient.
    db.raw("sqlite", 'drop index "patient_token_patient"');
    if (db.target === "postgres") {
      // The highest position that was cut off the log; null while it is whole.
      db.addColumns("practice_head", { log_floor: "int?" });
      // What a device said it has, at its first hello to a restored centre: until it is here, others may wait for it.
      db.addColumns("device_state", { claimed_seq: "int?", claimed_epoch: "text?", claimed_at: "int?" });
    }
  },
};
