/** The rows of the log, the head, the devices' chains and the verdicts: reading and writing them. */

import { streamBits } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type ParsedGroup, zeroHash } from "../../src-shared/sync/group.ts";
import { arrayLiteral, joinedJson, jsonTexts, type Queryable } from "../database/database.ts";
import type { Head } from "./centre-author.ts";
import type { DeviceRef } from "./settle.ts";

export interface LogRow {
  readonly seq: number;
  readonly group: Id;
  readonly device: Id;
  readonly epoch: number;
  readonly deviceSeq: number;
  readonly mask: number;
  readonly header: string;
  readonly sig: string;
  /** JSON of the wire bodies, each with its stream's bit in `s`, so that the pull filter need not parse a body. */
  readonly bodies: string;
  readonly clockSuspect: boolean;
  readonly authzLate: boolean;
  readonly receivedAt: number;
  /** Whether it changes devices: who reads the log is then asked again whether it may. Not stored. */
  readonly devices: boolean;
}

export function logRow(
  group: ParsedGroup,
  seq: number,
  receivedAt: number,
  flags: { clockSuspect: boolean; authzLate: boolean },
): LogRow {
  let mask = 0;
  const bodies = group.wire.bodies.map((wire, index) => {
    const bit = streamBits[group.bodies[index]?.stream ?? "org"];
    mask |= bit;
    return { ...wire, s: bit };
  });
  return {
    seq,
    group: group.header.group,
    device: group.header.device,
    epoch: group.header.epoch,
    deviceSeq: group.header.seq,
    mask,
    header: group.wire.header,
    sig: group.wire.sig,
    bodies: JSON.stringify(bodies),
    ...flags,
    receivedAt,
    devices: group.bodies.some(({ entity }) => entity === "device"),
  };
}

export async function readHead(tx: Queryable, practice: Id, lock: boolean): Promise<Head> {
  const [row] = await tx.query<{
    seq: number;
    authz: number;
    centre_epoch: number;
    centre_seq: number;
    centre_prev: string;
    centre_hlc: string;
  }>(
    `select seq, authz, centre_epoch, centre_seq, centre_prev, centre_hlc from practice_head where practice_id=$1${lock ? " for update" : ""}`,
    [practice],
  );
  if (!row) throw new Error("There is no such practice");
  return {
    practice,
    seq: row.seq,
    authz: row.authz,
    centreEpoch: row.centre_epoch,
    centreSeq: row.centre_seq,
    centrePrev: row.centre_prev,
    centreHlc: row.centre_hlc,
  };
}

export async function saveHead(tx: Queryable, head: Head): Promise<void> {
  await tx.query(
    `update practice_head set seq=$2, authz=$3, centre_epoch=$4, centre_seq=$5, centre_prev=$6, centre_hlc=decode($7::text,'hex')
     where practice_id=$1`,
    [head.practice, head.seq, head.authz, head.centreEpoch, head.centreSeq, head.centrePrev, head.centreHlc],
  );
}

/** Where the device's chain stands, and whether the device is still of the practice (`active`). */
export async function readDevice(
  tx: Queryable,
  { practice, device, epoch }: DeviceRef,
): Promise<{ lastSeq: number; lastHash: string; status: string | undefined }> {
  const [row] = await tx.query<{ status: string; last_seq: number | null; last_hash: string | null }>(
    `select d.status, s.last_seq, s.last_hash from device d left join device_state s
       on s.practice_id = d.practice_id and s.device_id = d.id and s.epoch = $3
     where d.practice_id=$1 and d.id=$2`,
    [practice, device, epoch],
  );
  return { lastSeq: row?.last_seq ?? 0, lastHash: row?.last_hash ?? zeroHash, status: row?.status };
}

/** The lowest sequence of the device that is held for a person or waits for another device; null without any. */
export async function firstUndecided(tx: Queryable, { practice, device, epoch }: DeviceRef): Promise<number | null> {
  const [row] = await tx.query<{ seq: number | null }>(
    `select min(device_seq) as seq from verdict
     where practice_id=$1 and device_id=$2 and device_epoch=$3 and code in ('review', 'waiting')`,
    [practice, device, epoch],
  );
  return row?.seq ?? null;
}

export async function saveDevice(
  tx: Queryable,
  { practice, device, epoch }: DeviceRef,
  state: { lastSeq: number; lastHash: string },
  now: number,
): Promise<void> {
  await tx.query(
    `insert into device_state (practice_id, device_id, epoch, last_seq, last_hash, last_seen) values ($1,$2,$3,$4,$5,$6)
     on conflict (practice_id, device_id, epoch) do update
       set last_seq=excluded.last_seq, last_hash=excluded.last_hash, last_seen=excluded.last_seen`,
    [practice, device, epoch, state.lastSeq, state.lastHash, now],
  );
}

export async function appendLog(tx: Queryable, practice: Id, rows: readonly LogRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <K extends keyof LogRow>(key: K) => arrayLiteral(rows.map((row) => row[key]));
  await tx.query(
    `insert into change_log (practice_id, seq, group_id, device_id, device_epoch, device_seq, mask, header, sig, bodies,
       clock_suspect, authz_late, received_at)
     select $1::uuid, u.* from unnest(($2::text)::int8[], ($3::text)::uuid[], ($4::text)::uuid[], ($5::text)::int8[],
       ($6::text)::int8[], ($7::text)::int8[], ${jsonTexts("$8")}, ($9::text)::text[], ${jsonTexts("$10")},
       ($11::text)::bool[], ($12::text)::bool[], ($13::text)::int8[]) as u`,
    [
      practice,
      column("seq"),
      column("group"),
      column("device"),
      column("epoch"),
      column("deviceSeq"),
      column("mask"),
      joinedJson(rows.map(({ header }) => header)),
      column("sig"),
      joinedJson(rows.map(({ bodies }) => bodies)),
      column("clockSuspect"),
      column("authzLate"),
      column("receivedAt"),
    ],
  );
}

export interface StoredVerdict {
  readonly group: ParsedGroup;
  readonly code: string;
  readonly args: Record<string, unknown>;
}

export async function saveVerdicts(
  tx: Queryable,
  practice: Id,
  verdicts: readonly StoredVerdict[],
  now: number,
): Promise<void> {
  // Sent together, like everything else that a settling transaction writes.
  const writes = verdicts.map(({ group, code, args }) => {
    // The bytes of a held group are needed when somebody decides; those of a rejected one stay with its author.
    const held = code === "review";
    return tx.query(
      `insert into verdict (practice_id, group_id, device_id, device_epoch, device_seq, code, args, header, sig, bodies, received_at)
       values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
      [
        practice,
        group.header.group,
        group.header.device,
        group.header.epoch,
        group.header.seq,
        code,
        JSON.stringify(args),
        group.wire.header,
        group.wire.sig,
        held ? JSON.stringify(group.wire.bodies) : "[]",
        now,
      ],
    );
  });
  await Promise.all(writes);
}
