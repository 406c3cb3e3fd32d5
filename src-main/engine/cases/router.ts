import { z } from "zod";
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { caseFile } from "../../../src-shared/cases/entities.ts";
import type { CaseStatus } from "../../../src-shared/cases/status.ts";
import { nextStatuses, whoseTurn } from "../../../src-shared/cases/transitions.ts";
import { understood } from "../../../src-shared/sync/newer.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { todayAt } from "../lab/router.ts";
import { ofNoUndoneImport } from "../patients/import/brought.ts";
import { keptPatient, ofKept } from "../patients/kept.ts";
import { recordIds } from "../patients/summary.ts";
import { bytes, db, type Reader } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import {
  assignCase,
  noteInternally,
  notePatientWords,
  openCase,
  replyToCase,
  setCaseStatus,
  setCaseUrgency,
} from "./commands.ts";

const reading = procedure.use(({ ctx, next }) => {
  if (!("cases:view" in ctx.session.permissions()))
    throw refuse("NO_PERMISSION", "Your role does not see cases.", { permission: "cases:view" });
  return next();
});

const views = {
  open: "c.status not in ('resolved','closed','archived')",
  mine: "c.owner_id = ? and c.status not in ('resolved','closed','archived')",
  unassigned: "c.owner_id is null and c.status not in ('resolved','closed','archived')",
  closed: "c.status in ('resolved','closed','archived')",
} as const;
const order =
  "case c.urgency when 'E0' then 0 when 'E1' then 1 when 'U' then 2 when 'W' then 3 else 4 end, c.last_activity_at desc";

interface CaseItem {
  readonly id: string;
  readonly number: string;
  readonly subject: string;
  readonly channel: string;
  readonly status: string;
  readonly urgency: string;
  readonly last_activity_at: number;
  readonly owner: string | null;
  readonly patient_id: string | null;
  readonly merged_into_id: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
}

function counts(read: Reader, user: string) {
  const count = (view: keyof typeof views) =>
    read.sql<{ n: number }>(
      `select count(*) as n from case_file c where c.deleted=0 and ${views[view]}`,
      ...(view === "mine" ? [bytes(user)] : []),
    )[0]?.n ?? 0;
  return { open: count("open"), mine: count("mine"), unassigned: count("unassigned"), closed: count("closed") };
}

export const casesRouter = router({
  counts: reading
    .meta({ shows: ["case_file", "case_event", "case_message"] })
    .query(({ ctx: { engine, session } }) => counts(engine.read, session.user)),
  list: reading
    .meta({ shows: ["case_file", "case_event", "case_message", "app_user", "patient"] })
    .input(z.object({ view: z.enum(["open", "mine", "unassigned", "closed"]) }))
    .query(({ ctx: { engine, session }, input }) => ({
      counts: counts(engine.read, session.user),
      cases: ofKept(
        engine.read,
        engine.read.sql<CaseItem>(
          `select c.id, c.patient_id, p.merged_into_id, c.number, c.subject, c.channel, c.status, c.urgency, c.last_activity_at, u.display_name as owner, p.given_name, p.family_name
         from case_file c left join app_user u on u.id=c.owner_id left join patient p on p.id=c.patient_id
         where c.deleted=0 and ${views[input.view]} order by ${order} limit 200`,
          ...(input.view === "mine" ? [bytes(session.user)] : []),
        ),
        ["given_name", "family_name"],
      ),
    })),
  get: reading
    .meta({
      shows: [
        "case_file",
        "case_message",
        "case_note",
        "case_event",
        "patient",
        "prescription",
        "job",
        "app_user",
        "sync_outbox",
      ],
    })
    .input(z.object({ id: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const { read } = engine;
      const file = read.first(
        db
          .selectFrom("case_file as c")
          .leftJoin("app_user as u", "u.id", "c.owner_id")
          .selectAll("c")
          .select("u.display_name as owner")
          .where("c.id", "=", input.id),
      );
      if (!file) throw refuse("NOT_FOUND", "This case is not on this PC.");
      const patient = file.patient_id ? keptPatient(read, file.patient_id) : null;
      const own = patient ? recordIds(read, patient.id) : [];
      const messages = read.all(db.selectFrom("case_message").selectAll().where("case_id", "=", input.id));
      const notes = read.all(
        db
          .selectFrom("case_note as n")
          .leftJoin("app_user as u", "u.id", "n.author_id")
          .select(["n.id", "n.body", "n.at", "n.hlc", "u.display_name as author"])
          .where("n.case_id", "=", input.id),
      );
      const events = read.all(
        db
          .selectFrom("case_event as e")
          .leftJoin("app_user as u", "u.id", "e.user_id")
          .select(["e.id", "e.kind", "e.value", "e.text", "e.at", "e.hlc", "u.display_name as author"])
          .where("e.case_id", "=", input.id),
      );
      const shown = { ...file, channel: understood(caseFile.fields.channel, file.channel) };
      const thread = [
        ...messages.map((row) => ({
          id: row.id,
          hlc: row.hlc,
          at: row.at,
          what: row.from === "patient" ? ("patient" as const) : ("reply" as const),
          author: row.author,
          body: row.body,
          waiting: engine.replica.isUnsettled(row.hlc),
        })),
        ...notes.map((row) => ({
          id: row.id,
          hlc: row.hlc,
          at: row.at,
          what: "note" as const,
          author: row.author ?? "",
          body: row.body,
          waiting: false,
        })),
        ...events.map((row) => ({
          id: row.id,
          hlc: row.hlc,
          at: row.at,
          what: row.kind,
          author: row.author ?? "",
          body: row.text === "lower" ? "" : (row.text ?? ""),
          value: row.value,
          waiting: false,
        })),
      ].sort((a, b) => (a.hlc < b.hlc ? -1 : 1));
      const status = file.status as CaseStatus;
      return {
        file: shown,
        thread,
        next: nextStatuses[status],
        turn: whoseTurn[status],
        patient: patient ? { ...patient, age: ageOn(patient.date_of_birth, todayAt(engine)) } : null,
        prescription: patient
          ? read.first(
              db
                .selectFrom("prescription")
                .selectAll()
                .where("patient_id", "in", own)
                .where(ofNoUndoneImport)
                .orderBy("issued_on", "desc"),
            )
          : null,
        jobs: patient
          ? read.all(
              db
                .selectFrom("job")
                .select(["id", "number", "stage", "promised_on"])
                .where("patient_id", "in", own)
                .orderBy("at", "desc")
                .limit(3),
            )
          : [],
        before: patient
          ? read.all(
              db
                .selectFrom("case_file")
                .select(["id", "number", "subject", "status"])
                .where("patient_id", "in", own)
                .where("id", "!=", input.id)
                .orderBy("opened_at", "desc")
                .limit(4),
            )
          : [],
      };
    }),
  people: reading
    .meta({ shows: ["app_user"] })
    .query(({ ctx: { engine } }) =>
      engine.read.all(
        db
          .selectFrom("app_user")
          .select(["id", "display_name", "job_title"])
          .where("active", "=", 1)
          .where("deleted", "=", 0)
          .orderBy("display_name"),
      ),
    ),
  open: procedure.input(openCase.input).mutation(({ ctx, input }) => ctx.session.run(openCase, input)),
  reply: procedure.input(replyToCase.input).mutation(({ ctx, input }) => ctx.session.run(replyToCase, input)),
  patientMessage: procedure
    .input(notePatientWords.input)
    .mutation(({ ctx, input }) => ctx.session.run(notePatientWords, input)),
  note: procedure.input(noteInternally.input).mutation(({ ctx, input }) => ctx.session.run(noteInternally, input)),
  assign: procedure.input(assignCase.input).mutation(({ ctx, input }) => ctx.session.run(assignCase, input)),
  setStatus: procedure.input(setCaseStatus.input).mutation(({ ctx, input }) => ctx.session.run(setCaseStatus, input)),
  setUrgency: procedure
    .input(setCaseUrgency.input)
    .mutation(({ ctx, input }) => ctx.session.run(setCaseUrgency, input)),

  /** A reply being written, kept on this PC only. */
  draft: reading.input(z.object({ id: idSchema })).query(({ ctx: { engine, session }, input }) => {
    const [row] = engine.read.sql<{ body: string }>(
      "select body from local_draft where kind='case' and key=? and user_id=?",
      input.id,
      bytes(session.user),
    );
    return { body: row ? (JSON.parse(row.body) as string) : "" };
  }),
  saveDraft: reading
    .input(z.object({ id: idSchema, body: z.string().max(20_000) }))
    .mutation(({ ctx: { engine, session }, input }) => {
      engine.db
        .prepare("insert or replace into local_draft (kind, key, user_id, body, at) values ('case',?,?,?,?)")
        .run(input.id, bytes(session.user), JSON.stringify(input.body), engine.time.now());
    }),
});
