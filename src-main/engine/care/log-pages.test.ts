import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { migrateReplica, openReplica } from "../../../replica/open.ts";
import { isLogCut } from "./log-cut.ts";
import { commitsBehind, pagesInLog } from "./log-pages.ts";
import { readPages } from "./pages.ts";

const key = new Uint8Array(32).fill(7);
const folder = mkdtempSync(join(tmpdir(), "horopter-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "replica.db");
const log = `${path}-wal`;

/** A file with a log of ten commits, as a crash leaves them. */
function crashed(): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
  const made = join(folder, "made.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(`${made}${end}`, { force: true });
  const db = openReplica({ path: made, key });
  migrateReplica(db, made);
  for (let n = 0; n < 20; n++) {
    if (n === 10) db.pragma("wal_checkpoint(RESTART)");
    db.prepare("insert into label_series (series, next) values (?, ?)").run(`LDS-T${n}-`, n);
  }
  copyFileSync(made, path);
  copyFileSync(`${made}-wal`, log);
  db.close();
}
function spoil(at: number): void {
  const bytes = readFileSync(log);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(log, bytes);
}
function seriesFound(): number {
  const found = new Set<unknown>();
  readPages(path, key, folder, ({ values: [series, next] }) => {
    if (/^LDS-T\d+-$/.test(String(series)) && typeof next === "number") found.add(series);
  });
  return found.size;
}

test("a whole log is whole, though older rounds stand behind it", () => {
  crashed();
  expect(isLogCut(folder, path, key)).toBe(false);
  expect(seriesFound()).toBe(20);
});

test("a log whose new round had only its header written is not taken for a damaged one", () => {
  crashed();
  const bytes = readFileSync(log);
  // The round before stands there whole; the header is of the next one.
  const db = openReplica({ path, key });
  db.pragma("wal_checkpoint(RESTART)");
  db.prepare("insert into label_series (series, next) values ('LDS-T99-', 1)").run();
  const header = readFileSync(log).subarray(0, 32);
  copyFileSync(path, join(folder, "laid.db"));
  db.close();
  copyFileSync(join(folder, "laid.db"), path);
  header.copy(bytes);
  writeFileSync(log, bytes);
  expect(commitsBehind(log, 0)).toBe(0);
  expect(pagesInLog(log, 100).size).toBe(0);
  expect(isLogCut(folder, path, key)).toBe(false);
});

test.each([
  ["its header", 18],
  ["the first frame", 32 + 24 + 200],
  ["a frame's own header", 32 + 4120 * 3 + 2],
  ["a frame in the middle", 32 + 4120 * 5 + 24 + 900],
])("damage in %s is noticed before the file is opened for writing, and everything is read", (_where, at) => {
  crashed();
  spoil(at);
  expect(isLogCut(folder, path, key)).toBe(true);
  expect(seriesFound()).toBe(20);
});
