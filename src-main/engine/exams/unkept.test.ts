import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { draftIn } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { discardExam } from "./draft.ts";
import { signExam } from "./signing.ts";
import { keepUnkept, unkeptOf } from "./unkept.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const [me, colleague] = ["a".repeat(32), "b".repeat(32)];

test("half a power is kept for whoever typed it, on this PC alone, until it is whole or the exam is signed", () => {
  const [signed, discarded] = [draftIn(room).id, draftIn(room).id];
  const outbox = () => room.engine.read.sql("select device_seq from sync_outbox").length;
  const sent = outbox();
  for (const id of [signed, discarded])
    keepUnkept(room.engine, me, {
      id,
      where: "fields",
      keep: { "pd.r": { half: "31." }, reason: { value: "Rout" } },
      drop: [],
    });
  keepUnkept(room.engine, me, { id: signed, where: "fields", keep: { "pd.r": { half: "31.5" } }, drop: ["reason"] });
  expect(unkeptOf(room.engine.read, me, signed)).toEqual({ "pd.r": { half: "31.5" } });
  expect(unkeptOf(room.engine.read, me, discarded)).toMatchObject({ reason: { value: "Rout" } });
  expect(unkeptOf(room.engine.read, colleague, signed)).toEqual({});
  expect(outbox()).toBe(sent);

  room.as("CL", signExam, { id: signed });
  room.as("CL", discardExam, { id: discarded });
  expect(unkeptOf(room.engine.read, me, signed)).toEqual({});
  // A discarded draft may be taken up again, and then stands there as it was left.
  expect(unkeptOf(room.engine.read, me, discarded)).toMatchObject({ reason: { value: "Rout" } });
});

test("a letter that was begun beside an exam outlives the signature, for whoever writes it", () => {
  const { id } = draftIn(room);
  const keep = { refer: { letter: "Dear colle" } };
  keepUnkept(room.engine, me, { id, where: "beside", keep, drop: [] });
  expect(unkeptOf(room.engine.read, me, id)).toEqual({});
  room.as("CL", signExam, { id });
  expect(unkeptOf(room.engine.read, me, id, "beside")).toEqual(keep);
  expect(unkeptOf(room.engine.read, colleague, id, "beside")).toEqual({});
  keepUnkept(room.engine, me, { id, where: "beside", keep: {}, drop: ["refer"] });
  expect(unkeptOf(room.engine.read, me, id, "beside")).toEqual({});
});
