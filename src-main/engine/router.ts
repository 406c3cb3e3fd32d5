/** The staff app's router: one sub-router per feature. */
import { accessRouter } from "./access/router.ts";
import { careRouter } from "./care/router.ts";
import { casesRouter } from "./cases/router.ts";
import { dispensingRouter } from "./dispensing/router.ts";
import { examsRouter } from "./exams/router.ts";
import { filesRouter } from "./files/router.ts";
import { labRouter } from "./lab/router.ts";
import { liveRouter } from "./live/router.ts";
import { importsRouter } from "./patients/import/router.ts";
import { patientsRouter } from "./patients/router.ts";
import { schedulingRouter } from "./scheduling/router.ts";
import { searchRouter } from "./search/router.ts";
import { sessionRouter } from "./session/router.ts";
import { setupRouter } from "./setup/router.ts";
import { syncRouter } from "./sync/router.ts";
import { mergeRouters, openProcedure, router } from "./trpc.ts";

const features = {
  session: sessionRouter,
  setup: setupRouter,
  live: liveRouter,
  sync: syncRouter,
  care: careRouter,
  access: accessRouter,
  patients: patientsRouter,
  imports: importsRouter,
  search: searchRouter,
  dispensing: dispensingRouter,
  lab: labRouter,
  exams: examsRouter,
  cases: casesRouter,
  scheduling: schedulingRouter,
  files: filesRouter,
};

/** Which entities each query shows, by procedure path; the renderer refreshes by it. */
function showsOf(
  features: Record<string, { _def: { procedures: Record<string, unknown> } }>,
): Record<string, readonly string[]> {
  const shows: Record<string, readonly string[]> = {};
  for (const [feature, sub] of Object.entries(features)) {
    for (const [name, procedure] of Object.entries(sub._def.procedures)) {
      const meta = (procedure as { _def: { meta?: { shows?: readonly string[] } } })._def.meta;
      if (meta?.shows) shows[`${feature}.${name}`] = meta.shows;
    }
  }
  return shows;
}

export const staffRouter = router({
  ...features,
  live: mergeRouters(liveRouter, router({ shows: openProcedure.query(() => showsOf(features as never)) })),
});
export type StaffRouter = typeof staffRouter;
