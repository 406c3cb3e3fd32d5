/** What people do in the simulator: small commands over the product's own transaction, reaching every kind of entity. */
import { z } from "zod";
import { defineCommand } from "../src-main/engine/write/define.ts";
import { heads } from "../src-shared/cases/fold.ts";
import type { CaseStatus } from "../src-shared/cases/status.ts";
import type { StoredRow } from "../src-shared/sync/registry.ts";

const id = z.string();

export { registerPatient, updatePatient } from "../src-main/engine/patients/commands.ts";

/** Two patches of one row in one command: the later one stands, everywhere. Answers with what is then shown. */
export const correctTwice = defineCommand({
  name: "sim.correct-twice",
  permission: null,
  input: z.object({ id, first: z.string(), second: z.string() }),
  run(tx, input) {
    tx.patch("patient", input.id, { notes: input.first });
    tx.patch("patient", input.id, { notes: input.second });
    return tx.need("patient", input.id).notes;
  },
});

export const setAllergy = defineCommand({
  name: "sim.allergy",
  permission: null,
  input: z.object({ id, allergies: z.string().nullable() }),
  run(tx, input) {
    tx.patch("patient", input.id, { allergies: input.allergies });
  },
});

export const prescribe = defineCommand({
  name: "sim.prescribe",
  permission: null,
  input: z.object({ patient: id }),
  run(tx, { patient }) {
    const rx = {
      sphere: -4250,
      cylinder: -1250,
      axis: 15,
      prism_h: null,
      base_h: null,
      prism_v: null,
      base_v: null,
      add: 2250,
    };
    const side = (prefix: string) =>
      Object.fromEntries(Object.entries(rx).map(([name, value]) => [`${prefix}_${name}`, value]));
    return tx.insert("prescription", {
      ...side("r"),
      ...side("l"),
      patient_id: patient,
      exam_id: null,
      branch_id: tx.branch,
      bvd: 120,
      issued_on: "2026-11-09",
      expires_on: "2028-11-09",
      prescriber: "Elsewhere",
      prescriber_id: null,
      source: "outside",
      note: null,
      at: tx.now,
    } as never).id;
  },
});

export const sell = defineCommand({
  name: "sim.sell",
  permission: "pos:access",
  input: z.object({ patient: id, prescription: id, frame: id, lens: id, lab: id, paid: z.int() }),
  run(tx, input) {
    const sale = tx.insert("sale", {
      number: tx.label(""),
      printed_number: null,
      patient_id: input.patient,
      branch_id: tx.branch,
      device_id: tx.device,
      dispenser_id: tx.user as string,
      till_session_id: null,
      business_date: "2026-11-12",
      currency: "GBP",
      note: null,
      at: tx.now,
    });
    const line = (ordinal: number, kind: "frame" | "lens", product: string, price: number) =>
      tx.insert("sale_line", {
        sale_id: sale.id,
        ordinal,
        kind,
        product_id: product,
        description: kind,
        quantity: 1,
        unit_price: price,
        discount: 0,
        line_total: price,
        vat_rate: 2000,
        vat_amount: Math.floor(price / 6),
      });
    const frame = line(1, "frame", input.frame, 12_900);
    const lens = line(2, "lens", input.lens, 31_800);
    const patient = tx.need("patient", input.patient);
    tx.insert("sale_pair", {
      sale_id: sale.id,
      ordinal: 1,
      patient_id: input.patient,
      prescription_id: input.prescription,
      frame_line_id: frame.id,
      lens_line_id: lens.id,
      measurements: { pd_r: 315, pd_l: 305 },
      lab_branch_id: input.lab,
      promised_on: "2026-11-19",
      rush: false,
      job: {
        patient_name: `${patient.given_name} ${patient.family_name}`,
        content: { rx: {}, lens: { name: "Norvue" }, frame: { name: "Ashby" }, measurements: {}, coatings: [] },
      },
    });
    tx.insert("stock_movement", {
      product_id: input.frame,
      branch_id: tx.branch,
      kind: "sale",
      quantity: -1,
      reference_id: sale.id,
      reason: null,
      at: tx.now,
    });
    if (input.paid > 0) takeMoney(tx, sale.id, input.paid);
    return { sale: sale.id, number: sale.number };
  },
});

function takeMoney(tx: Parameters<typeof sell.run>[0], sale: string, amount: number): void {
  tx.insert("payment", {
    sale_id: sale,
    kind: "payment",
    tender: "card",
    amount,
    given: null,
    change: null,
    reference: null,
    taken_by_id: tx.user as string,
    branch_id: tx.branch,
    device_id: tx.device,
    till_session_id: null,
    business_date: "2026-11-12",
    at: tx.now,
  });
}

export const pay = defineCommand({
  name: "sim.pay",
  permission: "pos:access",
  input: z.object({ sale: id, amount: z.int() }),
  run(tx, { sale, amount }) {
    tx.need("sale", sale);
    takeMoney(tx, sale, amount);
  },
});

export const moveJob = defineCommand({
  name: "sim.move-job",
  permission: null,
  input: z.object({ job: id, kind: z.string(), text: z.string().nullable() }),
  run(tx, { job, kind, text }) {
    const row = tx.need("job", job);
    tx.insert("job_event", {
      job_id: job,
      kind: kind as "edging",
      seen_event_id: row.last_event_id,
      text,
      user_id: tx.user,
      branch_id: tx.branch,
      at: tx.now,
    });
    if (kind === "dispatched")
      tx.raise(
        "order.shipped",
        { entity: "job", row },
        { jobId: job, patientId: row.patient_id, branchId: row.branch_id },
      );
  },
});

export const openCase = defineCommand({
  name: "sim.open-case",
  permission: "cases:create",
  input: z.object({ patient: id, subject: z.string() }),
  run(tx, { patient, subject }) {
    return tx.insert("case_file", {
      number: tx.label("K"),
      printed_number: null,
      patient_id: patient,
      subject,
      channel: "phone",
      branch_id: tx.branch,
      owner_id: null,
      opened_by_id: tx.user as string,
      opened_at: tx.now,
    }).id;
  },
});

export const setCaseStatus = defineCommand({
  name: "sim.case-status",
  permission: null,
  input: z.object({ case: id, value: z.string() }),
  run(tx, input) {
    const row = tx.need("case_file", input.case);
    const events = tx.children("case_event", "case_id", input.case).filter((event) => event.kind === "status");
    tx.insert("case_event", {
      case_id: input.case,
      kind: "status",
      value: input.value as CaseStatus,
      follows: heads(events as unknown as StoredRow[]).map((event) => event.id),
      seen_patient_messages: row.patient_messages,
      text: null,
      user_id: tx.user,
      at: tx.now,
    });
  },
});

export const writeToCase = defineCommand({
  name: "sim.case-message",
  permission: null,
  input: z.object({ case: id, from: z.enum(["staff", "patient"]), body: z.string() }),
  run(tx, input) {
    tx.need("case_file", input.case);
    tx.insert("case_message", {
      case_id: input.case,
      from: input.from,
      channel: "phone",
      body: input.body,
      author_id: input.from === "staff" ? tx.user : null,
      author: "somebody",
      at: tx.now,
    });
  },
});

export const ownCase = defineCommand({
  name: "sim.case-owner",
  permission: null,
  input: z.object({ case: id, owner: id.nullable() }),
  run(tx, input) {
    tx.patch("case_file", input.case, { owner_id: input.owner });
  },
});

/** Takes a role from a person, or gives it back. */
export const withdrawRole = defineCommand({
  name: "sim.role",
  permission: null,
  input: z.object({ element: id, give: z.boolean(), user: id, role: id }),
  run(tx, input) {
    if (input.give)
      tx.insertOnce("user_role", input.element, { user_id: input.user, role_id: input.role, branch_id: null });
    else if (tx.get("user_role", input.element)) tx.remove("user_role", input.element);
  },
});
