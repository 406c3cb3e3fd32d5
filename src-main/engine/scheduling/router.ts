import { z } from "zod";
import { addDays, isDate, weekday } from "../../../src-shared/calendar/index.ts";
import { partsOfDay } from "../../../src-shared/scheduling/free.ts";
import { lengthsSetting, patienceSetting, readLengths, readPatience } from "../../../src-shared/scheduling/waiting.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { todayAt } from "../lab/router.ts";
import { db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { book, change, move, moveOver, overbook, walkIn } from "./booking.ts";
import { branchCalendar } from "./hours.ts";
import { appointmentsOf, diaryDay, diaryDays, findFree } from "./queries.ts";
import { removeTemplate, restoreTemplate, saveTemplate, saveTimes } from "./templates.ts";
import { cancel, didNotAttend, step } from "./visit.ts";

const reading = procedure.use(({ ctx, next }) => {
  if (!("appointments:view" in ctx.session.permissions()))
    throw refuse("NO_PERMISSION", "Your role does not see the diary.", { permission: "appointments:view" });
  return next();
});

/** Years that a diary has, with room on either side for weeks and months around a day. */
const date = z.string().refine((text) => isDate(text) && text >= "1900-01-01" && text < "2200-01-01", "a date");
const branchId = idSchema.nullable().default(null);
const shown = [
  "appointment",
  "appointment_event",
  "clinic_template",
  "branch",
  "branch_exception",
  "patient",
  "app_user",
  "setting",
] as const;

function calendarOf(engine: Engine, branch: string | null) {
  const calendar = branchCalendar(engine.read, branch ?? engine.identity().branch);
  if (!calendar) throw refuse("NOT_FOUND", "This branch is not on this PC.");
  return calendar;
}

function setting(engine: Engine, key: string): unknown {
  const row = engine.read.first(
    db.selectFrom("setting").select("value").where("key", "=", key).where("deleted", "=", 0),
  );
  return row ? JSON.parse(row.value) : null;
}

function namesOf(engine: Engine): ReadonlyMap<string, string> {
  return new Map(
    engine.read.all(db.selectFrom("app_user").select(["id", "display_name"])).map((row) => [row.id, row.display_name]),
  );
}

/** What is on this PC of another branch is as new as the line to the centre; of this one it is what it is. */
function place(engine: Engine, calendar: { readonly id: string; readonly name: string; readonly time_zone: string }) {
  const here = calendar.id === engine.identity().branch;
  const { phase, lastSeen } = engine.sync.status();
  return {
    branch: { id: calendar.id, name: calendar.name, timeZone: calendar.time_zone },
    here,
    today: todayAt(engine),
    asOf: here ? null : phase === "live" ? engine.time.now() : lastSeen,
    patience: readPatience(setting(engine, patienceSetting)),
    lengths: readLengths(setting(engine, lengthsSetting)),
  };
}

export const schedulingRouter = router({
  day: reading
    .meta({ shows: [...shown, "exam"] })
    .input(z.object({ branchId, date: date.nullable().default(null) }))
    .query(({ ctx: { engine }, input }) => {
      const calendar = calendarOf(engine, input.branchId);
      const where = place(engine, calendar);
      return {
        ...where,
        ...diaryDay(engine.read, calendar, input.date ?? where.today, { today: where.today, names: namesOf(engine) }),
        templates: calendar.templates.length,
      };
    }),
  week: reading
    .meta({ shows: shown })
    .input(z.object({ branchId, date }))
    .query(({ ctx: { engine }, input }) => {
      const calendar = calendarOf(engine, input.branchId);
      const monday = addDays(input.date, 1 - weekday(input.date));
      return { ...place(engine, calendar), days: diaryDays(engine.read, calendar, monday, 7, true) };
    }),
  /** Six weeks around a month, for the month's page. */
  month: reading
    .meta({ shows: ["appointment", "clinic_template", "branch", "branch_exception"] })
    .input(
      z.object({
        branchId,
        month: z
          .string()
          .max(7)
          .refine((text) => date.safeParse(`${text}-01`).success, "a month like 2026-03"),
      }),
    )
    .query(({ ctx: { engine }, input }) => {
      const first = `${input.month}-01`;
      const monday = addDays(first, 1 - weekday(first));
      return {
        month: input.month,
        days: diaryDays(engine.read, calendarOf(engine, input.branchId), monday, 42, false),
      };
    }),
  free: reading
    .meta({ shows: ["appointment", "clinic_template", "branch", "branch_exception"] })
    .input(
      z.object({
        branchId,
        minutes: z.int().min(5).max(480),
        optometristId: idSchema.nullable().default(null),
        weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
        part: z.enum(partsOfDay).nullable().default(null),
        from: z.int().min(0).max(Date.UTC(2200, 0)).nullable().default(null),
      }),
    )
    .query(({ ctx: { engine }, input: { branchId: branch, from, ...wish } }) => {
      const calendar = calendarOf(engine, branch);
      const names = namesOf(engine);
      const times = findFree(engine.read, calendar, { ...wish, from: from ?? engine.time.now() }, 12);
      return {
        times: times.map((time) => ({
          ...time,
          optometrist: time.optometrist_id ? (names.get(time.optometrist_id) ?? null) : null,
        })),
      };
    }),
  ofPatient: reading
    .meta({ shows: ["appointment", "appointment_event", "patient", "branch", "app_user"] })
    .input(z.object({ patientId: idSchema }))
    .query(({ ctx: { engine }, input }) => appointmentsOf(engine.read, input.patientId, engine.time.now())),
  /** The branches, and the people who examine: what forms of the diary offer. */
  choices: reading.meta({ shows: ["branch", "app_user", "role"] }).query(({ ctx: { engine } }) => ({
    branches: engine.read.all(db.selectFrom("branch").select(["id", "name"]).where("deleted", "=", 0).orderBy("name")),
    people: engine.read.all(
      db
        .selectFrom("app_user")
        .select(["id", "display_name", "job_title"])
        .where("active", "=", 1)
        .where("deleted", "=", 0)
        .where("registration_number", "is not", null)
        .orderBy("display_name"),
    ),
  })),
  templates: reading
    .meta({ shows: shown })
    .input(z.object({ branchId }))
    .query(({ ctx: { engine }, input }) => {
      const calendar = calendarOf(engine, input.branchId);
      return { ...place(engine, calendar), templates: calendar.templates };
    }),
  book: procedure.input(book.input).mutation(({ ctx, input }) => ctx.session.run(book, input)),
  overbook: procedure.input(overbook.input).mutation(({ ctx, input }) => ctx.session.run(overbook, input)),
  walkIn: procedure.input(walkIn.input).mutation(({ ctx, input }) => ctx.session.run(walkIn, input)),
  move: procedure.input(move.input).mutation(({ ctx, input }) => ctx.session.run(move, input)),
  moveOver: procedure.input(moveOver.input).mutation(({ ctx, input }) => ctx.session.run(moveOver, input)),
  change: procedure.input(change.input).mutation(({ ctx, input }) => ctx.session.run(change, input)),
  step: procedure.input(step.input).mutation(({ ctx, input }) => ctx.session.run(step, input)),
  cancel: procedure.input(cancel.input).mutation(({ ctx, input }) => ctx.session.run(cancel, input)),
  didNotAttend: procedure.input(didNotAttend.input).mutation(({ ctx, input }) => ctx.session.run(didNotAttend, input)),
  saveTemplate: procedure.input(saveTemplate.input).mutation(({ ctx, input }) => ctx.session.run(saveTemplate, input)),
  removeTemplate: procedure
    .input(removeTemplate.input)
    .mutation(({ ctx, input }) => ctx.session.run(removeTemplate, input)),
  restoreTemplate: procedure
    .input(restoreTemplate.input)
    .mutation(({ ctx, input }) => ctx.session.run(restoreTemplate, input)),
  saveTimes: procedure.input(saveTimes.input).mutation(({ ctx, input }) => ctx.session.run(saveTimes, input)),
});
