/** What the engine remembers of itself in the replica: who this device is, its clock, its place in the log. */
import type { Sqlite } from "../../replica/open.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { zeroHash } from "../../src-shared/sync/group.ts";
import { type ClockState, zeroHlc } from "../../src-shared/sync/hlc.ts";

export interface Identity {
  readonly practice: Id;
  readonly device: Id;
  readonly epoch: number;
  /** 16 hex digits, one per device epoch. */
  readonly node: string;
  readonly branch: Id;
  readonly terminalCode: string;
  readonly profile: DeviceProfile;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly sealingPrivateKey: string;
  readonly demo: boolean;
  readonly notBefore: number;
}

export interface WriteState extends ClockState {
  /** The last sequence used; never runs backwards, not even when a group is undone. */
  readonly deviceSeq: number;
  /** SHA-256 of the last header of this epoch. */
  readonly prev: string;
}
export interface Cursor {
  readonly serverEpoch: string;
  readonly streamSet: number;
  readonly seq: number;
}

export type EngineState = ReturnType<typeof createState>;

export function createState(db: Sqlite) {
  const getMeta = db.prepare("select value from sync_meta where key=?").pluck();
  const setMeta = db.prepare("insert or replace into sync_meta (key, value) values (?,?)");
  const readClock = db.prepare("select * from sync_clock where one=1");
  const saveClock = db.prepare("update sync_clock set last=?, high=?, device_seq=?, prev=? where one=1");
  const readCursor = db.prepare("select * from sync_cursor where one=1");
  const saveCursor = db.prepare(
    "insert or replace into sync_cursor (one, server_epoch, stream_set, seq) values (1,?,?,?)",
  );
  db.prepare("insert or ignore into sync_clock (one, last, high, device_seq, prev) values (1,?,?,0,?)").run(
    Buffer.from(zeroHlc, "hex"),
    Buffer.from(zeroHlc, "hex"),
    zeroHash,
  );

  return {
    meta<T>(key: string): T | null {
      const text = getMeta.get(key) as string | undefined;
      return text === undefined ? null : (JSON.parse(text) as T);
    },
    setMeta(key: string, value: unknown): void {
      setMeta.run(key, JSON.stringify(value));
    },
    identity(): Identity | null {
      return this.meta<Identity>("identity");
    },
    writeState(): WriteState {
      const row = readClock.get() as { last: Buffer; high: Buffer; device_seq: number; prev: string };
      return {
        last: row.last.toString("hex"),
        high: row.high.toString("hex"),
        deviceSeq: row.device_seq,
        prev: row.prev,
      };
    },
    saveWriteState(state: WriteState): void {
      saveClock.run(Buffer.from(state.last, "hex"), Buffer.from(state.high, "hex"), state.deviceSeq, state.prev);
    },
    cursor(): Cursor | null {
      const row = readCursor.get() as { server_epoch: string; stream_set: number; seq: number } | undefined;
      return row ? { serverEpoch: row.server_epoch, streamSet: row.stream_set, seq: row.seq } : null;
    },
    saveCursor(cursor: Cursor): void {
      saveCursor.run(cursor.serverEpoch, cursor.streamSet, cursor.seq);
    },
  };
}
