/**
 * What must hold after a crash run, at the centre and in the file of every workstation: what a person was shown exists
 * exactly once with all that belongs to it, every group is whole or absent, no number stands twice, and all agree.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rowFromSql } from "../replica/columns.ts";
import { groupCrypto } from "../replica/crypto.ts";
import { openReplica, type Sqlite } from "../replica/open.ts";
import {
  gaplessLog,
  labelsUnique,
  noPendingLeft,
  oneJobPerReleasedPair,
  recordsKept,
  sameAsCentre,
  stampsExceedWhatWasSeen,
  Violation,
} from "../sim/invariants.ts";
import { createEngine } from "../src-main/engine/engine.ts";
import { replicaFile } from "../src-main/engine/workstation.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { chooseSecretStore } from "../src-main/secrets/choose.ts";
import { openDataKey } from "../src-main/secrets/data-key.ts";
import { keyFile } from "../src-main/secrets/key-file.ts";
import { profileStreams, streamBits, streamMask } from "../src-shared/sync/entity.ts";
import { type Body, openGroup, type ParsedGroup, zeroHash } from "../src-shared/sync/group.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { allEntities, findEntity } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Place, Shown } from "./messages.ts";

export interface Findings {
  readonly shown: number;
  readonly sales: number;
  readonly log: number;
  /** One digest of everything that each holds, by name; those of one profile are equal. */
  readonly digests: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

interface LogRow {
  readonly seq: number;
  readonly group_id: string;
  readonly device_id: string;
  readonly device_epoch: number;
  readonly device_seq: number;
  readonly header: string;
  readonly sig: string;
  readonly bodies: string;
  readonly authz_late: boolean;
}

export async function checkEverything(
  centre: Centre,
  practice: string,
  places: readonly Omit<Place, "seed">[],
): Promise<Findings> {
  const problems: string[] = [];
  const digests: Record<string, string> = {};
  const holds = async (what: string, check: () => unknown) => {
    try {
      await check();
    } catch (error) {
      problems.push(`${what}: ${error instanceof Violation ? error.message : ((error as Error).stack ?? error)}`);
    }
  };
  const log = await centre.db.query<LogRow>("select * from change_log where practice_id=$1 order by seq", [practice]);
  const shown = places.flatMap(({ receipts }) => readShown(receipts));

  await holds("the log", () => gaplessLog(log));
  await holds("stamps", () => stampsExceedWhatWasSeen(log));
  await holds("numbers", () => labelsUnique(centre, practice));
  await holds("records", () => recordsKept(centre, practice));
  await holds("jobs", () => oneJobPerReleasedPair(centre, practice));
  const groups = await openLog(centre, practice, log, problems);
  chains(log, groups, problems);
  const rejected = await centre.db.query("select group_id, code, args from verdict where practice_id=$1", [practice]);
  for (const row of rejected) problems.push(`the centre refused a group: ${JSON.stringify(row)}`);
  const rows = await idsAtCentre(centre, practice);
  wholeGroups("the centre", groups, rows, () => true, problems);
  exactlyOnce(shown, log, problems);
  shownRows("the centre", shown, rows, () => true, problems);
  await salesWhole(centre, practice, shown, problems);

  for (const place of places) {
    const device = await openDevice(place);
    try {
      for (const line of device.sqlite.pragma("integrity_check") as { integrity_check: string }[])
        if (line.integrity_check !== "ok") problems.push(`${place.name}: ${line.integrity_check}`);
      for (const line of device.sqlite.pragma("foreign_key_check") as unknown[])
        problems.push(`${place.name}: a row without its parent: ${JSON.stringify(line)}`);
      await holds(place.name, () => noPendingLeft(device));
      await holds(place.name, () => sameAsCentre(centre, practice, device));
      ownChain(place.name, device.sqlite, problems);
      const mask = streamMask(profileStreams[device.engine.identity().profile]);
      const visible = (body: Pick<Body, "stream">) => (streamBits[body.stream] & mask) !== 0;
      const own = idsIn(device.sqlite);
      wholeGroups(place.name, groups, own, visible, problems);
      const streams = new Map(groups.flatMap(({ bodies }) => bodies.map((body) => [body.row, body] as const)));
      shownRows(place.name, shown, own, (id) => visible(streams.get(id) ?? { stream: "org" }), problems);
      digests[place.name] = digestOf(device.sqlite);
    } finally {
      device.close();
    }
  }
  if (!shown.some(({ kind }) => kind === "sale")) problems.push("nothing was sold, so nothing was proven");
  return {
    shown: shown.length,
    sales: shown.filter(({ kind }) => kind === "sale").length,
    log: log.length,
    digests,
    problems,
  };
}

/** Whole lines only: a line that was cut while it was written was shown to nobody. */
function readShown(path: string): Shown[] {
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Shown);
}

/** Every group of the log, its signature and the hash of each of its bodies checked. */
async function openLog(
  centre: Centre,
  practice: string,
  log: readonly LogRow[],
  problems: string[],
): Promise<ParsedGroup[]> {
  const keys = new Map(
    (
      await centre.db.query<{ device_id: string; epoch: number; ed25519: string }>(
        "select device_id, epoch, ed25519 from device_key where practice_id=$1",
        [practice],
      )
    ).map((row) => [`${row.device_id} ${row.epoch}`, row.ed25519]),
  );
  return log.flatMap((row) => {
    try {
      const bodies = (JSON.parse(row.bodies) as { i: number; salt: string; body: string }[]) ?? [];
      const key = keys.get(`${row.device_id} ${row.device_epoch}`);
      if (!key) throw new Error("its author's key is unknown");
      const group = openGroup(groupCrypto, { header: row.header, sig: row.sig, bodies, erased: [] }, key);
      if (group.bodies.length !== group.header.bodies.length) throw new Error("it has lost bodies");
      return [group];
    } catch (error) {
      problems.push(`group ${row.group_id} at ${row.seq}: ${(error as Error).message}`);
      return [];
    }
  });
}

/** The groups of each device and epoch, in the order of their numbers: none is missing, and each names the one before. */
function chains(log: readonly LogRow[], groups: readonly ParsedGroup[], problems: string[]): void {
  const parsed = new Map(groups.map((group) => [group.header.group, group]));
  for (const [author, rows] of Map.groupBy(log, (row) => `${row.device_id} in epoch ${row.device_epoch}`)) {
    let seq = 0;
    let prev = zeroHash;
    for (const row of [...rows].sort((a, b) => a.device_seq - b.device_seq)) {
      const group = parsed.get(row.group_id);
      if (row.device_seq !== seq + 1) problems.push(`${author}: ${row.device_seq} follows ${seq}`);
      else if (group && group.header.prev !== prev)
        problems.push(`${author}: group ${row.device_seq} does not follow the hash of the one before`);
      seq = row.device_seq;
      prev = group?.headerHash ?? prev;
    }
  }
}

/** The device's own copy of its chain says the same, and goes on to the number it used last. */
function ownChain(name: string, sqlite: Sqlite, problems: string[]): void {
  const rows = sqlite.prepare("select device_seq, header from sync_outbox order by device_seq").all() as {
    device_seq: number;
    header: string;
  }[];
  const last = sqlite.prepare("select device_seq, prev from sync_clock").get() as { device_seq: number; prev: string };
  let before: (typeof rows)[number] | null = null;
  for (const row of rows) {
    const { prev } = JSON.parse(row.header) as { prev: string };
    if (before && row.device_seq === before.device_seq + 1 && prev !== groupCrypto.hash(before.header))
      problems.push(`${name}: its group ${row.device_seq} does not follow the hash of the one before`);
    before = row;
  }
  if (before && last.device_seq === before.device_seq && last.prev !== groupCrypto.hash(before.header))
    problems.push(`${name}: its chain does not end where its counters say`);
}

type Ids = ReadonlyMap<string, ReadonlyMap<string, number>>;

async function idsAtCentre(centre: Centre, practice: string): Promise<Ids> {
  const ids = new Map<string, Map<string, number>>();
  for (const { name } of allEntities) {
    const rows = await centre.db.query<{ id: string }>(`select id from "${name}" where practice_id=$1`, [practice]);
    ids.set(name, counted(rows.map(({ id }) => id)));
  }
  return ids;
}
function idsIn(sqlite: Sqlite): Ids {
  return new Map(
    allEntities.map(({ name }) => [
      name,
      counted(sqlite.prepare(`select lower(hex(id)) from "${name}"`).pluck().all() as string[]),
    ]),
  );
}
function counted(ids: readonly string[]): Map<string, number> {
  const map = new Map<string, number>();
  for (const id of ids) map.set(id, (map.get(id) ?? 0) + 1);
  return map;
}

/** P7: of a settled group, every row that this place may see is there. */
function wholeGroups(
  where: string,
  groups: readonly ParsedGroup[],
  rows: Ids,
  visible: (body: Body) => boolean,
  problems: string[],
): void {
  for (const { header, bodies } of groups) {
    const missing = bodies.filter(
      (body) =>
        body.op === "insert" && findEntity(body.entity) && visible(body) && !rows.get(body.entity)?.has(body.row),
    );
    if (missing.length > 0)
      problems.push(`${where} lacks ${missing.length} rows of group ${header.group} (${header.command})`);
  }
}

/** What was shown is in the log once: under its own name, or written anew by a device that had to renew itself. */
function exactlyOnce(shown: readonly Shown[], log: readonly LogRow[], problems: string[]): void {
  const times = counted(
    log.flatMap(({ group_id, header }) => {
      const { reissues } = JSON.parse(header) as { reissues?: string };
      return reissues ? [group_id, reissues] : [group_id];
    }),
  );
  for (const { group, headerHash, kind, device } of shown) {
    const found = (times.get(group) ?? 0) + (times.get(headerHash) ?? 0);
    if (found !== 1) problems.push(`a ${kind} that was shown at ${device} is ${found} times in the log: ${group}`);
  }
}

function shownRows(
  where: string,
  shown: readonly Shown[],
  rows: Ids,
  visible: (id: string) => boolean,
  problems: string[],
): void {
  for (const { kind, device, rows: made } of shown) {
    for (const [entity, id] of made) {
      if (!visible(id)) continue;
      const found = rows.get(entity)?.get(id) ?? 0;
      if (found !== 1)
        problems.push(`${where} has ${entity} ${id} of a ${kind} that was shown at ${device} ${found} times`);
    }
  }
}

/** Each receipt: its number, its money, one frame off the shelf, and one job once half of it is paid. */
async function salesWhole(
  centre: Centre,
  practice: string,
  shown: readonly Shown[],
  problems: string[],
): Promise<void> {
  const rows = await centre.db.query<{
    id: string;
    number: string;
    printed_number: string | null;
    total: number;
    paid: number;
    payments: number;
    moved: number;
    pairs: number;
    jobs: number;
  }>(
    `select s.id, s.number, s.printed_number, s.total, s.paid,
       (select coalesce(sum(amount),0)::int8 from payment p where p.practice_id=s.practice_id and p.sale_id=s.id) as payments,
       (select coalesce(sum(quantity),0)::int8 from stock_movement m where m.practice_id=s.practice_id and m.reference_id=s.id) as moved,
       (select count(*)::int8 from sale_pair x where x.practice_id=s.practice_id and x.sale_id=s.id) as pairs,
       (select count(*)::int8 from job j where j.practice_id=s.practice_id and j.sale_id=s.id) as jobs
     from sale s where s.practice_id=$1`,
    [practice],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    const name = `sale ${row.number}`;
    if (row.payments !== row.paid) problems.push(`${name}: ${row.paid} counted, ${row.payments} paid`);
    if (row.moved !== -1) problems.push(`${name}: its frame moved ${row.moved} times`);
    if (row.pairs !== 1) problems.push(`${name} has ${row.pairs} pairs of glasses`);
    if (row.jobs !== (row.paid * 2 >= row.total ? 1 : 0))
      problems.push(`${name}: paid ${row.paid} of ${row.total}, ${row.jobs} jobs`);
  }
  for (const { sale, device } of shown) {
    if (!sale) continue;
    const row = byId.get(sale.id);
    if (!row) problems.push(`the receipt ${sale.number} that was shown at ${device} is nowhere`);
    else if (row.number !== sale.number && row.printed_number !== sale.number)
      problems.push(`the receipt ${sale.number} is now called ${row.number}`);
    else if (row.total !== sale.total || row.paid < sale.paid)
      problems.push(
        `the receipt ${sale.number} says ${sale.paid} of ${sale.total}, the centre ${row.paid} of ${row.total}`,
      );
  }
}

/** The device's file with an engine that is not started: nothing moves while it is looked at. */
async function openDevice({ name, folder }: Pick<Place, "name" | "folder">) {
  const secrets = await chooseSecretStore(folder, [keyFile]);
  const sqlite = openReplica({ path: join(folder, replicaFile), key: await openDataKey({ folder, secrets }) });
  const upstream = { open: () => Promise.reject(new Error("not in this test")) };
  const engine = createEngine({ sqlite, upstream, clock, timers, random, log: silentLog, app: "crash" });
  return {
    name,
    engine,
    sqlite,
    close() {
      engine.close();
      sqlite.close();
    },
  };
}

/** SHA-256 over every row of every entity, in the order of their ids. */
function digestOf(sqlite: Sqlite): string {
  const hash = createHash("sha256");
  for (const entity of allEntities) {
    for (const raw of sqlite.prepare(`select * from "${entity.name}" order by id`).iterate()) {
      const row = rowFromSql(entity, raw as Record<string, unknown>);
      hash.update(JSON.stringify(["id", "hlc", ...entity.columns, ...entity.foldColumns].map((column) => row[column])));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
