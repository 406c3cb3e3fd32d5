import { z } from "zod";
import { fileTypes } from "../../../src-shared/files/recognise.ts";
import { sealedSize } from "../../../src-shared/files/sealed.ts";
import { blobSchema } from "../../../src-shared/files/wire.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { entityOf, streamOf } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { standingFor } from "../patients/kept.ts";
import { defineCommand } from "../write/define.ts";
import { insertOwn } from "./here.ts";

/** What files stand beside. Their stream is its stream: who may not have the exam may not have its images. */
export const subjectEntities = ["patient", "exam", "case_file"] as const;
export const fileKinds = ["photograph", "fundus", "oct", "visual_field", "letter", "document"] as const;

/** What a person says of a file, and may say otherwise later. */
export const described = z.object({
  name: z.string().trim().min(1, "it is needed").max(200),
  kind: z.enum(fileKinds),
  eye: z.enum(["r", "l", "b"]).nullable(),
  /** UTC milliseconds. */
  takenAt: z.int().min(0).max(4_102_444_800_000).nullable(),
  note: z.string().trim().max(1000).nullable(),
});
export const subjectSchema = z.object({ entity: z.enum(subjectEntities), id: idSchema });

const mimes = Object.keys(fileTypes) as [string, ...string[]];

/** The bytes are on the disk by now; row and place in the queue are one transaction. */
export const addFile = defineCommand({
  name: "files.add",
  permission: "documents:upload",
  input: described.extend({
    subject: subjectSchema,
    mime: z.enum(mimes),
    size: z.int().min(1).max(1_000_000_000),
    blob: blobSchema,
    blobSize: z.int().min(1),
    key: z.string().length(43),
  }),
  run(tx, input) {
    const { entity } = input.subject;
    const id = entity === "patient" ? standingFor(tx, input.subject.id).id : input.subject.id;
    const subject = tx.need(entity, id);
    if (input.blobSize !== sealedSize(input.size))
      throw refuse("INVALID", "The file has another length than was said.");
    const patient = entity === "patient" ? id : (subject as { patient_id?: string | null }).patient_id;
    const row = tx.insert("attachment", {
      subject_entity: entity,
      subject_id: id,
      patient_id: patient ?? null,
      branch_id: tx.branch,
      name: input.name,
      kind: input.kind,
      eye: input.eye,
      taken_at: input.takenAt,
      mime: input.mime,
      size: input.size,
      blob: input.blob,
      blob_size: input.blobSize,
      blob_key: input.key,
      note: input.note || null,
      user_id: tx.user,
      at: tx.now,
      stream: streamOf(entityOf(entity), subject as never),
    });
    tx.sql(insertOwn, input.blob, input.blobSize, tx.now);
    return { id: row.id };
  },
});

export const describeFile = defineCommand({
  name: "files.describe",
  permission: "documents:upload",
  input: described.partial().extend({ id: idSchema }),
  run(tx, { id, name, kind, eye, takenAt, note }) {
    return {
      changed: tx.patch("attachment", id, {
        ...(name === undefined ? {} : { name }),
        ...(kind === undefined ? {} : { kind }),
        ...(eye === undefined ? {} : { eye }),
        ...(takenAt === undefined ? {} : { taken_at: takenAt }),
        ...(note === undefined ? {} : { note: note || null }),
      }),
    };
  },
});

/** How much room files may take, bytes; what is there already stays. */
export const setFileLimits = defineCommand({
  name: "files.set-limits",
  permission: "roles:manage",
  input: z.object({
    files_one: z.int().min(1_000_000).max(1_000_000_000),
    files_practice: z.int().min(1_000_000_000).max(100_000_000_000_000),
    files_device: z.int().min(100_000_000).max(1_000_000_000_000),
  }),
  run(tx, limits) {
    for (const [key, value] of Object.entries(limits)) {
      const id = tx.derive({ subject: tx.practice, reaction: `setting:${key}`, index: 0 });
      tx.insertOnce("setting", id, { key, value });
      tx.patch("setting", id, { value });
    }
  },
});

/** Can be taken back; the bytes stay for 30 days. */
export const removeFile = defineCommand({
  name: "files.remove",
  permission: "documents:upload",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    tx.remove("attachment", id);
    return {};
  },
});

export const restoreFile = defineCommand({
  name: "files.restore",
  permission: "documents:upload",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    tx.restore("attachment", id);
    return {};
  },
});
