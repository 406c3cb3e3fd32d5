/**
 * What must hold when everything has met (sync design §2.14). Each check throws with the property's number; the seed
 * that threw replays it.
 */
import { createHash } from "node:crypto";
import { rowFromSql } from "../replica/columns.ts";
import { type AccessRows, buildAccess } from "../src-shared/access/can.ts";
import { authoriseBody } from "../src-shared/sync/authorise.ts";
import { type DeviceProfile, profileStreams, streamBits, streamMask } from "../src-shared/sync/entity.ts";
import type { Body, Header } from "../src-shared/sync/group.ts";
import { hlcTime } from "../src-shared/sync/hlc.ts";
import { insertedRow, mergePatch } from "../src-shared/sync/merge.ts";
import { type AnyEntity, allEntities, findEntity, holds, type StoredRow } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import { rowFromCentre } from "../sync-server/database/rows.ts";
import { logFloor } from "../sync-server/retain/cut.ts";
import type { SimDevice } from "./devices.ts";
import { lostFromExams } from "./exam-invariants.ts";

export class Violation extends Error {
  readonly property: string;
  constructor(property: string, detail: string) {
    super(`${property}: ${detail}`);
    this.property = property;
  }
}
export function must(condition: boolean, property: string, detail: () => string): void {
  if (!condition) throw new Violation(property, detail());
}

/** What the people of the simulator were told, to hold the end state against. */
export interface Told {
  /** Groups that a device showed as saved, by the device that did. */
  readonly saved: { readonly group: string; readonly device: string }[];
  readonly receipts: { readonly group: string; readonly amount: number }[];
  /** The cursors seen so far, per device, to be monotone within an epoch. */
  readonly cursors: Map<string, { epoch: string; seq: number }>;
  /** How far each device's own idea of now has ever run ahead of true time, milliseconds. */
  readonly ownError: Map<string, number>;
  /** The bodies of groups that were cut off the log, as they stood there. */
  readonly cutBodies: Map<string, string>;
}

/** A device as far as it is looked at. */
export type Checked = Pick<SimDevice, "name" | "engine"> & {
  /** What the device is now, where that may have changed since it joined. */
  readonly profile?: DeviceProfile;
};

interface LogRow {
  seq: number;
  group_id: string;
  header: string;
  bodies: string;
  authz_late: boolean;
}

/** What a device is held against: the entities that it knows, and the centre's rows as it has to see them. */
export interface View {
  readonly entities: readonly AnyEntity[];
  rows(entity: AnyEntity): Promise<StoredRow[]>;
}

function todaysView(centre: Centre, practice: string): View {
  return { entities: allEntities, rows: (entity) => settledRows(centre, practice, entity) };
}

export async function settledRows(centre: Centre, practice: string, entity: AnyEntity): Promise<StoredRow[]> {
  const raws = await centre.db.query(`select * from "${entity.name}" where practice_id=$1 order by id`, [practice]);
  return raws.map((raw) => rowFromCentre(entity, raw));
}

/** The log as it was before anything was cut off it. */
export function wholeLog<R extends { group_id: string; bodies: string }>(log: readonly R[], told: Told): R[] {
  return log.map((row) => ({ ...row, bodies: row.bodies || (told.cutBodies.get(row.group_id) ?? "[]") }));
}

export async function checkAll(
  centre: Centre,
  practice: string,
  devices: readonly SimDevice[],
  told: Told,
  viewOf: (device: SimDevice) => View = () => todaysView(centre, practice),
): Promise<void> {
  const stored = await centre.db.query<LogRow>(
    "select seq, group_id, header, bodies, authz_late from change_log where practice_id=$1 order by seq",
    [practice],
  );
  gaplessLog(stored);
  cutBelowTheFloor(stored, await logFloor(centre.db, practice));
  const log = wholeLog(stored, told);
  stampsExceedWhatWasSeen(log);
  await rightsHeld(centre, practice, log);
  await sameInAnyOrder(centre, practice, log);
  const settled = new Set(log.map((row) => row.group_id));
  const resent = resentBy(log, devices);
  await nothingLost(centre, practice, settled, resent, devices, told);
  for (const device of devices) {
    await sameAsCentre(centre, practice, device, viewOf(device));
    calmClock(device, told);
    noPendingLeft(device);
    nothingLeaked(device);
    must(device.mended === 0, "digest", () => `${device.name} had rows that were other than the centre's`);
  }
  await moneyAdds(centre, practice, settled, resent, told);
  await recordsKept(centre, practice);
  const lost = await lostFromExams(centre, practice, log);
  must(lost === null, "P4", () => lost ?? "");
  await labelsUnique(centre, practice);
  await oneJobPerReleasedPair(centre, practice);
}

/** P6: the log is contiguous. P11: it holds nothing of another practice. */
export function gaplessLog(log: readonly Pick<LogRow, "seq" | "header">[]): void {
  for (const [index, row] of log.entries())
    must(row.seq === index + 1, "P6", () => `position ${index + 1} holds ${row.seq}`);
  const practices = new Set(log.map((row) => (JSON.parse(row.header) as Header).practice));
  must(practices.size <= 1, "P11", () => "two practices in one log");
}

/** The log has all bodies above its floor, and none below; every header hash stays. */
function cutBelowTheFloor(log: readonly LogRow[], floor: number): void {
  for (const row of log)
    must((row.bodies === "") === row.seq <= floor, "law", () => `position ${row.seq}, and the log begins at ${floor}`);
}

/** P8: a change's stamp exceeds the stamp of every value its author saw. */
export function stampsExceedWhatWasSeen(log: readonly Pick<LogRow, "header" | "bodies">[]): void {
  for (const row of log) {
    const header = JSON.parse(row.header) as Header;
    for (const wire of JSON.parse(row.bodies) as { body: string }[]) {
      const body = JSON.parse(wire.body) as Body;
      for (const [field, seen] of Object.entries(body.base)) {
        must(
          header.hlc >= seen,
          "P8",
          () => `${body.entity}.${field} was seen at ${seen}, overwritten at ${header.hlc}`,
        );
      }
    }
  }
}

/**
 * P4: every change shown as saved is settled, kept for a person's decision on the device that made it, or turned down by
 * a named person at the centre. What was sent again has gone somewhere; what a manager sent is really there.
 */
async function nothingLost(
  centre: Centre,
  practice: string,
  settled: ReadonlySet<string>,
  resent: ReadonlyMap<string, readonly string[]>,
  devices: readonly SimDevice[],
  told: Told,
): Promise<void> {
  // What was held, or what a device that was taken out had left, lies at the centre with its bytes.
  const held = await centre.db.query<{ group_id: string }>(
    "select group_id from verdict where practice_id=$1 and bodies <> '[]'",
    [practice],
  );
  const kept = new Set<string>(held.map((row) => row.group_id));
  for (const device of devices) {
    for (const { id } of device.engine.read.sql<{ id: string }>("select group_id as id from sync_quarantine"))
      kept.add(id);
    for (const { id } of device.engine.read.sql<{ id: string }>(
      "select group_id as id from sync_outbox where state='review'",
    ))
      kept.add(id);
  }
  for (const device of devices) {
    for (const { id, decision, reason } of device.engine.read.sql<{ id: string; decision: string; reason: string }>(
      "select group_id as id, decision, reason from sync_quarantine where decision is not null",
    )) {
      const again = resent.get(id) ?? [];
      if (decision === "resent")
        must(
          again.some((group) => settled.has(group) || kept.has(group)),
          "P4",
          () => `${device.name} sent ${id} again, and it is nowhere`,
        );
      if (decision !== "handed_over") continue;
      const tasks = handovers(device, reason);
      // One that is not there was itself refused: the change is its author's again, as its card says.
      if (tasks.length > 0 && tasks.every((task) => task.decision === "send"))
        must(
          again.some((group) => settled.has(group)),
          "P4",
          () => `a manager sent ${id} of ${device.name}, and it is nowhere`,
        );
    }
  }
  for (const { group, device } of told.saved) {
    must(settled.has(group) || kept.has(group), "P4", () => `group ${group} of ${device} is nowhere`);
  }
}

/** P2: what merges ends the same, in whatever order its changes are taken: here, the latest first. */
async function sameInAnyOrder(centre: Centre, practice: string, log: readonly LogRow[]): Promise<void> {
  const { rules } = centre.settle;
  const groups = log.map((row) => ({
    hlc: (JSON.parse(row.header) as Header).hlc,
    bodies: (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body) as Body),
  }));
  const rows = new Map<string, StoredRow>();
  // Of two inserts of one derived id, the first settled stands.
  for (const { hlc, bodies } of groups)
    for (const body of bodies) {
      const entity = findEntity(body.entity);
      if (entity?.mergeable && body.op === "insert" && !rows.has(body.row))
        rows.set(body.row, insertedRow(entity, body, hlc));
    }
  for (const { hlc, bodies } of [...groups].reverse())
    for (const body of bodies) {
      const entity = findEntity(body.entity);
      const row = rows.get(body.row);
      if (entity?.mergeable && row && body.op !== "insert")
        rows.set(body.row, mergePatch(rules, entity, row, body, hlc).row);
    }
  for (const entity of allEntities) {
    if (!entity.mergeable) continue;
    for (const raw of await centre.db.query(`select * from "${entity.name}" where practice_id=$1`, [practice])) {
      const stands = rowFromCentre(entity, raw);
      const folded = rows.get(stands.id);
      const text = (row: StoredRow | undefined) =>
        JSON.stringify(["clocks", "deleted", ...entity.columns].map((column) => row?.[column] ?? null));
      must(
        text(folded) === text(stands),
        "P2",
        () => `${entity.name} is ${text(stands)}, in another order ${text(folded)}`,
      );
    }
  }
}

/** P11, P12: no body of a stream that a device does not hold ever came to it. */
function nothingLeaked(device: SimDevice): void {
  must(device.leaked.length === 0, "P12", () => `${device.name} was sent ${device.leaked[0]}`);
}

/**
 * P12: whoever inserted a row had the right to it when it settled, or, marked as late, under the permission version that
 * the group names. Held against the snapshots of rights, which the judge itself reads only for what is late.
 */
async function rightsHeld(centre: Centre, practice: string, log: readonly LogRow[]): Promise<void> {
  const snapshots = await centre.db.query<{ seq: number; snapshot: string }>(
    "select seq, snapshot from authz_snapshot where practice_id=$1 order by seq",
    [practice],
  );
  const versions = snapshots.map(({ seq, snapshot }) => ({
    seq,
    access: buildAccess(JSON.parse(snapshot) as AccessRows),
  }));
  const before = (seq: number) => versions.findLast((version) => version.seq < seq)?.access;
  // A held group that was approved stands on the right of who approved it.
  const approved = await centre.db.query<{ id: string }>(
    "select subject_id as id from review_task where practice_id=$1 and kind='held_group' and decision='approve'",
    [practice],
  );
  const approvedIds = new Set(approved.map(({ id }) => id));
  for (const row of log) {
    const header = JSON.parse(row.header) as Header;
    if (header.user === null || approvedIds.has(row.group_id)) continue;
    const access = row.authz_late ? before(header.authz + 1) : before(row.seq);
    for (const wire of JSON.parse(row.bodies) as { body: string }[]) {
      const body = JSON.parse(wire.body) as Body;
      const entity = findEntity(body.entity);
      if (!entity || !access || body.op !== "insert" || body.by !== undefined) continue;
      must(
        authoriseBody(access, header.user, entity, body, null).allowed,
        "P12",
        () => `${header.command} at ${row.seq} inserted a ${body.entity} without the right to`,
      );
    }
  }
}

function handovers(device: SimDevice, handover: string): { decision: string | null }[] {
  return device.engine.read.sql<{ decision: string | null }>(
    "select decision from review_task where kind='handed_over' and json_extract(args, '$.handover')=?",
    handover,
  );
}

/** New groups by the returned ones that they bring again. */
function resentBy(log: readonly LogRow[], devices: readonly SimDevice[]): Map<string, string[]> {
  const kept = devices.flatMap((device) =>
    device.engine.read.sql<{ header: string }>(
      "select header from sync_quarantine union all select header from sync_outbox where state='review'",
    ),
  );
  const by = new Map<string, string[]>();
  for (const { header } of [...log, ...kept]) {
    const { group, resends = [] } = JSON.parse(header) as Header;
    for (const old of resends) by.set(old, [...(by.get(old) ?? []), group]);
  }
  return by;
}

export function noPendingLeft(device: Checked): void {
  const [row] = device.engine.read.sql<{ n: number }>(
    "select count(*) as n from sync_outbox where state in ('pending','reoffer')",
  );
  must(row?.n === 0, "P4", () => `${device.name} still has ${row?.n} groups to send after everything met`);
}

/** P1, P2, P3, P7, P9: what a device shows is what the centre has, for the streams it holds, to the stamp. */
export async function sameAsCentre(
  centre: Centre,
  practice: string,
  device: Checked,
  view: View = todaysView(centre, practice),
): Promise<void> {
  const mask = streamMask(profileStreams[device.profile ?? device.engine.identity().profile]);
  const held =
    device.engine.read.sql<{ n: number }>("select count(*) as n from sync_outbox where state='review'")[0]?.n ?? 0;
  for (const entity of view.entities) {
    if (!holds(entity, mask)) continue;
    const theirs = (await view.rows(entity)).filter(
      (row) => entity.stream !== "subject" || (streamBits[row.stream as keyof typeof streamBits] & mask) !== 0,
    );
    const ours = (
      device.engine.db.prepare(`select * from "${entity.name}" order by id`).all() as Record<string, unknown>[]
    ).map((raw) => rowFromSql(entity, raw));
    // A held group stays visible to its author until somebody decides; registers are compared without it.
    if (held > 0 && entity.mergeable) continue;
    compareRows(entity, theirs, ours, device.name);
  }
  const levels = await centre.db.query<{ product_id: string; branch_id: string; on_hand: number }>(
    "select product_id, branch_id, on_hand from stock_level where practice_id=$1 and on_hand <> 0 order by product_id, branch_id",
    [practice],
  );
  const own = device.engine.read.sql<{ product_id: string; branch_id: string; on_hand: number }>(
    "select product_id, branch_id, on_hand from stock_level where on_hand <> 0 order by product_id, branch_id",
  );
  must(
    JSON.stringify(levels) === JSON.stringify(own),
    "P13",
    () => `${device.name} counts other stock: ${JSON.stringify(own)} against ${JSON.stringify(levels)}`,
  );
}

function canonical(entity: AnyEntity, row: StoredRow): string {
  const columns = ["id", "hlc", "clocks", "deleted", ...entity.columns, ...entity.foldColumns];
  return JSON.stringify(columns.map((column) => row[column] ?? null));
}
function compareRows(
  entity: AnyEntity,
  theirs: readonly StoredRow[],
  ours: readonly StoredRow[],
  device: string,
): void {
  const expected = new Map(theirs.map((row) => [row.id, canonical(entity, row)]));
  for (const row of ours) {
    const text = canonical(entity, row);
    must(expected.has(row.id), "P1", () => `${device} has a ${entity.name} that the centre has not: ${text}`);
    must(
      expected.get(row.id) === text,
      "P1",
      () => `${device} sees ${entity.name} ${text}\n the centre ${expected.get(row.id)}`,
    );
  }
  must(ours.length === theirs.length, "P1", () => `${device} lacks ${theirs.length - ours.length} of ${entity.name}`);
}

/** P10: whatever others' clocks said, this device's clock is within a minute of now. */
function calmClock(device: SimDevice, told: Told): void {
  const state = device.engine.state.writeState();
  const ahead = hlcTime(state.last) - device.engine.time.now();
  // The device's own wrong clock may have run ahead before it met the centre; nobody else's may.
  const own = told.ownError.get(device.name) ?? 0;
  must(ahead <= 61_000 + own, "P10", () => `${device.name}'s clock is ${ahead} ms ahead`);
}

/** P5: a cursor never runs backwards within an epoch of the centre. */
export function monotoneCursors(devices: readonly SimDevice[], told: Told): void {
  for (const device of devices) {
    const cursor = device.engine.state.cursor();
    if (!cursor) continue;
    const before = told.cursors.get(device.name);
    if (before && before.epoch === cursor.serverEpoch) {
      must(cursor.seq >= before.seq, "P5", () => `${device.name} went from ${before.seq} to ${cursor.seq}`);
    }
    told.cursors.set(device.name, { epoch: cursor.serverEpoch, seq: cursor.seq });
  }
}

/** P13: the payments that stand are the receipts that were shown and not refused. */
async function moneyAdds(
  centre: Centre,
  practice: string,
  settled: ReadonlySet<string>,
  resent: ReadonlyMap<string, readonly string[]>,
  told: Told,
): Promise<void> {
  const [row] = await centre.db.query<{ sum: number | null }>(
    "select sum(amount)::int8 as sum from payment where practice_id=$1",
    [practice],
  );
  const once = new Map(told.receipts.map((receipt) => [receipt.group, receipt.amount]));
  let shown = 0;
  const stands = (group: string): boolean => settled.has(group) || (resent.get(group) ?? []).some(stands);
  for (const [group, amount] of once) if (stands(group)) shown += amount;
  must((row?.sum ?? 0) === shown, "P13", () => `receipts of ${shown}, payments of ${row?.sum}`);
}

/** P14: a record's bytes are the ones that were signed. */
export async function recordsKept(centre: Centre, practice: string): Promise<void> {
  const rows = await centre.db.query<{ id: string; content: string; sha256: string; exam_id: string }>(
    "select id, content, sha256, exam_id from exam_record where practice_id=$1",
    [practice],
  );
  for (const row of rows) {
    must(
      createHash("sha256").update(row.content).digest("hex") === row.sha256,
      "P14",
      () => `record ${row.id} changed`,
    );
  }
  must(new Set(rows.map((row) => row.exam_id)).size === rows.length, "P14", () => "an exam has two records");
}

/** P18: no two settled documents carry one number. */
export async function labelsUnique(centre: Centre, practice: string): Promise<void> {
  for (const table of ["sale", "patient", "case_file", "job"]) {
    const rows = await centre.db.query<{ number: string }>(
      `select number from "${table}" where practice_id=$1 group by number having count(*) > 1`,
      [practice],
    );
    must(rows.length === 0, "P18", () => `${table} ${rows[0]?.number} stands twice`);
  }
}

/** Architecture §3.7: a pair whose sale met the policy has one job, however many devices saw it happen. */
export async function oneJobPerReleasedPair(centre: Centre, practice: string): Promise<void> {
  const rows = await centre.db.query<{ id: string; jobs: number; paid: number; total: number }>(
    `select p.id, s.paid, s.total, count(j.id) as jobs from sale_pair p
     join sale s on s.practice_id=p.practice_id and s.id=p.sale_id
     left join job j on j.practice_id=p.practice_id and j.pair_id=p.id
     where p.practice_id=$1 group by p.id, s.paid, s.total`,
    [practice],
  );
  for (const row of rows) {
    if (row.paid * 2 >= row.total)
      must(row.jobs === 1, "jobs", () => `a pair paid ${row.paid} of ${row.total} has ${row.jobs} jobs`);
  }
}
