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
  /** One exchange with the centre: local send and receive times, the centre's two in between. */
  learn(exchange: { t0: number; t1: number; t2: number; t3: number }): void;
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
    learn({ t0, t1, t2, t3 }) {
      offset = (t1 - t0 + (t2 - t3)) / 2;
      wallBase = clock.wall();
      monotonicBase = clock.monotonic();
      suspect = false;
    },
    offset: () => offset,
    suspect: () => suspect,
  };
}
