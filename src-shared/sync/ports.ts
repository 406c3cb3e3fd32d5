/** What the engine and the centre are given from outside, so that the simulator can give its own. */

export interface Clock {
  /** The operating system's wall clock, UTC milliseconds. */
  wall(): number;
  /** A clock that only runs forward, milliseconds. */
  monotonic(): number;
}

export interface Timers {
  /** Runs `task` after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** Structured, without values of patients or parameters: ids, counts, durations. */
export interface Log {
  info(event: string, detail?: Readonly<Record<string, unknown>>): void;
  warn(event: string, detail?: Readonly<Record<string, unknown>>): void;
  error(event: string, detail?: Readonly<Record<string, unknown>>): void;
}
export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** A refusal that a person can act on: a closed set of codes per feature, never a bug. */
export class Refusal extends Error {
  readonly code: string;
  readonly args: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, args: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.args = args;
  }
}
/** `throw refuse("NO_PERMISSION", "…what happened, what is safe, what to do")`. */
export function refuse(code: string, message: string, args: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(code, message, args);
}
