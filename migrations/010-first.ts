/**
 * The first schema. Every later migration only adds (architecture §4, versions); this text is never edited once it has
 * left the house.
 */
import type { Columns, SchemaWriter } from "./schema.ts";

export const migration010 = {
  number: 10,
  name: "first",
  up(db: SchemaWriter): void {
    entityTables(db);
    derivedTables(db);
    deviceTables(db);
    recordTriggers(db);
    centreTables(db);
  },
};

function entityTables(db: SchemaWriter): void {
  db.entity("practice", { name: "text", country: "text", currency: "text", vat_number: "text?" }, { mergeable: true });
  db.entity(
    "branch",
    {
      name: "text",
      code: "text",
      time_zone: "text",
      address: "text?",
      phone: "text?",
      opening: "json",
      is_lab: "bool",
    },
    { mergeable: true },
  );
  db.entity(
    "branch_exception",
    { branch_id: "id", on_date: "text", intervals: "json", reason: "text" },
    { mergeable: true },
  );
  db.entity("device", { branch_id: "id", name: "text", profile: "text", status: "text" }, { mergeable: true });
  db.entity("device_key", { device_id: "id", epoch: "int", terminal_code: "text", ed25519: "text", x25519: "text" });
  db.entity("role", { name: "text", description: "text?", built_in: "text?" }, { mergeable: true });
  db.entity(
    "app_user",
    {
      display_name: "text",
      email: "text",
      job_title: "text?",
      registration_number: "text?",
      active: "bool",
      primary_role_id: "id?",
      home_branch_id: "id?",
    },
    { mergeable: true },
  );
  db.entity("role_permission", { role_id: "id", permission: "text", scope: "text" }, { mergeable: true });
  db.entity("user_role", { user_id: "id", role_id: "id", branch_id: "id?" }, { mergeable: true });
  db.entity("role_change_audit", {
    action: "text",
    role_id: "id?",
    subject_user_id: "id?",
    before: "json",
    after: "json",
    reason: "text",
    actor_id: "id",
    at: "int",
  });
  db.entity("setting", { key: "text", value: "json" }, { mergeable: true });
  db.entity(
    "product",
    {
      sku: "text",
      barcode: "text?",
      kind: "text",
      brand: "text?",
      name: "text",
      details: "json",
      price: "int",
      vat_rate: "int",
      stocked: "bool",
      active: "bool",
    },
    { mergeable: true },
  );
  db.entity("stock_movement", {
    product_id: "id",
    branch_id: "id",
    kind: "text",
    quantity: "int",
    reference_id: "id?",
    reason: "text?",
    at: "int",
  });
  db.entity(
    "patient",
    {
      number: "text",
      printed_number: "text?",
      title: "text?",
      given_name: "text",
      family_name: "text",
      date_of_birth: "text",
      sex: "text?",
      phone: "text?",
      phone_other: "text?",
      email: "text?",
      address: "text?",
      postcode: "text?",
      occupation: "text?",
      drives: "bool?",
      sight_impaired: "text?",
      allergies: "text?",
      warning: "text?",
      notes: "text?",
      contact_by_text: "bool",
      contact_by_email: "bool",
      branch_id: "id",
      merged_into_id: "id?",
    },
    { mergeable: true },
  );
  db.entity("prescription", {
    patient_id: "id",
    exam_id: "id?",
    branch_id: "id",
    r_sphere: "int?",
    r_cylinder: "int?",
    r_axis: "int?",
    r_prism_h: "int?",
    r_base_h: "text?",
    r_prism_v: "int?",
    r_base_v: "text?",
    r_add: "int?",
    l_sphere: "int?",
    l_cylinder: "int?",
    l_axis: "int?",
    l_prism_h: "int?",
    l_base_h: "text?",
    l_prism_v: "int?",
    l_base_v: "text?",
    l_add: "int?",
    bvd: "int?",
    issued_on: "text",
    expires_on: "text",
    prescriber: "text",
    prescriber_id: "id?",
    source: "text",
    note: "text?",
    at: "int",
  });
  db.entity("exam_summary", {
    exam_id: "id",
    patient_id: "id",
    branch_id: "id",
    optometrist_id: "id",
    optometrist: "text",
    outcome: "text",
    recall_on: "text?",
    examined_on: "text",
    at: "int",
  });
  db.entity(
    "handoff",
    {
      exam_id: "id",
      patient_id: "id",
      branch_id: "id",
      prescription_id: "id?",
      outcome: "text",
      recommendation: "text?",
      from_user_id: "id",
      raised_at: "int",
      handled_at: "int?",
      handled_by_id: "id?",
      sale_id: "id?",
    },
    { mergeable: true },
  );
  db.entity(
    "exam",
    {
      patient_id: "id",
      branch_id: "id",
      optometrist_id: "id",
      started_at: "int",
      reason: "text?",
      history: "text?",
      r_sphere: "int?",
      r_cylinder: "int?",
      r_axis: "int?",
      r_prism_h: "int?",
      r_base_h: "text?",
      r_prism_v: "int?",
      r_base_v: "text?",
      r_add: "int?",
      l_sphere: "int?",
      l_cylinder: "int?",
      l_axis: "int?",
      l_prism_h: "int?",
      l_base_h: "text?",
      l_prism_v: "int?",
      l_base_v: "text?",
      l_add: "int?",
      r_va: "text?",
      l_va: "text?",
      bvd: "int?",
      findings: "text?",
      outcome: "text?",
      recall_months: "int?",
      advice: "text?",
      recommendation: "text?",
      discarded_at: "int?",
      record_id: "id?",
      signed_at: "int?",
    },
    { mergeable: true },
  );
  db.entity("exam_record", {
    exam_id: "id",
    patient_id: "id",
    branch_id: "id",
    signed_by_id: "id",
    signed_at: "int",
    content: "text",
    sha256: "text",
    folded: "json",
  });
  db.entity("exam_amendment", {
    exam_id: "id",
    patient_id: "id",
    state: "text",
    reason: "text",
    content: "text",
    author_id: "id",
    at: "int",
  });
  db.entity("till_session", {
    device_id: "id",
    branch_id: "id",
    opened_by_id: "id",
    business_date: "text",
    float: "int",
    at: "int",
  });
  db.entity("sale", {
    number: "text",
    printed_number: "text?",
    patient_id: "id?",
    branch_id: "id",
    device_id: "id",
    dispenser_id: "id",
    till_session_id: "id?",
    business_date: "text",
    currency: "text",
    note: "text?",
    at: "int",
    total: "int",
    paid: "int",
    balance: "int",
    status: "text",
  });
  db.entity(
    "sale_line",
    {
      sale_id: "id",
      ordinal: "int",
      kind: "text",
      product_id: "id?",
      description: "text",
      quantity: "int",
      unit_price: "int",
      discount: "int",
      line_total: "int",
      vat_rate: "int",
      vat_amount: "int",
    },
    { parent: ["sale_id", "sale"] },
  );
  db.entity(
    "sale_pair",
    {
      sale_id: "id",
      ordinal: "int",
      patient_id: "id",
      prescription_id: "id",
      frame_line_id: "id?",
      lens_line_id: "id",
      measurements: "json",
      lab_branch_id: "id",
      promised_on: "text",
      rush: "bool",
      job: "json",
    },
    { parent: ["sale_id", "sale"] },
  );
  db.entity(
    "payment",
    {
      sale_id: "id",
      kind: "text",
      tender: "text",
      amount: "int",
      given: "int?",
      change: "int?",
      reference: "text?",
      taken_by_id: "id",
      branch_id: "id",
      device_id: "id",
      till_session_id: "id?",
      business_date: "text",
      at: "int",
    },
    { parent: ["sale_id", "sale"] },
  );
  db.entity("job", {
    number: "text",
    printed_number: "text?",
    sale_id: "id",
    pair_id: "id",
    patient_id: "id",
    patient_name: "text",
    branch_id: "id",
    lab_branch_id: "id",
    content: "json",
    promised_on: "text",
    rush: "bool",
    at: "int",
    stage: "text",
    stage_at: "int",
    tray: "text?",
    held: "bool",
    hold_reason: "text?",
    cancelled: "bool",
    last_event_id: "id?",
    late_events: "int",
  });
  db.entity(
    "job_event",
    { job_id: "id", kind: "text", seen_event_id: "id?", text: "text?", user_id: "id?", branch_id: "id?", at: "int" },
    { parent: ["job_id", "job"] },
  );
  db.entity(
    "case_file",
    {
      number: "text",
      printed_number: "text?",
      patient_id: "id?",
      subject: "text",
      channel: "text",
      branch_id: "id",
      owner_id: "id?",
      opened_by_id: "id",
      opened_at: "int",
      status: "text",
      urgency: "text",
      last_activity_at: "int",
      patient_messages: "int",
      messages: "int",
    },
    { mergeable: true },
  );
  db.entity(
    "case_message",
    { case_id: "id", from: "text", channel: "text", body: "text", author_id: "id?", author: "text", at: "int" },
    { parent: ["case_id", "case_file"] },
  );
  db.entity(
    "case_note",
    { case_id: "id", body: "text", author_id: "id", at: "int" },
    { parent: ["case_id", "case_file"] },
  );
  db.entity(
    "case_event",
    {
      case_id: "id",
      kind: "text",
      value: "text",
      follows: "json",
      seen_patient_messages: "int",
      text: "text?",
      user_id: "id?",
      at: "int",
    },
    { parent: ["case_id", "case_file"] },
  );
  db.entity("domain_event", {
    type: "text",
    version: "int",
    source: "text",
    subject_entity: "text",
    subject_id: "id",
    branch_id: "id?",
    actor_id: "id?",
    at: "int",
    payload: "json",
    stream: "text",
  });
  db.entity("audit_entry", {
    action: "text",
    subject_entity: "text",
    subject_id: "id",
    patient_id: "id?",
    user_id: "id?",
    device_id: "id?",
    branch_id: "id?",
    changed: "json",
    at: "int",
    stream: "text",
  });
  db.entity(
    "review_task",
    {
      kind: "text",
      subject_entity: "text",
      subject_id: "id",
      branch_id: "id?",
      args: "json",
      raised_at: "int",
      decided_at: "int?",
      decided_by_id: "id?",
      decision: "text?",
      note: "text?",
      stream: "text",
    },
    { mergeable: true },
  );
  db.entity("field_conflict", {
    entity: "text",
    row_id: "id",
    field: "text",
    kept: "json",
    lost: "json",
    lost_change_id: "id?",
    safety: "bool",
    clock_suspect: "bool",
    at: "int",
    stream: "text",
  });

  db.index("prescription_patient", "prescription", ["patient_id"]);
  db.index("exam_summary_patient", "exam_summary", ["patient_id"]);
  db.index("handoff_patient", "handoff", ["patient_id"]);
  db.index("handoff_open", "handoff", ["branch_id", "handled_at"]);
  db.index("exam_patient", "exam", ["patient_id"]);
  db.index("exam_record_exam", "exam_record", ["exam_id"]);
  db.index("exam_amendment_exam", "exam_amendment", ["exam_id"]);
  db.index("sale_patient", "sale", ["patient_id"]);
  db.index("sale_number", "sale", ["number"]);
  db.index("sale_line_sale", "sale_line", ["sale_id"]);
  db.index("sale_pair_sale", "sale_pair", ["sale_id"]);
  db.index("payment_sale", "payment", ["sale_id"]);
  db.index("job_patient", "job", ["patient_id"]);
  db.index("job_number", "job", ["number"]);
  db.index("job_stage", "job", ["stage"]);
  db.index("job_event_job", "job_event", ["job_id"]);
  db.index("case_file_patient", "case_file", ["patient_id"]);
  db.index("case_file_number", "case_file", ["number"]);
  db.index("case_message_case", "case_message", ["case_id"]);
  db.index("case_note_case", "case_note", ["case_id"]);
  db.index("case_event_case", "case_event", ["case_id"]);
  db.index("audit_entry_subject", "audit_entry", ["subject_id"]);
  db.index("domain_event_subject", "domain_event", ["subject_id"]);
  db.index("patient_number", "patient", ["number"]);
}

/** Sums over facts; they do not travel, every node keeps its own. */
function derivedTables(db: SchemaWriter): void {
  const practice: Columns = db.target === "postgres" ? { practice_id: "id" } : {};
  db.table("stock_level", { ...practice, product_id: "id", branch_id: "id", on_hand: "int" }, [
    ...Object.keys(practice),
    "product_id",
    "branch_id",
  ]);
}

/** A signed record's bytes never change, whoever asks; undoing one that was never settled opens the gate (P14). */
function recordTriggers(db: SchemaWriter): void {
  db.raw(
    "sqlite",
    `create trigger exam_record_kept before update on exam_record begin
       select raise(abort, 'a signed record cannot be changed');
     end`,
  );
  db.raw(
    "sqlite",
    `create trigger exam_record_stays before delete on exam_record
       when not exists (select 1 from sync_meta where key = 'record_gate') begin
       select raise(abort, 'a signed record cannot be deleted');
     end`,
  );
  db.raw(
    "postgres",
    `create function exam_record_guard() returns trigger language plpgsql as $$
     begin raise exception 'a signed record cannot be changed'; end $$`,
  );
  db.raw(
    "postgres",
    `create trigger exam_record_kept before update or delete on exam_record
       for each row when (coalesce(current_setting('horopter.record_gate', true), '') <> 'open')
       execute function exam_record_guard()`,
  );
}

function deviceTables(db: SchemaWriter): void {
  const only = "sqlite" as const;
  db.table("sync_meta", { key: "text", value: "text" }, ["key"], { only });
  db.table("sync_clock", { one: "int", last: "hlc", high: "hlc", device_seq: "int", prev: "text" }, ["one"], { only });
  db.table("sync_cursor", { one: "int", server_epoch: "text", stream_set: "int", seq: "int" }, ["one"], { only });
  db.table(
    "sync_outbox",
    {
      device_seq: "int",
      group_id: "id",
      hlc: "hlc",
      state: "text",
      command: "text",
      made_at: "int",
      settled_at: "int?",
      header: "text",
      sig: "text",
      bodies: "text",
    },
    ["device_seq"],
    { only, wide: true },
  );
  db.index("sync_outbox_group", "sync_outbox", ["group_id"], { unique: true, only });
  db.index("sync_outbox_state", "sync_outbox", ["state", "device_seq"], { only });
  db.table(
    "sync_overlay",
    { change_id: "id", group_id: "id", entity: "text", entity_id: "id", hlc: "hlc" },
    ["change_id"],
    { only },
  );
  db.index("sync_overlay_row", "sync_overlay", ["entity", "entity_id"], { only });
  db.table("sync_base", { entity: "text", entity_id: "id", row: "text" }, ["entity", "entity_id"], { only });
  db.table(
    "sync_quarantine",
    {
      group_id: "id",
      code: "text",
      args: "json",
      command: "text",
      header: "text",
      sig: "text",
      bodies: "text",
      at: "int",
      decided_at: "int?",
      decided_by_id: "id?",
      decision: "text?",
      reason: "text?",
    },
    ["group_id"],
    { only, wide: true },
  );
  db.table("bootstrap_page", { entity: "text", page: "int", rows: "text" }, ["entity", "page"], { only, wide: true });
  db.table("sync_pending_unknown", { seq: "int", body_index: "int", wire: "text" }, ["seq", "body_index"], { only });
  db.table("label_series", { series: "text", next: "int" }, ["series"], { only });
  db.table(
    "reaction_queue",
    { event_id: "id", reaction: "text", tries: "int", next_at: "int", error: "text" },
    ["event_id", "reaction"],
    { only },
  );
  db.table(
    "offline_verifier",
    { user_id: "id", hash: "text", issued_at: "int", lease_until: "int", failed: "int", locked_until: "int" },
    ["user_id"],
    { only },
  );
  db.table(
    "local_draft",
    { kind: "text", key: "text", user_id: "id", body: "json", at: "int" },
    ["kind", "key", "user_id"],
    { only },
  );
  db.table("patient_token", { token: "text", patient_id: "id" }, ["token", "patient_id"], { only });
  db.index("patient_token_patient", "patient_token", ["patient_id"], { only });
}

function centreTables(db: SchemaWriter): void {
  const only = "postgres" as const;
  db.table("server_meta", { key: "text", value: "text" }, ["key"], { only });
  db.table(
    "practice_head",
    {
      practice_id: "id",
      seq: "int",
      authz: "int",
      centre_epoch: "int",
      centre_seq: "int",
      centre_prev: "text",
      centre_hlc: "hlc",
    },
    ["practice_id"],
    { only },
  );
  db.table(
    "change_log",
    {
      practice_id: "id",
      seq: "int",
      group_id: "id",
      device_id: "id",
      device_epoch: "int",
      device_seq: "int",
      mask: "int",
      header: "text",
      sig: "text",
      bodies: "text",
      clock_suspect: "bool",
      authz_late: "bool",
      received_at: "int",
    },
    ["practice_id", "seq"],
    { only },
  );
  db.index("change_log_group", "change_log", ["group_id"], { unique: true, only });
  db.table(
    "verdict",
    {
      practice_id: "id",
      group_id: "id",
      device_id: "id",
      device_epoch: "int",
      device_seq: "int",
      code: "text",
      args: "json",
      header: "text",
      sig: "text",
      bodies: "text",
      received_at: "int",
    },
    ["practice_id", "group_id"],
    { only },
  );
  db.table(
    "device_state",
    { practice_id: "id", device_id: "id", epoch: "int", last_seq: "int", last_hash: "text", last_seen: "int" },
    ["practice_id", "device_id", "epoch"],
    { only },
  );
  db.table("centre_key", { practice_id: "id", device_id: "id", private_key: "text" }, ["practice_id"], { only });
  db.table("authz_snapshot", { practice_id: "id", seq: "int", snapshot: "json" }, ["practice_id", "seq"], { only });
  db.table(
    "terminal_code",
    { practice_id: "id", branch_id: "id", code: "text", device_id: "id", epoch: "int" },
    ["practice_id", "branch_id", "code"],
    { only },
  );
  db.table(
    "enrolment_code",
    {
      code_hash: "text",
      practice_id: "id",
      branch_id: "id",
      device_name: "text",
      profile: "text",
      created_by_id: "id?",
      expires_at: "int",
      used_at: "int?",
    },
    ["code_hash"],
    { only },
  );
  db.table(
    "user_credential",
    { practice_id: "id", user_id: "id", hash: "text", changed_at: "int", failed: "int", locked_until: "int" },
    ["practice_id", "user_id"],
    { only },
  );
}
