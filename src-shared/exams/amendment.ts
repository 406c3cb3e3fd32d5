/** What is said about a record after it was signed. A file of its own: what it may say depends on what an exam can hold. */
import { defineEntity } from "../sync/entity.ts";
import { idField, instant, oneOf, text, unknownAs } from "../sync/fields.ts";
import { amendmentProblem } from "./amended.ts";

export const examAmendment = defineEntity({
  name: "exam_amendment",
  kind: "fact",
  stream: "clinical",
  fields: {
    exam_id: idField("exam"),
    patient_id: idField("patient"),
    /** `amendment`: signed by a person. `proposed`: a draft patch the signer had not seen. `concurrent`: a second signature. */
    state: unknownAs("amendment", oneOf("amendment", "proposed", "concurrent")),
    reason: text(2000),
    content: text(200_000),
    author_id: idField("app_user"),
    at: instant(),
  },
  author: "author_id",
  within: "exam_id",
  check: amendmentProblem,
  permissions: { insert: "exams:finalize" },
});
