/**
 * What the exam room, the day list, files and the patient on one screen need: entries and items of an exam beside its
 * columns, forms and questions that a practice defines, bookings, attachments, consents, family, imports.
 */
import type { SchemaWriter } from "./schema.ts";

export const migration030 = {
  number: 30,
  name: "exam-room",
  up(db: SchemaWriter): void {
    examTables(db);
    schedulingTables(db);
    patientTables(db);
    fileTables(db);
    centreTables(db);
  },
};

function examTables(db: SchemaWriter): void {
  db.addColumns("exam", {
    kind: "text?",
    appointment_id: "id?",
    early_recall: "text?",
    recall_reason: "text?",
    rx_months: "int?",
    purpose: "text?",
  });
  db.entity("exam_entry", { exam_id: "id", key: "text", value: "json?" }, { mergeable: true });
  db.entity("exam_item", { exam_id: "id", list: "text", data: "json" }, { mergeable: true });
  db.entity("exam_submission", {
    exam_id: "id",
    patient_id: "id",
    branch_id: "id",
    content: "text",
    sha256: "text",
    folded: "json",
    author_id: "id",
    at: "int",
  });
  db.addColumns("exam_record", { prepared_by_id: "id?", submission_id: "id?" });
  db.entity("exam_form", { role_id: "id?", sections: "json" }, { mergeable: true });
  db.entity(
    "exam_question",
    {
      section: "text",
      label: "text",
      kind: "text",
      options: "json",
      unit: "text?",
      per_eye: "bool",
      expected: "bool",
      position: "int",
    },
    { mergeable: true },
  );
  db.entity("contact_lens_spec", {
    patient_id: "id",
    exam_id: "id?",
    branch_id: "id",
    lenses: "json",
    fitted_on: "text",
    expires_on: "text",
    fitter: "text",
    fitter_registration: "text?",
    fitter_id: "id?",
    note: "text?",
    at: "int",
  });
  db.entity("referral", {
    patient_id: "id",
    exam_id: "id?",
    branch_id: "id",
    to_name: "text",
    to_address: "text?",
    urgency: "text",
    reason: "text",
    letter: "text",
    author_id: "id",
    at: "int",
  });
  db.addColumns("prescription", { restricted: "text?", statement: "text?", purpose: "text?", import_id: "id?" });
  db.addColumns("handoff", { card: "json?", urgency: "text?" });
  db.index("exam_entry_exam", "exam_entry", ["exam_id"]);
  db.index("exam_item_exam", "exam_item", ["exam_id"]);
  db.index("exam_submission_exam", "exam_submission", ["exam_id"]);
  db.index("contact_lens_spec_patient", "contact_lens_spec", ["patient_id"]);
  db.index("referral_patient", "referral", ["patient_id"]);
}

function schedulingTables(db: SchemaWriter): void {
  db.entity(
    "clinic_template",
    {
      branch_id: "id",
      room: "text",
      weekday: "int",
      begins: "text",
      ends: "text",
      breaks: "json",
      slot_minutes: "int",
      optometrist_id: "id?",
      valid_from: "text",
      valid_to: "text?",
    },
    { mergeable: true },
  );
  db.entity(
    "appointment",
    {
      patient_id: "id",
      branch_id: "id",
      room: "text",
      optometrist_id: "id?",
      starts_at: "int",
      minutes: "int",
      kind: "text",
      note: "text?",
      walk_in: "bool",
      booked_by_id: "id?",
      booked_at: "int",
      state: "text",
      state_at: "int?",
    },
    { mergeable: true },
  );
  db.entity(
    "appointment_event",
    { appointment_id: "id", kind: "text", text: "text?", user_id: "id?", branch_id: "id?", at: "int" },
    { parent: ["appointment_id", "appointment"] },
  );
  db.index("appointment_day", "appointment", ["branch_id", "starts_at"]);
  db.index("appointment_patient", "appointment", ["patient_id"]);
  db.index("appointment_event_appointment", "appointment_event", ["appointment_id"]);
}

function patientTables(db: SchemaWriter): void {
  db.addColumns("patient", { doctor: "text?", health_number: "text?", needs: "text?", import_id: "id?" });
  db.entity("consent", {
    patient_id: "id",
    purpose: "text",
    given: "bool",
    how: "text",
    note: "text?",
    user_id: "id?",
    at: "int",
  });
  db.entity("patient_link", { patient_id: "id", other_id: "id", relation: "text" }, { mergeable: true });
  db.entity("patient_change", {
    patient_id: "id",
    field: "text",
    before: "json",
    after: "json",
    user_id: "id?",
    at: "int",
  });
  db.entity(
    "import_run",
    {
      name: "text",
      source: "text",
      sha256: "text",
      counts: "json",
      branch_id: "id",
      user_id: "id",
      started_at: "int",
      undone_at: "int?",
      undone_by_id: "id?",
    },
    { mergeable: true },
  );
  db.entity("brought_balance", {
    patient_id: "id",
    import_id: "id?",
    amount: "int",
    reference: "text?",
    note: "text?",
    branch_id: "id",
    user_id: "id?",
    at: "int",
  });
  db.entity(
    "brought_order",
    {
      patient_id: "id",
      import_id: "id?",
      reference: "text?",
      description: "text",
      supplier: "text?",
      ordered_on: "text?",
      due_on: "text?",
      branch_id: "id",
      at: "int",
      closed_at: "int?",
      closed_by_id: "id?",
    },
    { mergeable: true },
  );
  db.index("consent_patient", "consent", ["patient_id"]);
  db.index("patient_link_patient", "patient_link", ["patient_id"]);
  db.index("patient_link_other", "patient_link", ["other_id"]);
  db.index("patient_change_patient", "patient_change", ["patient_id"]);
  db.index("patient_merged", "patient", ["merged_into_id"]);
  db.index("patient_import", "patient", ["import_id"]);
  db.index("brought_balance_patient", "brought_balance", ["patient_id"]);
  db.index("brought_order_patient", "brought_order", ["patient_id"]);
}

function fileTables(db: SchemaWriter): void {
  db.entity(
    "attachment",
    {
      subject_entity: "text",
      subject_id: "id",
      patient_id: "id?",
      branch_id: "id?",
      name: "text",
      kind: "text",
      eye: "text?",
      taken_at: "int?",
      mime: "text",
      size: "int",
      blob: "text",
      blob_size: "int",
      blob_key: "text",
      note: "text?",
      user_id: "id?",
      at: "int",
      stream: "text",
    },
    { mergeable: true },
  );
  db.index("attachment_subject", "attachment", ["subject_id"]);
  db.index("attachment_patient", "attachment", ["patient_id"]);
  db.index("attachment_blob", "attachment", ["blob"]);
  // The blobs that lie on this device: `waiting` until the centre has all of one, then `whole`; `sent` bytes of it.
  db.table(
    "file_blob",
    {
      blob: "text",
      size: "int",
      sent: "int",
      state: "text",
      tries: "int",
      next_at: "int",
      error: "text?",
      used_at: "int",
    },
    ["blob"],
    { only: "sqlite" },
  );
  db.index("file_blob_waits", "file_blob", ["state", "next_at"], { only: "sqlite" });
}

function centreTables(db: SchemaWriter): void {
  const only = "postgres" as const;
  // `received`: bytes that stand in the store for good; `state`: `open` until the digest was right, then `whole`, and
  // `gone` once it was thrown away. `upload`: what the store calls what it has of an open one.
  db.table(
    "file_blob",
    {
      practice_id: "id",
      blob: "text",
      size: "int",
      received: "int",
      state: "text",
      upload: "text?",
      device_id: "id",
      begun_at: "int",
      committed_at: "int?",
    },
    ["practice_id", "blob"],
    { only },
  );
  db.table(
    "api_token",
    {
      practice_id: "id",
      id: "id",
      name: "text",
      hash: "text",
      scopes: "json",
      created_by_id: "id",
      created_at: "int",
      expires_at: "int?",
      revoked_at: "int?",
      used_at: "int?",
    },
    ["practice_id", "id"],
    { only },
  );
}
