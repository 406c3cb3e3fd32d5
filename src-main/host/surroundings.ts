import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { destination, multistream, pino, stdTimeFunctions } from "pino";
import type { Random } from "../../src-shared/sync/ids.ts";
import type { Clock, Log, Timers } from "../../src-shared/sync/ports.ts";

/** The real clock, timers and randomness, for the engine that has none of its own. */
export const clock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

export const timers: Timers = {
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

export const random: Random = { bytes: (count) => randomBytes(count) };

/** How many days' logs stay. */
const KEPT_LOGS = 14;

/** Logs into a file per day of start in the data folder; what needs somebody also goes to standard error. */
export function openLog(folder: string, { quiet = false } = {}): Log {
  const logs = join(folder, "logs");
  const today = new Date().toISOString().slice(0, 10);
  const file = destination({ dest: join(logs, `${today}.log`), mkdir: true, append: true, sync: true, mode: 0o600 });
  removeOld(logs);
  const streams = [{ level: "info" as const, stream: file }];
  const loud = quiet ? [] : [{ level: "error" as const, stream: process.stderr }];
  const logger = pino(
    { base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime },
    multistream([...streams, ...loud]),
  );
  return {
    info: (event, detail = {}) => logger.info(detail, event),
    warn: (event, detail = {}) => logger.warn(detail, event),
    error: (event, detail = {}) => logger.error(detail, event),
  };
}

function removeOld(logs: string): void {
  const names = readdirSync(logs).filter((name) => /^\d{4}-\d\d-\d\d\.log$/.test(name));
  for (const name of names.sort().slice(0, -KEPT_LOGS)) rmSync(join(logs, name), { force: true });
}
