import { z } from "zod";
import { summaryParts } from "../../../src-shared/patients/summary-parts.ts";
import { type Stream, streamBits } from "../../../src-shared/sync/entity.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { asOf } from "./as-of.ts";
import { addOutsidePrescription, registerPatient, updatePatient } from "./commands.ts";
import { peopleNear, possibleDuplicates } from "./duplicates.ts";
import { breakGlass, readsOf } from "./emergency.ts";
import { mergePatients, unmergePatients } from "./merge.ts";
import { searchPatients } from "./queries.ts";
import { keptRecord, patientSummary, recordIds } from "./summary.ts";
import { linkPatients, recordConsent, unlinkPatients } from "./ties.ts";

/** Reading is a permission too: asked here once for every query of the feature. */
const reading = procedure.use(({ ctx, next }) => {
  if (!("patients:view" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not see patients.", { permission: "patients:view" });
  }
  return next();
});

/** What is on this device's disk: what it was filled with, which its profile follows a moment later. */
function streamsHeld(engine: Engine): Stream[] {
  const mask = engine.state.cursor()?.streamSet ?? 0;
  return (Object.keys(streamBits) as Stream[]).filter((stream) => (streamBits[stream] & mask) !== 0);
}

const gone = () =>
  refuse("NOT_FOUND", "This patient is not on this PC. Search again; the number may have been merged.");
const text = (max: number) => z.string().max(max);

export const patientsRouter = router({
  search: reading
    .meta({ shows: ["patient"] })
    .input(z.object({ text: z.string().max(200), limit: z.int().min(1).max(50).default(12) }))
    .query(({ ctx, input }) => ({ patients: searchPatients(ctx.engine.read, input.text, input.limit) })),
  summary: reading
    .meta({
      shows: [
        "patient",
        "app_user",
        "branch",
        "sync_status",
        "sync_outbox",
        ...new Set(Object.values(summaryParts).map(({ entity }) => entity)),
        "import_run",
      ],
    })
    .input(z.object({ id: idSchema }))
    .query(({ ctx: { engine, session }, input }) => {
      const { may, opened, mayOpen } = readsOf(engine, session, input.id);
      const summary = patientSummary(engine.read, input.id, {
        may,
        streams: streamsHeld(engine),
        now: engine.time.now(),
      });
      if (!summary) throw gone();
      return { ...summary, asOf: asOf(engine), emergency: { opened, mayOpen } };
    }),
  /** Who may be the same person as this patient, and who lives with them. */
  near: reading
    .meta({ shows: ["patient", "patient_link"] })
    .input(z.object({ id: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const found = keptRecord(engine.read, input.id);
      if (!found) throw gone();
      const own = [found.kept.id, ...found.others.map(({ id }) => id)];
      const links = engine.read.all(
        db
          .selectFrom("patient_link")
          .select(["patient_id", "other_id"])
          .where("deleted", "=", 0)
          .where((eb) => eb.or([eb("patient_id", "in", own), eb("other_id", "in", own)])),
      );
      const related = links
        .flatMap(({ patient_id, other_id }) => [patient_id, other_id])
        .flatMap((relative) => recordIds(engine.read, relative));
      return peopleNear(engine.read, found.kept, { own, related });
    }),
  duplicates: reading
    .meta({ shows: ["patient"] })
    .input(
      z.object({
        givenName: text(100),
        familyName: text(100),
        dateOfBirth: text(10),
        phone: text(40).nullable().default(null),
        email: text(254).nullable().default(null),
        postcode: text(12).nullable().default(null),
        healthNumber: text(20).nullable().default(null),
      }),
    )
    .query(({ ctx, input }) => ({
      patients: possibleDuplicates(ctx.engine.read, {
        given_name: input.givenName,
        family_name: input.familyName,
        date_of_birth: input.dateOfBirth,
        phone: input.phone,
        email: input.email,
        postcode: input.postcode,
        health_number: input.healthNumber,
      }),
    })),
  /** Two records side by side, before one is merged into the other. */
  pair: reading
    .meta({ shows: ["patient"] })
    .input(z.object({ id: idSchema, otherId: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const [one, other] = [keptRecord(engine.read, input.id), keptRecord(engine.read, input.otherId)];
      if (!one || !other) throw gone();
      return { one: one.kept, other: other.kept };
    }),
  register: procedure
    .input(registerPatient.input)
    .mutation(({ ctx, input }) => ctx.session.run(registerPatient, input)),
  update: procedure
    .input(z.object({ id: idSchema, details: z.record(z.string(), z.unknown()) }))
    .mutation(({ ctx, input }) => ctx.session.run(updatePatient, input)),
  addPrescription: procedure
    .input(addOutsidePrescription.input)
    .mutation(({ ctx, input }) => ctx.session.run(addOutsidePrescription, input)),
  breakGlass: procedure.input(breakGlass.input).mutation(({ ctx, input }) => ctx.session.run(breakGlass, input)),
  merge: procedure.input(mergePatients.input).mutation(({ ctx, input }) => ctx.session.run(mergePatients, input)),
  unmerge: procedure.input(unmergePatients.input).mutation(({ ctx, input }) => ctx.session.run(unmergePatients, input)),
  link: procedure.input(linkPatients.input).mutation(({ ctx, input }) => ctx.session.run(linkPatients, input)),
  unlink: procedure.input(unlinkPatients.input).mutation(({ ctx, input }) => ctx.session.run(unlinkPatients, input)),
  consent: procedure.input(recordConsent.input).mutation(({ ctx, input }) => ctx.session.run(recordConsent, input)),
});
