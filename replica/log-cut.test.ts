import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { migrateReplica, openReplica } from "./open.ts";

const key = new Uint8Array(32).fill(7);
const folder = mkdtempSync(join(tmpdir(), "horopter-cut-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Commits of three rows each, in tables that have to agree; what is in the log after each of them. */
function makeReplica(commits: number): { path: string; ends: number[] } {
  const path = join(folder, "replica.db");
  const db = openReplica({ path, key });
  migrateReplica(db, path);
  db.pragma("wal_checkpoint(TRUNCATE)");
  const id = (n: number) => Buffer.alloc(16, n);
  const ends = [0];
  for (let n = 1; n <= commits; n++) {
    db.transaction(() => {
      db.prepare("insert into sync_meta (key, value) values (?, ?)").run(`row ${n}`, "x".repeat(100));
      db.prepare(
        "insert into sync_outbox (device_seq, group_id, hlc, state, command, made_at, header, sig, bodies) values (?,?,?,'pending','c',1,'h','s',?)",
      ).run(n, id(n), id(n), "b".repeat(n % 4 === 0 ? 5000 : 200));
      db.prepare("insert or replace into label_series (series, next) values ('LDS-T1-', ?)").run(n + 1);
    }).immediate();
    ends.push(readFileSync(`${path}-wal`).length);
  }
  // As a power cut leaves them: nothing is laid into the file.
  copyFileSync(path, join(folder, "cut.db"));
  copyFileSync(`${path}-wal`, join(folder, "whole.wal"));
  db.close();
  return { path: join(folder, "cut.db"), ends };
}

test("scenario 4: a write-ahead log cut at any 512 bytes opens at the last whole commit, never at half a one", () => {
  const { path, ends } = makeReplica(12);
  const length = ends.at(-1) as number;
  copyFileSync(join(folder, "whole.wal"), `${path}-wal`);
  const seen = new Set<number>();
  const cuts = [length, ...Array.from({ length: Math.ceil(length / 512) }, (_, n) => n * 512).reverse()];
  for (const at of cuts) {
    truncateSync(`${path}-wal`, at);
    rmSync(`${path}-shm`, { force: true });
    // Whoever only reads leaves the log as it is, so that it can be cut shorter still.
    const db = openReplica({ path, key, readonly: true });
    const rows = db.prepare("select count(*) from sync_meta").pluck().get() as number;
    const groups = db.prepare("select coalesce(max(device_seq), 0) from sync_outbox").pluck().get() as number;
    const next = (db.prepare("select next from label_series").pluck().get() ?? 1) as number;
    const whole = ends.findLastIndex((end) => end <= at);
    expect([at, rows, groups, next]).toEqual([at, whole, whole, whole + 1]);
    if (!seen.has(whole)) expect(db.pragma("quick_check", { simple: true })).toBe("ok");
    seen.add(whole);
    db.close();
  }
  expect(seen.size).toBe(13);
});
