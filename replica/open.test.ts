import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { schemaVersion } from "../migrations/index.ts";
import { type CipherScheme, explain, migrateReplica, openReplica, ReplicaError } from "./open.ts";

const key = new Uint8Array(32).fill(7);
const wrong = new Uint8Array(32).fill(8);
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "horopter-replica-"));
  path = join(folder, "replica.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemOf(work: () => unknown): ReplicaError {
  try {
    work();
  } catch (error) {
    if (error instanceof ReplicaError) return error;
    throw error;
  }
  throw new Error("it opened");
}
function makeReplica(cipher: CipherScheme = "aegis"): void {
  const db = openReplica({ path, key, cipher });
  migrateReplica(db, path);
  db.prepare("insert into sync_meta (key, value) values ('mark', 'Margaret Ellison')").run();
  db.close();
}
const mark = (db: ReturnType<typeof openReplica>) =>
  db.prepare("select value from sync_meta where key='mark'").pluck().get();

describe("an encrypted replica", () => {
  for (const cipher of ["aegis", "sqlcipher"] as const) {
    test(`(${cipher}) opens with its key and holds nothing that can be read without`, () => {
      makeReplica(cipher);
      const bytes = readFileSync(path);
      expect(bytes.includes("Margaret")).toBe(false);
      expect(bytes.includes("SQLite format")).toBe(false);
      const db = openReplica({ path, key, cipher });
      expect(mark(db)).toBe("Margaret Ellison");
      db.close();
    });
    test(`(${cipher}) does not open with another key, says what is safe, and is not touched`, () => {
      makeReplica(cipher);
      const before = readFileSync(path);
      const problem = problemOf(() => openReplica({ path, key: wrong, cipher }));
      expect(problem.code).toBe("WRONG_KEY");
      expect(problem.message).toMatch(/safe and was not changed.*do not delete the file/s);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(mark(openReplica({ path, key, cipher }))).toBe("Margaret Ellison");
    });
    test(`(${cipher}) notices a page that was altered`, () => {
      makeReplica(cipher);
      const bytes = readFileSync(path);
      for (let at = 4096; at < bytes.length; at += 4096) bytes[at + 100] = (bytes[at + 100] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expect(() => {
        const db = openReplica({ path, key, cipher });
        try {
          for (const table of db.prepare("select name from sqlite_master where type='table'").pluck().all())
            db.prepare(`select * from "${table}"`).all();
        } finally {
          db.close();
        }
      }).toThrow();
    });
  }
  test("needs a whole key", () => {
    expect(problemOf(() => openReplica({ path, key: new Uint8Array(16) })).code).toBe("WRONG_KEY");
  });
  test("writes through to the disk and checks parents", () => {
    const db = openReplica({ path, key });
    expect(db.pragma("synchronous", { simple: true })).toBe(2);
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    expect(db.pragma("secure_delete", { simple: true })).toBe(1);
    db.close();
  });
});

describe("what stands in the way is said, with what to do", () => {
  test("the data of a newer version", () => {
    makeReplica();
    const db = openReplica({ path, key });
    db.pragma(`user_version=${schemaVersion + 10}`);
    const problem = problemOf(() => migrateReplica(db, path));
    expect(problem.code).toBe("FROM_THE_FUTURE");
    expect(problem.message).toMatch(/safe and stays untouched\. Install the newer version/);
    expect(mark(db)).toBe("Margaret Ellison");
    db.close();
  });
  test("another program that holds the file", () => {
    makeReplica();
    const holder = openReplica({ path, key });
    const second = openReplica({ path, key });
    second.pragma("busy_timeout=50");
    holder.exec("begin immediate");
    try {
      second.exec("begin immediate");
      throw new Error("it was not locked");
    } catch (error) {
      expect(explain(error, path)).toMatchObject({
        code: "LOCKED",
        message: expect.stringMatching(/Nothing was changed\. Close the other window/),
      });
    }
    holder.exec("rollback");
    holder.close();
    second.close();
  });
  test("a full disk: the step is not there, everything before is", () => {
    makeReplica();
    const db = openReplica({ path, key });
    db.pragma(`max_page_count=${db.pragma("page_count", { simple: true })}`);
    const insert = db.prepare("insert into sync_meta (key, value) values (?, ?)");
    let failure: unknown;
    try {
      db.transaction(() => {
        for (let i = 0; i < 2000; i++) insert.run(`key ${i}`, "x".repeat(500));
      })();
    } catch (error) {
      failure = explain(error, path);
    }
    expect(failure).toMatchObject({
      code: "DISK_FULL",
      message: expect.stringMatching(/was not saved, everything before it is safe/),
    });
    expect(mark(db)).toBe("Margaret Ellison");
    expect(db.prepare("select count(*) from sync_meta").pluck().get()).toBe(1);
    db.close();
  });
  test("a folder that is not there", () => {
    expect(() => openReplica({ path: join(folder, "nowhere", "replica.db"), key })).toThrow();
  });
  test("a file that may not be written", () => {
    // Root may write everywhere, so nothing can be shown as root.
    if (process.getuid?.() === 0) return;
    makeReplica();
    chmodSync(path, 0o400);
    expect(problemOf(() => openReplica({ path, key })).code).toBe("CANNOT_OPEN");
  });
  test("errors that are not SQLite's stay what they are", () => {
    const error = new Error("something else");
    expect(explain(error, path)).toBe(error);
  });
});

test("what was committed is there after the process was killed in the middle of the next step", () => {
  makeReplica();
  const script = `
    import { openReplica } from ${JSON.stringify(join(import.meta.dirname, "open.ts"))};
    const db = openReplica({ path: ${JSON.stringify(path)}, key: new Uint8Array(32).fill(7) });
    db.prepare("update sync_meta set value='committed' where key='mark'").run();
    db.exec("begin immediate");
    db.prepare("update sync_meta set value='half-way' where key='mark'").run();
    process.kill(process.pid, "SIGKILL");
  `;
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(child.signal).toBe("SIGKILL");
  expect(statSync(path).size).toBeGreaterThan(0);
  const db = openReplica({ path, key });
  expect(mark(db)).toBe("committed");
  db.close();
});
