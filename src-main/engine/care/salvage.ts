/**
 * What only this device has, read from a damaged replica or from a backup: who it is, its clock and sequence, its groups
 * with the signed bytes as they are, what waits for a decision, its counters, drafts, people's verifiers. A row counts
 * only if it is whole: groups prove it by hash and signature.
 */
import { existsSync, statSync } from "node:fs";
import { groupCrypto } from "../../../replica/crypto.ts";
import { openReplica } from "../../../replica/open.ts";
import { type Header, hashHeader, openGroup, type WireGroup } from "../../../src-shared/sync/group.ts";
import type { Identity } from "../state.ts";
import { type FoundRow, readPages } from "./pages.ts";

type Row = readonly unknown[];

export interface SalvagedGroup {
  readonly seq: number;
  readonly group: string;
  readonly state: string;
  readonly epoch: number;
  /** SHA-256 of the header, and the one that it follows. */
  readonly hash: string;
  readonly prev: string;
  readonly hlc: string;
  /** The columns of `sync_outbox` after its key. */
  readonly row: Row;
}

export interface Salvaged {
  readonly identity: Identity | null;
  /** `sync_meta` by key, as JSON. */
  readonly meta: Readonly<Record<string, string>>;
  readonly clock: { readonly last: string; readonly high: string; readonly seq: number; readonly prev: string } | null;
  readonly serverEpoch: string | null;
  readonly groups: readonly SalvagedGroup[];
  /** Rows of these tables, the columns in the order in which they are declared. */
  readonly quarantine: readonly Row[];
  readonly labels: readonly Row[];
  readonly verifiers: readonly Row[];
  readonly drafts: readonly Row[];
  readonly reactions: readonly Row[];
  /** The device's own tables could be read as they are; otherwise rows may be missing. */
  readonly whole: boolean;
}

/** Of the practice there is nothing among them: the centre has that. */
const keptMeta = new Set(["identity", "server_url", "default_user", "clock_offset", "fence", "care"]);

/** Reads the file at `path` and its write-ahead log, damaged or not; works on a copy in `workFolder`. */
export function salvage(path: string, key: Uint8Array, workFolder: string): Salvaged {
  const meta: Record<string, string> = {};
  let clock: Salvaged["clock"] = null;
  let serverEpoch: string | null = null;
  const outbox = new Map<number, Row>();
  const tables = { quarantine: rowsByKey(), labels: rowsByKey(), verifiers: rowsByKey(), drafts: rowsByKey() };
  const reactions = rowsByKey();

  function take({ rowid, values }: FoundRow): void {
    const is = (...types: string[]) => types.every((type, n) => typeOf(values[n]) === type);
    if (rowid !== null) {
      if (is("null", "id", "id", "text", "text", "int") && is2(values, 7, "text", "text", "text")) {
        // What comes first is the later form of the two.
        if (!outbox.has(rowid)) outbox.set(rowid, values.slice(1, 10));
      } else if (is("id", "text", "text", "text", "text", "text", "text", "int")) {
        tables.quarantine.add(values.slice(0, 12), 1);
      }
      return;
    }
    if (is("int", "id", "id", "int", "text") && values[0] === 1) {
      const [, last, high, seq, prev] = values as [number, Buffer, Buffer, number, string];
      if (!clock || seq > clock.seq)
        clock = { last: Buffer.from(last).toString("hex"), high: Buffer.from(high).toString("hex"), seq, prev };
    } else if (is("int", "text", "int", "int") && values[0] === 1) serverEpoch ??= values[1] as string;
    else if (is("text", "text", "id", "text", "int")) tables.drafts.add(values.slice(0, 5), 3);
    else if (is("text", "text", "null")) takeMeta(values[0] as string, values[1] as string);
    else if (is("text", "int", "null") && /^[A-Z]{3}-[A-Z]\d+-[A-Z]?$/.test(values[0] as string)) {
      tables.labels.add(values.slice(0, 2), 1);
    } else if (is("id", "text", "int", "int", "int", "int")) tables.verifiers.add(values.slice(0, 6), 1);
    else if (is("id", "text", "int", "int", "text")) reactions.add(values.slice(0, 5), 2);
  }
  function takeMeta(name: string, value: string): void {
    if (!keptMeta.has(name) || parsed(value) === undefined) return;
    if (name === "identity") {
      const epochOf = (text: string | undefined) => (parsed(text ?? "null") as Identity | null)?.epoch ?? 0;
      if (epochOf(value) > epochOf(meta.identity)) meta.identity = value;
    } else meta[name] ??= value;
  }

  const whole = readTables(path, key, take);
  if (!whole) readPages(path, key, workFolder, take);
  const identity = meta.identity ? (parsed(meta.identity) as Identity) : null;
  const groups = [...outbox].map(([seq, row]) => groupOf(seq, row, identity)).filter((group) => group !== null);
  return {
    identity,
    meta,
    clock,
    serverEpoch,
    groups: groups.sort((a, b) => a.seq - b.seq),
    quarantine: tables.quarantine.all(),
    labels: tables.labels.all(),
    verifiers: tables.verifiers.all(),
    drafts: tables.drafts.all(),
    reactions: reactions.all(),
    whole,
  };
}

/** The tables that only this device has, their columns in the order in which pages hold them. */
const ownTables: Record<string, string> = {
  sync_meta: "key, value, null",
  sync_clock: "one, last, high, device_seq, prev",
  sync_cursor: "one, server_epoch, stream_set, seq",
  label_series: "series, next, null",
  offline_verifier: "user_id, hash, issued_at, lease_until, failed, locked_until",
  reaction_queue: "event_id, reaction, tries, next_at, error",
  local_draft: "kind, key, user_id, body, at",
  sync_quarantine: "*",
  sync_outbox: "null, group_id, hlc, state, command, made_at, settled_at, header, sig, bodies",
};

/**
 * Reads the tables as SQLite gives them; false when it cannot. Nor when there is a write-ahead log: one that is damaged
 * ends for SQLite, without a word, before the damage.
 */
function readTables(path: string, key: Uint8Array, found: (row: FoundRow) => void): boolean {
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) return false;
  const rows: FoundRow[] = [];
  try {
    const db = openReplica({ path, key, readonly: true });
    try {
      for (const [table, columns] of Object.entries(ownTables)) {
        const wide = table === "sync_outbox" || table === "sync_quarantine";
        const read = db.prepare(`select ${wide ? "rowid" : "null"}, ${columns} from ${table}`).raw();
        for (const [rowid, ...values] of read.all() as unknown[][])
          rows.push({ rowid: rowid as number | null, values });
      }
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
  for (const row of rows) found({ ...row, values: [...row.values, null, null, null] });
  return true;
}

/** A row of the outbox, if it is what its author signed. */
function groupOf(seq: number, row: Row, identity: Identity | null): SalvagedGroup | null {
  const [id, hlc, state, , , , text, sig, bodies] = row as [
    Buffer,
    Buffer,
    string,
    string,
    number,
    number,
    string,
    string,
    string,
  ];
  const header = parsed(text) as Header | undefined;
  const wireBodies = parsed(bodies) as WireGroup["bodies"] | undefined;
  if (!header || !wireBodies || header.seq !== seq || header.group !== Buffer.from(id).toString("hex")) return null;
  if (identity && header.practice !== identity.practice) return null;
  try {
    // Keys of earlier epochs are not on the device any more; what was signed with them proves itself by its hashes.
    const own = identity?.device === header.device && identity?.epoch === header.epoch;
    const key = own ? identity.publicKey : null;
    openGroup(groupCrypto, { header: text, sig, bodies: wireBodies, erased: [] }, key);
  } catch {
    return null;
  }
  return {
    seq,
    group: header.group,
    state,
    epoch: header.epoch,
    hash: hashHeader(groupCrypto, text),
    prev: header.prev,
    hlc: Buffer.from(hlc).toString("hex"),
    row,
  };
}

/** Rows by their first columns; what comes first stands, except that a counter never goes back. */
function rowsByKey() {
  const rows = new Map<string, Row>();
  return {
    add(values: Row, keyColumns: number): void {
      const key = values
        .slice(0, keyColumns)
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)))
        .join("|");
      const present = rows.get(key);
      if (!present || (typeof values[1] === "number" && values[1] > (present[1] as number))) rows.set(key, values);
    },
    all: () => [...rows.values()],
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "int";
  return value instanceof Uint8Array && value.length === 16 ? "id" : "other";
}
function is2(values: Row, from: number, ...types: string[]): boolean {
  return types.every((type, n) => typeOf(values[from + n]) === type);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
