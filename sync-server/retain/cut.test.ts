import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { groupCrypto } from "../../replica/crypto.ts";
import { type Clinic, openCentreDatabase, openClinic } from "../../sim/clinic.ts";
import { openTestCentre } from "../../sim/practice.ts";
import * as work from "../../sim/work.ts";
import { type Header, hashHeader, openGroup, zeroHash } from "../../src-shared/sync/group.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { storeCode } from "../identity/enrol.ts";
import { cutLog, logFloor, logRetention } from "./cut.ts";
import { retainNightly } from "./nightly.ts";
import { prune } from "./prune.ts";

const day = 86_400_000;
let db: Database;
let clinic: Clinic;
let practice: string;
/** A centre on the same database that lives some days later. */
const later = (days: number): Promise<Centre> => openTestCentre({ db, now: () => Date.now() + days * day });

beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  practice = clinic.practice.practice;
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };
const quick = { ...logRetention, rows: 3, pause: 0 };
const head = async () =>
  (await db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [practice]))[0]?.seq ?? 0;
const cursorsAre = (seq: number, seenAt: number) =>
  db.query("update device_cursor set seq=$2, seen_at=$3 where practice_id=$1", [practice, seq, seenAt]);

describe("the log is cut", () => {
  test("only behind half a year and behind every live device", async () => {
    const till = await clinic.device("till", "till");
    till.as("DO", work.registerPatient, margaret);
    await clinic.meet(till);
    const end = await head();
    // Nothing is old enough.
    expect(await cutLog(await later(179), practice, quick)).toBe(0);
    // The till was seen yesterday, a little behind.
    await db.query(
      "insert into device_cursor (practice_id, device_id, server_epoch, seq, authz, seen_at) values ($1,$2,'epoch-1',0,0,0)",
      [practice, till.engine.identity().device],
    );
    await cursorsAre(end - 2, Date.now() + 180 * day);
    expect(await cutLog(await later(181), practice, quick)).toBe(end - 2);
    expect(await logFloor(db, practice)).toBe(end - 2);
    // Two months later nobody waits for it any more.
    expect(await cutLog(await later(241), practice, quick)).toBe(2);
    expect(await logFloor(db, practice)).toBe(end);
  });

  test("without waiting for a device that was taken out, nor for one that last met another state of the centre", async () => {
    const till = await clinic.device("till", "till");
    const { device } = till.engine.identity();
    await db.query(
      "insert into device_cursor (practice_id, device_id, server_epoch, seq, authz, seen_at) values ($1,$2,'before the fire',1,0,$3)",
      [practice, device, Date.now() + 181 * day],
    );
    expect(await cutLog(await later(181), practice, { ...quick, rows: 1 }, stopAfter(1))).toBe(1);
    await db.query("update device_cursor set server_epoch='epoch-1' where practice_id=$1", [practice]);
    expect(await cutLog(await later(181), practice, quick)).toBe(0);
    await db.query("update device set status='revoked' where practice_id=$1 and id=$2", [practice, device]);
    expect(await cutLog(await later(181), practice, quick)).toBe((await head()) - 1);
  });

  test("by one server at a time", async () => {
    const centre = await later(181);
    const before = await head();
    const cuts = await Promise.all([cutLog(centre, practice, quick), cutLog(centre, practice, quick)]);
    expect(Math.max(...cuts)).toBeGreaterThan(0);
    expect(await logFloor(db, practice)).toBe(before);
  });

  test("and what is left proves the whole of every device's chain, and knows every group again", async () => {
    const till = await clinic.device("till", "till");
    const { id } = till.as("DO", work.registerPatient, margaret) as { id: string };
    till.as("DO", work.updatePatient, { id, details: { notes: "one" } });
    await clinic.meet(till);
    const sent = till.sqlite.prepare("select header, sig, bodies from sync_outbox order by device_seq").all() as {
      header: string;
      sig: string;
      bodies: string;
    }[];
    await cutLog(await later(241), practice, quick);
    const rows = await db.query<{ header: string; sig: string; bodies: string }>(
      "select header, sig, bodies from change_log where practice_id=$1 and device_id=$2 order by device_seq",
      [practice, till.engine.identity().device],
    );
    expect(rows.map(({ bodies }) => bodies)).toEqual(["", ""]);
    let prev = zeroHash;
    for (const { header, sig } of rows) {
      openGroup(groupCrypto, { header, sig, bodies: [], erased: [] }, till.engine.identity().publicKey);
      expect((JSON.parse(header) as Header).prev).toBe(prev);
      prev = hashHeader(groupCrypto, header);
    }
    const wire = sent.map(({ header, sig, bodies }) => ({ header, sig, bodies: JSON.parse(bodies), erased: [] }));
    const answer = await till.engine.sync.connection()?.push(wire);
    expect(answer).toMatchObject({ kind: "verdicts", verdicts: [{ verdict: "duplicate" }, { verdict: "duplicate" }] });
    expect(await clinic.rows("patient")).toHaveLength(1);
  });
});

/** Lets so many batches through. */
function stopAfter(batches: number): () => boolean {
  return () => batches-- <= 0;
}

describe("what nobody needs any more goes", () => {
  const versions = async () =>
    (
      await db.query<{ seq: number }>("select seq from authz_snapshot where practice_id=$1 order by seq", [practice])
    ).map(({ seq }) => seq);

  test("rights of versions that nothing can name: not while a device was never heard, not while a held group names one", async () => {
    const till = await clinic.device("till", "till");
    await clinic.person("Ann", "RC");
    await clinic.person("Bob", "RC");
    await clinic.meet(till);
    await cutLog(await later(400), practice, quick);
    const all = await versions();
    expect(all.length).toBeGreaterThan(2);
    await prune(clinic.centre(), practice);
    expect(await versions()).toEqual(all);
    const { device } = till.engine.identity();
    await till.engine.sync
      .connection()
      ?.seen({ serverEpoch: "epoch-1", seq: await head(), authz: all.at(-1) as number });
    await db.query(
      `insert into verdict (practice_id, group_id, device_id, device_epoch, device_seq, code, args, header, sig, bodies, received_at)
       values ($1,$2,$2,1,1,'review','{}',$3,'','[]',0)`,
      [practice, device, JSON.stringify({ authz: all[1] })],
    );
    await prune(clinic.centre(), practice);
    expect(await versions()).toEqual(all.slice(1));
    await db.query("update verdict set code='NOT_ALLOWED' where practice_id=$1", [practice]);
    await prune(clinic.centre(), practice);
    expect(await versions()).toEqual(all.slice(-1));
  });

  test("codes of last month, and the bytes of groups that were decided half a year ago", async () => {
    const centre = clinic.centre();
    const { branches } = clinic.practice;
    await storeCode(centre, { practice, by: null, branch: branches.leeds, deviceName: "Till", profile: "till" });
    const verdict = (group: string, code: string) =>
      db.query(
        `insert into verdict (practice_id, group_id, device_id, device_epoch, device_seq, code, args, header, sig, bodies, received_at)
         values ($1,$2,$1,1,1,$3,'{}','{"authz":0}','','[1]',$4)`,
        [practice, group, code, Date.now()],
      );
    await verdict(branches.leeds, "review");
    await verdict(branches.york, "NOT_ALLOWED");
    const state = async () => {
      const codes = await db.query("select 1 from enrolment_code where practice_id=$1", [practice]);
      const bytes = await db.query<{ code: string; bodies: string }>(
        "select code, bodies from verdict where practice_id=$1 order by code",
        [practice],
      );
      return [codes.length, ...bytes.map(({ code, bodies }) => `${code} ${bodies}`)];
    };
    await prune(await later(30), practice);
    expect(await state()).toEqual([1, "NOT_ALLOWED [1]", "review [1]"]);
    await prune(await later(181), practice);
    expect(await state()).toEqual([0, "NOT_ALLOWED []", "review [1]"]);
  });
});

test("a server does it a quarter of an hour after its start, then every night at two, until it stops", async () => {
  const timers: { ms: number; task: () => void }[] = [];
  const failed: unknown[] = [];
  let now = Date.now() + 400 * day;
  const centre = await openTestCentre({
    db,
    now: () => now,
    log: { ...silentLog, error: (...said) => void failed.push(said) },
    after(ms, task) {
      const timer = { ms, task };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  const stop = retainNightly(centre);
  for (let night = 0; night < 3; night++) {
    // Pauses between batches are the others.
    for (let waited = false; !waited; ) {
      const [next] = timers.splice(0, 1);
      if (!next) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      now += next.ms;
      next.task();
      waited = next.ms > 60_000;
    }
    if (night > 0) expect(new Date(now).getUTCHours()).toBe(2);
  }
  expect(await logFloor(db, practice)).toBe(await head());
  while (timers.every(({ ms }) => ms <= 60_000)) await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
  expect([timers, failed]).toEqual([[], []]);
});
