/** A sale whose release policy is met makes its jobs by itself (requirements S3-10, S3-37; architecture §3.7). */
import { type DerivedRow, derivedRow, type Reaction, type ReactionContext } from "../events/reaction.ts";
import type { StoredRow } from "../sync/entity.ts";
import type { Id } from "../sync/fields.ts";
import type { Row } from "../sync/registry.ts";
import { readPolicy, releaseMet } from "./policy.ts";
import { jobFromPair } from "./release.ts";

const name = "release-job";

export const releaseJob: Reaction = {
  name,
  on: { fold: "sale" },
  outputs: [
    { entity: "job", derivation: (fields) => ({ subject: fields.pair_id as Id, reaction: name, index: 0 }) },
    { entity: "job_event", derivation: (fields) => ({ subject: fields.job_id as Id, reaction: name, index: 1 }) },
    {
      entity: "domain_event",
      derivation: (fields) => ({ subject: fields.subject_id as Id, reaction: fields.type as string, index: 0 }),
    },
  ],
  decide(context, row) {
    const sale = row as unknown as Row<"sale">;
    const policy = readPolicy(context.setting("release_policy"));
    if (!releaseMet(sale.total, sale.paid, policy)) return [];
    return context.children("sale_pair", "sale_id", sale.id).flatMap((pair) => jobRows(context, sale, pair));
  },
};

function jobRows(context: ReactionContext, sale: Row<"sale">, pair: Row<"sale_pair">): DerivedRow[] {
  const jobId = context.derive({ subject: pair.id, reaction: name, index: 0 });
  const eventId = context.derive({ subject: jobId, reaction: name, index: 1 });
  const job = jobFromPair({ sale, pair, at: context.now });
  return [
    derivedRow("job", jobId, pair.lab_branch_id, job),
    derivedRow("job_event", eventId, pair.lab_branch_id, {
      job_id: jobId,
      kind: "released",
      seen_event_id: null,
      text: null,
      user_id: null,
      branch_id: sale.branch_id,
      at: context.now,
    }),
    derivedRow(
      "domain_event",
      context.derive({ subject: jobId, reaction: "order.created", index: 0 }),
      sale.branch_id,
      {
        type: "order.created",
        version: 1,
        source: "system",
        subject_entity: "job",
        subject_id: jobId,
        branch_id: pair.lab_branch_id,
        actor_id: context.actor,
        at: context.now,
        payload: {
          jobId,
          saleId: sale.id,
          pairId: pair.id,
          patientId: pair.patient_id,
          labBranchId: pair.lab_branch_id,
        },
        stream: "jobs",
      },
    ),
  ];
}

export const invoicePaid: Reaction = {
  name: "invoice-paid",
  on: { fold: "sale" },
  outputs: [
    {
      entity: "domain_event",
      derivation: (fields) => ({ subject: fields.subject_id as Id, reaction: fields.type as string, index: 0 }),
    },
  ],
  decide(context, row: StoredRow) {
    const sale = row as unknown as Row<"sale">;
    const lines = context.children("sale_line", "sale_id", sale.id);
    if (lines.length === 0 || sale.balance > 0) return [];
    const payments = context.children("payment", "sale_id", sale.id);
    return [
      derivedRow(
        "domain_event",
        context.derive({ subject: sale.id, reaction: "invoice.paid", index: 0 }),
        sale.branch_id,
        {
          type: "invoice.paid",
          version: 1,
          source: "system",
          subject_entity: "sale",
          subject_id: sale.id,
          branch_id: sale.branch_id,
          actor_id: context.actor,
          at: context.now,
          payload: {
            invoiceId: sale.id,
            patientId: sale.patient_id,
            dispenserId: sale.dispenser_id,
            totalAmount: sale.total,
            currency: sale.currency,
            paymentMethods: [...new Set(payments.map((payment) => payment.tender))].sort(),
            lineItems: lines.length,
            timestamp: context.now,
          },
          stream: "money",
        },
      ),
    ];
  },
};

export const dispensingReactions: readonly Reaction[] = [invoicePaid, releaseJob];
