import { z } from "zod";
import { sizeText } from "../../../src-shared/files/limits.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { readsOf } from "../patients/emergency.ts";
import type { Session } from "../session/sessions.ts";
import { procedure, router } from "../trpc.ts";
import { addFile, described, describeFile, removeFile, restoreFile, setFileLimits, subjectSchema } from "./commands.ts";
import type { Files } from "./files.ts";
import { pieceBytes } from "./incoming.ts";
import { type FileRow, filesOfPatient, filesOfSubject, fileWithKey, namedBy, patientOf, sizeOfAll } from "./queries.ts";

/** A procedure on a device that keeps files; one whose replica lives in memory has nowhere to put them. */
const withFiles = procedure.use(({ ctx, next }) => next({ ctx: { ...ctx, files: filesOf(ctx.engine) } }));
const adding = withFiles.use(({ ctx, next }) => {
  if (!("documents:upload" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not add files. Nothing was kept.", {
      permission: "documents:upload",
    });
  }
  return next();
});

function filesOf(engine: Engine): Files {
  if (!engine.files) throw refuse("FILES_OFF", "This PC keeps no files.");
  return engine.files;
}

/** Clinical images are part of the clinical record; everything else is seen by whoever sees the patient. */
type Looked = Pick<FileRow, "stream" | "patient_id">;
function mayLook(engine: Engine, session: Session, { stream, patient_id }: Looked): boolean {
  if (stream !== "clinical" || patient_id === null)
    return (stream === "clinical" ? "patients:view_clinical" : "patients:view") in session.permissions();
  return readsOf(engine, session, patient_id).may("patients:view_clinical");
}
function requireLook(engine: Engine, session: Session, file: Looked): void {
  if (!mayLook(engine, session, file)) throw refuse("NO_PERMISSION", "Your role does not see files of this kind.");
}

const uploadId = z.string().regex(/^[0-9a-f]{32}$/, "a hand-over that was begun is needed");
const piece = z.base64().max(Math.ceil(pieceBytes / 3) * 4);

export const filesRouter = router({
  list: withFiles
    .meta({ shows: ["attachment", "patient", "file_blob", "sync_status"] })
    .input(z.object({ subject: subjectSchema, patientId: idSchema.nullable() }))
    .query(({ ctx: { engine, files, session }, input: { subject, patientId } }) => {
      const rows =
        subject.entity === "patient" && patientId === subject.id
          ? filesOfPatient(engine.read, subject.id)
          : filesOfSubject(engine.read, subject);
      return {
        hasLine: engine.sync.connection() !== null,
        mayAdd: "documents:upload" in session.permissions(),
        maySave: "documents:download" in session.permissions(),
        most: files.limit("files_one"),
        patient: patientId === null ? null : patientOf(engine.read, patientId),
        files: rows.filter((row) => mayLook(engine, session, row)).map((row) => shownFile(files, row)),
      };
    }),

  /** How many of a patient's files this person may see. */
  count: procedure
    .meta({ shows: ["attachment"] })
    .input(z.object({ patientId: idSchema }))
    .query(
      ({ ctx: { engine, session }, input }) =>
        filesOfPatient(engine.read, input.patientId).filter((row) => mayLook(engine, session, row)).length,
    ),

  begin: adding.input(z.object({ size: z.int().min(1).max(100_000_000_000) })).mutation(async ({ ctx, input }) => ({
    upload: await ctx.files.incoming.begin(ctx.connection, input.size, ctx.files.limit("files_one")),
  })),
  piece: adding
    .input(z.object({ upload: uploadId, at: z.int().min(0), data: piece }))
    .mutation(({ ctx, input: { upload, at, data } }) =>
      ctx.files.incoming.piece(ctx.connection, upload, at, Buffer.from(data, "base64")),
    ),
  finish: adding
    .input(described.extend({ upload: uploadId, subject: subjectSchema }))
    .mutation(async ({ ctx, input: { upload, ...what } }) => {
      const kept = await ctx.files.incoming.finish(ctx.connection, upload);
      try {
        return ctx.session.run(addFile, { ...what, ...kept });
      } catch (error) {
        ctx.files.drop(kept.blob);
        throw error;
      }
    }),
  giveUp: adding.input(z.object({ upload: uploadId })).mutation(async ({ ctx, input }) => {
    await ctx.files.incoming.drop(ctx.connection, input.upload);
  }),

  /** Fetches a file from the centre when it is not here; how far that is shows in the list. */
  want: withFiles.input(z.object({ id: idSchema })).mutation(({ ctx: { engine, files, session }, input }) => {
    const row = fileWithKey(engine.read, input.id);
    requireLook(engine, session, row);
    files.want(row.blob, row.blob_size);
  }),
  /** A piece of a file that is here. `mime` is what its own first bytes say. */
  read: withFiles
    .input(z.object({ id: idSchema, from: z.int().min(0) }))
    .query(async ({ ctx: { engine, files, session }, input: { id, from } }) => {
      const row = fileWithKey(engine.read, id);
      requireLook(engine, session, row);
      if (from >= row.size) throw refuse("INVALID", `The file ends after ${sizeText(row.size)}.`);
      const to = Math.min(from + pieceBytes, row.size);
      const file = {
        blob: row.blob,
        blobSize: row.blob_size,
        size: row.size,
        key: Buffer.from(row.blob_key, "base64url"),
      };
      const { bytes, mime } = await files.open(file, from, to);
      return { data: bytes.toString("base64"), mime, next: to < row.size ? to : null };
    }),

  /** What there is room for, and how much of it is used as far as this PC knows. */
  room: withFiles.meta({ shows: ["setting", "attachment", "file_blob"] }).query(({ ctx: { engine, files } }) => ({
    limits: {
      files_one: files.limit("files_one"),
      files_practice: files.limit("files_practice"),
      files_device: files.limit("files_device"),
    },
    used: { ...sizeOfAll(engine.read), device: files.kept() },
  })),
  setLimits: procedure.input(setFileLimits.input).mutation(({ ctx, input }) => ctx.session.run(setFileLimits, input)),

  /** This PC was taken out and cannot be erased: what the centre would not have. */
  keptBack: withFiles
    .meta({ shows: ["attachment", "file_blob", "sync_status"] })
    .query(({ ctx: { engine, files, session } }) => ({
      maySave: "documents:download" in session.permissions(),
      files: namedBy(engine.read, files.keptBack())
        .filter((row) => mayLook(engine, session, row))
        .map(({ stream: _stream, ...row }) => ({ ...row, problem: files.where(row.blob, row.blob_size).problem })),
    })),
  /** A person has a copy, or knows that it goes with this PC. */
  leaveBehind: adding.input(z.object({ id: idSchema })).mutation(({ ctx: { engine, files, session }, input }) => {
    const row = fileWithKey(engine.read, input.id);
    requireLook(engine, session, row);
    if (!files.keptBack().includes(row.blob)) throw refuse("NOT_KEPT_BACK", "This file does not hold anything up.");
    files.leaveBehind(row.blob);
    engine.sync.tryNow();
  }),

  describe: procedure.input(describeFile.input).mutation(({ ctx, input }) => ctx.session.run(describeFile, input)),
  remove: procedure.input(removeFile.input).mutation(({ ctx, input }) => ctx.session.run(removeFile, input)),
  restore: procedure.input(restoreFile.input).mutation(({ ctx, input }) => ctx.session.run(restoreFile, input)),
});

function shownFile(files: Files, { blob, blob_size, ...row }: FileRow) {
  return { ...row, blobSize: blob_size, ...files.where(blob, blob_size) };
}
