/** Payloads of domain events (requirements S3-14 to S3-25): ids and amounts, never contents of a patient's record. */
import { z } from "zod";

const id = z.string().regex(/^[0-9a-f]{32}$/);
const orNull = id.nullable();

export const payloads = {
  "patient.registered": z.object({ patientId: id, branchId: id }),
  "exam.finalized": z.object({
    examId: id,
    patientId: id,
    optometristId: id,
    prescriptionId: orNull,
    outcome: z.string(),
  }),
  "invoice.paid": z.object({
    invoiceId: id,
    patientId: orNull,
    dispenserId: id,
    totalAmount: z.int(),
    currency: z.string().length(3),
    paymentMethods: z.array(z.string()),
    lineItems: z.int(),
    timestamp: z.int(),
  }),
  "order.created": z.object({ jobId: id, saleId: id, pairId: id, patientId: id, labBranchId: id }),
  "order.status_changed": z.object({ jobId: id, from: z.string(), to: z.string(), patientId: id }),
  "order.shipped": z.object({ jobId: id, patientId: id, branchId: id }),
  "case.opened": z.object({ caseId: id, patientId: orNull, urgency: z.string() }),
  "case.message_added": z.object({ caseId: id, messageId: id, from: z.enum(["staff", "patient"]) }),
  "case.assigned": z.object({ caseId: id, ownerId: orNull, previousOwnerId: orNull }),
} as const;

export type EventType = keyof typeof payloads;
export type PayloadOf<T extends EventType> = z.infer<(typeof payloads)[T]>;
