/**
 * Reads a replica to its last page in a thread of its own, on a connection that only reads. The thread's few lines are
 * given as text: the desktop app is built into one file, beside which no other would be found.
 */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const lines = `
const { parentPort, workerData: { sqlite, path, key } } = require("node:worker_threads");
const Database = require(sqlite);
const db = new Database(path, { readonly: true, timeout: 5000 });
try {
  db.pragma("cipher='aegis'");
  db.pragma(\`key="x'\${Buffer.from(key).toString("hex")}'"\`);
  const found = db.pragma("quick_check").map((row) => row.quick_check);
  parentPort.postMessage(found.length === 1 && found[0] === "ok" ? [] : found);
} catch (error) {
  if (!/^SQLITE_(CORRUPT|NOTADB|IOERR_DATA)/.test(error.code ?? "")) throw error;
  parentPort.postMessage([error.message]);
} finally {
  db.close();
}`;

/** What is wrong in the file; nothing when it is whole. Throws when it could not be read for another reason. */
export function checkFile(path: string, key: Uint8Array): Promise<readonly string[]> {
  const sqlite = createRequire(import.meta.url).resolve("better-sqlite3");
  const worker = new Worker(lines, { eval: true, workerData: { sqlite, path, key } });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the check ended without a word")));
  });
}
