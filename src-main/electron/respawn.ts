/** How often the engine may die before somebody has to be told. */
export interface RespawnPolicy {
  /** Notes a death, and says whether to start the engine again. */
  died(): boolean;
  /** Forgets what was, when a person asks for another try. */
  reset(): void;
}

/** Starts again up to `times` times within `period` milliseconds: a crash now and then heals, a loop does not. */
export function createRespawnPolicy(options: {
  readonly times: number;
  readonly period: number;
  /** A clock that only runs forward, milliseconds. */
  readonly now: () => number;
}): RespawnPolicy {
  const { times, period, now } = options;
  let deaths: number[] = [];
  return {
    died() {
      const at = now();
      deaths = [...deaths.filter((death) => at - death < period), at];
      return deaths.length <= times;
    },
    reset() {
      deaths = [];
    },
  };
}
