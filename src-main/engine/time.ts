/**
 * The engine's idea of now (sync design §2.3): the wall clock plus an offset learnt from the centre, held against the
 * monotonic clock. A wall clock that jumps without a handshake is not believed. Nothing is ever blocked by a clock.
 */
import type { Clock } from "../../src-shared/sync/ports.ts";

/** A wall clock may wander this far from the monotonic one before it is not believed, milliseconds. */
const believableJump = 2000;

export interface EngineTime {
  /** Corrected UTC milliseconds. */
  now(): number;
  /**
   * One exchange with the centre: its own times of receipt and answer, and how long the exchange took by the monotonic
   * clock. The wall clock is read once, now: one that jumps while the answer is on its way would else be half believed.
   */
  learn(exchange: { t1: number; t2: number; elapsed: number }): void;
  offset(): number;
  suspect(): boolean;
}

export function createTime(clock: Clock, initialOffset: number, notBefore: number): EngineTime {
  let offset = initialOffset;
  let wallBase = clock.wall();
  let monotonicBase = clock.monotonic();
  let suspect = false;
  return {
    now() {
      const wall = clock.wall();
      const expected = wallBase + (clock.monotonic() - monotonicBase);
      const jumped = Math.abs(wall - expected) > believableJump;
      if (jumped) suspect = true;
      else if (!suspect) {
        wallBase = wall;
        monotonicBase = clock.monotonic();
      }
      return Math.max(notBefore, Math.floor((suspect ? expected : wall) + offset));
    },
    learn({ t1, t2, elapsed }) {
      wallBase = clock.wall();
      offset = (t1 + t2) / 2 - (wallBase - elapsed / 2);
      monotonicBase = clock.monotonic();
      suspect = false;
    },
    offset: () => offset,
    suspect: () => suspect,
  };
}
