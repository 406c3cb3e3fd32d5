import { z } from "zod";
import { defineEntity } from "../sync/entity.ts";
import { bool, date, idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { foldAppointment } from "./fold.ts";
import { appointmentKinds, appointmentStates, visitSteps } from "./states.ts";

const wallTime = () => text(5);

/** When a room sees patients, in the branch's wall time; a day's slots follow from it and the branch's calendar. */
export const clinicTemplate = defineEntity({
  name: "clinic_template",
  kind: "register",
  stream: "org",
  fields: {
    branch_id: idField("branch"),
    room: text(40),
    /** 1 Monday to 7 Sunday. */
    weekday: int(1, 7),
    /** `HH:MM`. */
    begins: wallTime(),
    ends: wallTime(),
    breaks: json(z.array(z.tuple([z.string().max(5), z.string().max(5)])).max(10)),
    slot_minutes: int(5, 240),
    optometrist_id: nullable(idField("app_user")),
    valid_from: date(),
    valid_to: nullable(date()),
  },
  permissions: { insert: "schedules:manage", patch: "schedules:manage" },
});

/** A booking, or somebody who walked in. Where the patient is follows from what happened (`appointment_event`). */
export const appointment = defineEntity({
  name: "appointment",
  kind: "register",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    room: text(40),
    optometrist_id: nullable(idField("app_user")),
    starts_at: instant(),
    minutes: int(5, 480),
    kind: unknownAs("other", oneOf(...appointmentKinds)),
    note: nullable(text(1000)),
    walk_in: bool(),
    booked_by_id: nullable(idField("app_user")),
    booked_at: instant(),
  },
  fixed: ["patient_id", "branch_id", "booked_by_id", "booked_at"],
  permissions: { insert: "appointments:book", patch: "appointments:change" },
  fold: {
    columns: { state: unknownAs("booked", oneOf(...appointmentStates)), state_at: nullable(instant()) },
    from: { appointment_event: "appointment_id" },
    compute: foldAppointment,
  },
});

/** What happened to a booking, where the patient went: facts, whoever saw it. */
export const appointmentEvent = defineEntity({
  name: "appointment_event",
  kind: "fact",
  stream: "people",
  parent: { entity: "appointment", column: "appointment_id" },
  fields: {
    appointment_id: idField("appointment"),
    kind: unknownAs("note", oneOf(...visitSteps)),
    text: nullable(text(400)),
    user_id: nullable(idField("app_user")),
    branch_id: nullable(idField("branch")),
    at: instant(),
  },
  author: "user_id",
  within: "appointment_id",
  permissions: {
    insert: ({ fields }) =>
      fields.kind === "cancelled" || fields.kind === "did_not_attend" ? "appointments:change" : "appointments:view",
  },
});
