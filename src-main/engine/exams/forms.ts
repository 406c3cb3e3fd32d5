/** What an exam consists of in this practice: sections per role, and questions of its own. Changed without code. */
import { z } from "zod";
import { formSectionsSchema } from "../../../src-shared/exams/form.ts";
import { questionKinds } from "../../../src-shared/exams/kinds.ts";
import { isSectionKey } from "../../../src-shared/exams/sections.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";

/** Without a role: what everybody sees who has no form of their role. */
export const saveForm = defineCommand({
  name: "exams.save-form",
  permission: "fields:manage",
  input: z.object({ roleId: idSchema.nullable(), sections: formSectionsSchema }),
  run(tx, { roleId, sections }) {
    if (roleId) tx.need("role", roleId);
    const id = tx.derive({ subject: roleId ?? tx.practice, reaction: "exam-form", index: 0 });
    const stands = tx.insertOnce("exam_form", id, { role_id: roleId, sections }, null);
    tx.patch("exam_form", stands.id, { sections }, null);
    return { id };
  },
});

/** The role sees the practice's form again. */
export const removeForm = defineCommand({
  name: "exams.remove-form",
  permission: "fields:manage",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    tx.remove("exam_form", id);
  },
});

const question = z.object({
  section: z.string().max(40).refine(isSectionKey, "no section of an exam"),
  label: z.string().trim().min(2, "say what is asked").max(200),
  kind: z.enum(questionKinds),
  options: z.array(z.string().trim().min(1).max(100)).max(40),
  unit: z.string().trim().max(20).nullable(),
  perEye: z.boolean(),
  expected: z.boolean(),
  position: z.int().min(0).max(10_000),
});

export const saveQuestion = defineCommand({
  name: "exams.save-question",
  permission: "fields:manage",
  input: question.extend({ id: idSchema.nullable() }),
  run(tx, { id, perEye, ...asked }) {
    if ((asked.kind === "choice" || asked.kind === "many") && asked.options.length < 2)
      throw refuse("NO_OPTIONS", "Name at least two answers to choose from.", { field: "options" });
    const fields = { ...asked, per_eye: perEye };
    if (!id) return { id: tx.insert("exam_question", fields, { branch: null }).id };
    tx.patch("exam_question", id, fields, null);
    return { id };
  },
});

/** Asked no more; answers that stand in records stay there with their wording. */
export const removeQuestion = defineCommand({
  name: "exams.remove-question",
  permission: "fields:manage",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    tx.remove("exam_question", id);
  },
});
