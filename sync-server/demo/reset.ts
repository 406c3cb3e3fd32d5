/** The public demo starts anew every night. */

const hourOfReset = 3;

export interface ResetSurroundings {
  readonly now: () => Date;
  /** Runs the task after so many milliseconds; the returned function cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
  readonly complain: (message: string) => void;
}

const system: ResetSurroundings = {
  now: () => new Date(),
  complain: (message) => console.error(message),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    // It must not keep a server alive that was told to stop.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Milliseconds from `now` to the next 03:00 of the machine's own zone, more than 0 and up to 25 hours. */
export function untilReset(now: Date): number {
  const next = new Date(now);
  next.setHours(hourOfReset, 0, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}

/**
 * Calls `run` at 03:00 local time every day until the returned function is called. A run that fails is said on the
 * console and tried again the next night.
 */
export function resetDaily(run: () => Promise<void>, { now, after, complain }: ResetSurroundings = system): () => void {
  let stopped = false;
  let cancel = () => {};
  const schedule = () => {
    cancel = after(untilReset(now()), () => {
      run()
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          complain(`The nightly reset of the demo failed: ${reason}. It is tried again tomorrow at 03:00.`);
        })
        .finally(() => {
          if (!stopped) schedule();
        });
    });
  };
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}
