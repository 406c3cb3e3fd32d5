import { z } from "zod";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { procedure, router } from "../trpc.ts";
import { addOutsidePrescription, registerPatient, updatePatient } from "./commands.ts";
import { patientSummary, possibleDuplicates, searchPatients } from "./queries.ts";

/** Reading is a permission too: asked here once for every query of the feature. */
const reading = procedure.use(({ ctx, next }) => {
  if (!("patients:view" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not see patients.", { permission: "patients:view" });
  }
  return next();
});

export const patientsRouter = router({
  search: reading
    .meta({ shows: ["patient"] })
    .input(z.object({ text: z.string().max(200), limit: z.int().min(1).max(50).default(12) }))
    .query(({ ctx, input }) => ({ patients: searchPatients(ctx.engine.read, input.text, input.limit) })),
  summary: reading
    .meta({
      shows: [
        "patient",
        "prescription",
        "exam_summary",
        "handoff",
        "sale",
        "sale_line",
        "payment",
        "job",
        "case_file",
        "field_conflict",
        "import_run",
        "brought_balance",
      ],
    })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const summary = patientSummary(ctx.engine.read, input.id);
      if (!summary)
        throw refuse("NOT_FOUND", "This patient is not on this PC. Search again; the number may have been merged.");
      return summary;
    }),
  duplicates: reading
    .meta({ shows: ["patient"] })
    .input(
      z.object({
        familyName: z.string().max(100),
        dateOfBirth: z.string().max(10),
        phone: z.string().max(40).nullable(),
      }),
    )
    .query(({ ctx, input }) => ({ patients: possibleDuplicates(ctx.engine.read, input) })),
  register: procedure
    .input(registerPatient.input)
    .mutation(({ ctx, input }) => ctx.session.run(registerPatient, input)),
  update: procedure
    .input(z.object({ id: idSchema, details: z.record(z.string(), z.unknown()) }))
    .mutation(({ ctx, input }) => ctx.session.run(updatePatient, input)),
  addPrescription: procedure
    .input(addOutsidePrescription.input)
    .mutation(({ ctx, input }) => ctx.session.run(addOutsidePrescription, input)),
});
