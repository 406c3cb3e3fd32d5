import { z } from "zod";
import { type ImportKind, importKinds } from "../../../../src-shared/patients/import/finding.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../../src-shared/sync/wire.ts";
import type { Engine } from "../../engine.ts";
import { db } from "../../read/database.ts";
import { procedure, router } from "../../trpc.ts";
import { broughtOf, importRuns } from "./brought.ts";
import type { CheckState } from "./check.ts";
import { closeBroughtOrder, importPermission, settleBroughtBalance, stopImport, undoImport } from "./commands.ts";
import { deskOf } from "./desk.ts";
import { lacks, lineCountOf, type StagedFile } from "./file.ts";
import type { Plan } from "./plan.ts";
import { keptOf, takenOf, undoable } from "./undo.ts";

/** Balances ride with money, so only a PC that holds both people and money can bring over, or take back, whole runs. */
const profiles = ["till", "hq", "single"];

/** Reading is a permission too. */
const reading = procedure.use(({ ctx, next }) => {
  if (!("patients:view" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not see patients.", { permission: "patients:view" });
  }
  return next();
});
const importing = procedure.use(({ ctx, next }) => {
  if (!(importPermission in ctx.session.permissions())) {
    throw refuse(
      "NO_PERMISSION",
      "Your role does not bring records over. A manager does, or head office changes your role.",
      {
        permission: importPermission,
      },
    );
  }
  return next({ ctx: { ...ctx, desk: deskOf(ctx.engine, ctx.session.user) } });
});
function refuseOtherProfiles(engine: Engine): void {
  const device = engine.read.first(
    db.selectFrom("device").select("profile").where("id", "=", engine.identity().device),
  );
  if (!profiles.includes(device?.profile ?? engine.identity().profile)) {
    throw refuse(
      "IMPORT_ELSEWHERE",
      "This PC does not hold what patients owe. Bring records over, and take them back, at a till or at head office.",
    );
  }
}

/** More letters than this no sample needs. */
const sampleLetters = 60;

function fileView(engine: Engine, file: StagedFile) {
  const before = engine.read.first(
    db
      .selectFrom("import_run")
      .select(["name", "started_at"])
      .where("sha256", "=", file.sha256)
      .where("undone_at", "is", null),
  );
  const common = {
    id: file.id,
    name: file.name,
    size: file.size,
    lines: lineCountOf(file),
    lacks: lacks(file),
    /** The very same file was brought over before. */
    before: before ? { name: before.name, at: before.started_at } : null,
  };
  if (file.form === "fhir") {
    const { patients, prescriptions } = file.lines;
    return {
      ...common,
      form: file.form,
      patients: patients.length,
      prescriptions: prescriptions.length,
      others: [...file.others].map(([type, count]) => ({ type, count })),
    };
  }
  const { form, encoding, separator, kind, mapping, dateOrder, orderFrom, positive, unclosed } = file;
  return {
    ...common,
    ...{ form, encoding, separator, kind, dateOrder, orderFrom, positive, unclosed },
    columns: file.headers.map((header, index) => ({
      index,
      header,
      target: mapping[index] ?? null,
      samples: file.rows
        .map(({ cells }) => (cells[index] ?? "").trim())
        .filter(Boolean)
        .slice(0, 3)
        .map((sample) => sample.slice(0, sampleLetters)),
    })),
  };
}

function reportView(state: CheckState, coming: Plan["counts"]) {
  const badLinesOf = (kind: ImportKind) =>
    new Set(
      state.findings
        .filter((each) => each.kind === kind && each.severity === "bad")
        .map(({ file, line }) => `${file}:${line}`),
    ).size;
  return {
    done: state.done,
    total: state.total,
    kinds: importKinds
      .filter((kind) => state.lines[kind] > 0)
      .map((kind) => ({
        kind,
        lines: state.lines[kind],
        good: kind === "patients" ? state.patients.size : state[kind].length,
        bad: badLinesOf(kind),
      })),
    bad: state.findings.filter(({ severity }) => severity === "bad").length,
    look: state.findings.filter(({ severity }) => severity === "look").length,
    duplicates: state.duplicates.length,
    /** As things are decided now. */
    coming,
    owed: state.balances.reduce((sum, { record }) => sum + record.amount, 0),
  };
}

const page = { offset: z.int().min(0), limit: z.int().min(1).max(200) };

export const importsRouter = router({
  /** A piece of a file, base64; the answer to the last one says how it was understood. */
  upload: importing
    .input(
      z.object({
        id: z.string().min(8).max(64),
        name: z.string().min(1).max(200),
        data: z.base64().max(2 * 1024 * 1024),
        first: z.boolean(),
        last: z.boolean(),
      }),
    )
    .mutation(({ ctx: { engine, desk }, input }) => {
      refuseOtherProfiles(engine);
      const file = desk.upload(input);
      return file ? fileView(engine, file) : null;
    }),
  files: importing
    .meta({ shows: ["import_run", "local_draft"] })
    .query(({ ctx: { engine, desk } }) => ({ files: desk.files().map((file) => fileView(engine, file)) })),
  read: importing
    .input(
      z.object({
        id: z.string().max(64),
        reading: z
          .object({
            kind: z.enum(importKinds),
            column: z.object({ index: z.int().min(0).max(1000), target: z.string().max(40).nullable() }),
            dateOrder: z.enum(["dmy", "mdy"]),
            positive: z.enum(["owes", "credit"]),
          })
          .partial(),
      }),
    )
    .mutation(({ ctx: { desk }, input }) => desk.change(input.id, input.reading)),
  remove: importing
    .input(z.object({ id: z.string().max(64).nullable() }))
    .mutation(({ ctx: { desk }, input }) => desk.remove(input.id)),

  /** The dry run, slice by slice: called until `done` is `total`. */
  check: importing
    .input(z.object({ again: z.boolean() }))
    .mutation(({ ctx: { desk }, input }) => desk.checkOn(input.again)),
  report: importing.query(({ ctx: { desk } }) => {
    const check = desk.check();
    return check ? reportView(check.state, desk.coming(check)) : null;
  }),
  findings: importing
    .input(z.object({ severity: z.enum(["bad", "look"]), ...page }))
    .query(({ ctx: { desk }, input }) => {
      const all = desk.checked().state.findings.filter(({ severity }) => severity === input.severity);
      const names = desk.files().map(({ name }) => name);
      return {
        total: all.length,
        findings: all
          .slice(input.offset, input.offset + input.limit)
          .map((finding, index) => ({ ...finding, index: input.offset + index, fileName: names[finding.file] ?? "" })),
      };
    }),
  badLines: importing.query(({ ctx: { desk } }) => ({ files: desk.badLines() })),
  duplicates: importing.input(z.object(page)).query(({ ctx: { desk }, input }) => {
    const { duplicates } = desk.checked().state;
    return {
      total: duplicates.length,
      duplicates: duplicates.slice(input.offset, input.offset + input.limit).map((duplicate) => {
        const { given_name, family_name, date_of_birth, phone, line, key } = duplicate.record;
        const decision = desk.decisionOf(duplicate);
        return {
          ref: duplicate.ref,
          person: { given_name, family_name, date_of_birth, phone, line, key },
          candidates: duplicate.candidates.map(({ why, shown }) => ({
            why,
            given_name: shown.given_name,
            family_name: shown.family_name,
            date_of_birth: shown.date_of_birth,
            phone: shown.phone,
            where: shown.where,
          })),
          decision: decision.is,
          chosen:
            decision.is === "same"
              ? duplicate.candidates.findIndex(({ to }) => JSON.stringify(to) === JSON.stringify(decision.to))
              : -1,
        };
      }),
    };
  }),
  decide: importing
    .input(
      z.object({
        /** Null: all of them. */
        ref: z.string().max(40).nullable(),
        is: z.enum(["new", "same", "skip"]),
        candidate: z.int().min(0).max(50).default(0),
      }),
    )
    .mutation(({ ctx: { desk }, input }) => desk.decide(input.ref, input.is, input.candidate)),

  branches: importing.meta({ shows: ["branch"] }).query(({ ctx: { engine } }) => ({
    here: engine.identity().branch,
    branches: engine.read.all(db.selectFrom("branch").select(["id", "name"]).where("deleted", "=", 0).orderBy("name")),
  })),
  begin: importing
    .input(z.object({ name: z.string().trim().min(1, "a name is needed").max(200), branchId: idSchema }))
    .mutation(({ ctx: { engine, session, desk }, input }) => {
      refuseOtherProfiles(engine);
      return desk.begin(session, input.name, input.branchId);
    }),
  /** What this PC is bringing over or taking back just now. */
  progress: importing
    .meta({ shows: ["local_draft", "import_run", "patient", "prescription", "brought_order", "brought_balance"] })
    .query(({ ctx: { engine } }) => ({ work: engine.imports.progress() })),
  goOn: importing.mutation(({ ctx: { engine } }) => engine.imports.start()),
  stop: importing
    .input(z.object({ runId: idSchema }))
    .mutation(({ ctx: { session }, input }) => session.run(stopImport, input)),
  runs: importing
    .meta({ shows: ["import_run", "patient", "branch", "app_user"] })
    .query(({ ctx: { engine } }) => ({ runs: importRuns(engine.read) })),
  /** What undoing a run would take away, and whom it would leave. */
  undoing: importing
    .meta({ shows: ["import_run", "patient", "sale", "exam_summary", "appointment", "brought_balance"] })
    .input(z.object({ runId: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const { patients, orders, balances } = undoable(engine.read, input.runId);
      const kept = keptOf(engine.read, input.runId, patients);
      return {
        patients: patients.length,
        orders: orders.length,
        balances: balances.length,
        taken: takenOf(engine.read, input.runId),
        ...kept,
      };
    }),
  undo: importing.input(z.object({ runId: idSchema })).mutation(({ ctx: { engine, session }, input }) => {
    refuseOtherProfiles(engine);
    const { patients, orders, balances } = undoable(engine.read, input.runId);
    const total = patients.length + orders.length + balances.length;
    session.run(undoImport, { runId: input.runId, role: session.role, total });
    engine.imports.start();
  }),

  /** What of a patient came from the system before. */
  ofPatient: reading
    .meta({ shows: ["import_run", "patient", "prescription", "brought_order", "brought_balance"] })
    .input(z.object({ patientId: idSchema }))
    .query(({ ctx: { engine }, input }) => broughtOf(engine.read, input.patientId)),
  closeOrder: procedure
    .input(closeBroughtOrder.input)
    .mutation(({ ctx, input }) => ctx.session.run(closeBroughtOrder, input)),
  settle: procedure
    .input(settleBroughtBalance.input)
    .mutation(({ ctx, input }) => ctx.session.run(settleBroughtBalance, input)),
});
