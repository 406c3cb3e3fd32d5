import { pino } from "pino";
import type { Log } from "../src-shared/sync/ports.ts";

/** Structured lines on standard error; ids, counts and durations only. */
export function pinoLog(level: string): Log {
  const logger = pino({ level }, pino.destination(2));
  return {
    info: (event, detail = {}) => logger.info(detail, event),
    warn: (event, detail = {}) => logger.warn(detail, event),
    error: (event, detail = {}) => logger.error(detail, event),
  };
}
