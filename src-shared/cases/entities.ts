import { z } from "zod";
import { defineEntity } from "../sync/entity.ts";
import { idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { foldCase } from "./fold.ts";
import { caseStatuses, urgencies } from "./status.ts";

/** A case. (`case` is a word of SQL, hence the name of the table.) */
export const caseFile = defineEntity({
  name: "case_file",
  kind: "register",
  stream: "cases",
  series: "K",
  fields: {
    number: text(32),
    /** What was printed before a forked terminal had to draw the number anew; searchable. */
    printed_number: nullable(text(40)),
    patient_id: nullable(idField("patient")),
    subject: text(300),
    channel: unknownAs("counter", oneOf("counter", "phone", "email", "portal", "chat")),
    branch_id: idField("branch"),
    owner_id: nullable(idField("app_user")),
    opened_by_id: idField("app_user"),
    opened_at: instant(),
  },
  permissions: {
    insert: "cases:create",
    patch: ({ fields }) => ("owner_id" in fields ? "cases:assign_self" : "cases:set_status"),
    owner: "owner_id",
  },
  fold: {
    columns: {
      status: oneOf(...caseStatuses),
      urgency: oneOf(...urgencies),
      last_activity_at: instant(),
      patient_messages: int(0),
      messages: int(0),
    },
    from: { case_event: "case_id", case_message: "case_id" },
    compute: foldCase,
  },
});

/** What the patient sees: replies of staff and messages of the patient. */
export const caseMessage = defineEntity({
  name: "case_message",
  kind: "fact",
  stream: "cases",
  parent: { entity: "case_file", column: "case_id" },
  fields: {
    case_id: idField("case_file"),
    from: unknownAs("staff", oneOf("staff", "patient")),
    channel: unknownAs("counter", oneOf("counter", "phone", "email", "portal", "chat")),
    body: text(20_000),
    author_id: nullable(idField("app_user")),
    author: text(),
    at: instant(),
  },
  author: "author_id",
  authorOutside: ({ from }) => from === "patient",
  permissions: { insert: ({ fields }) => (fields.from === "patient" ? "cases:create" : "cases:reply") },
});

/** Internal notes are an entity of their own, so that no query for patients can ever return one. */
export const caseNote = defineEntity({
  name: "case_note",
  kind: "fact",
  stream: "cases",
  parent: { entity: "case_file", column: "case_id" },
  fields: {
    case_id: idField("case_file"),
    body: text(20_000),
    author_id: idField("app_user"),
    at: instant(),
  },
  author: "author_id",
  permissions: { insert: "cases:note_internal" },
});

export const caseEvent = defineEntity({
  name: "case_event",
  kind: "fact",
  stream: "cases",
  parent: { entity: "case_file", column: "case_id" },
  fields: {
    case_id: idField("case_file"),
    kind: oneOf("status", "urgency"),
    /** A status that this version does not know keeps the case in sight; an urgency that it does not know is none. */
    value: unknownAs("open", oneOf(...caseStatuses, ...urgencies)),
    /** The events of the same kind that this one follows: what its author saw as the latest. */
    follows: json(z.array(z.string())),
    /** How many messages of the patient its author had seen. */
    seen_patient_messages: int(0),
    text: nullable(text(2000)),
    user_id: nullable(idField("app_user")),
    at: instant(),
  },
  author: "user_id",
  permissions: {
    insert: ({ fields }) => {
      if (fields.kind === "urgency") return fields.text === "lower" ? "cases:lower_urgency" : "cases:raise_urgency";
      return fields.value === "closed" ? "cases:close" : "cases:set_status";
    },
  },
});
