/**
 * tRPC's WebSocket adapter sends whatever a stream yields, whether or not the other side takes it. A device whose line
 * hangs must not fill the server's memory: its stream goes on only when there is room, and is cut when nothing moves.
 * The device connects again and resumes from its cursor.
 */
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Line } from "./connection.ts";

/** Bytes that may be on their way when the next batch is read. */
const room = 256 * 1024;
/** Unread bytes with which nobody is served any further. */
export const mostUnread = 8 * 1024 * 1024;
/** Milliseconds in which something has to be taken, and bytes a millisecond of what the slowest line takes (160 kbit/s). */
const patience = 30_000;
const slowest = 20;
const lookEvery = 50;

interface Time {
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => () => void;
}

/** Resolves once there is room on the line, or the signal aborts; cuts a line on which nothing moves. */
export async function roomOn(line: Line, { now, after }: Time, signal: AbortSignal): Promise<void> {
  let before = line.buffered();
  let moved = now();
  while (before > room && !signal.aborted) {
    await new Promise<void>((resolve) => void after(lookEvery, resolve));
    const unread = line.buffered();
    if (unread < before) moved = now();
    before = unread;
    if (unread > mostUnread || now() - moved > patience + unread / slowest) {
      line.cut();
      throw refuse("SLOW_READER", "What was sent was not taken; connect again and go on from there.");
    }
  }
}
