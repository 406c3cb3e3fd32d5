import { tracked } from "@trpc/server";
import { openProcedure, router } from "../trpc.ts";

/** Changes that pile up while a window is busy are told as one. */
export const liveRouter = router({
  changes: openProcedure.subscription(async function* ({ ctx: { workstation }, signal }) {
    const waiting = new Set<string>();
    let wake: (() => void) | null = null;
    const stop = workstation.onChange((touched) => {
      for (const name of touched) waiting.add(name);
      wake?.();
    });
    const aborted = () => wake?.();
    signal?.addEventListener("abort", aborted);
    let id = 0;
    try {
      // The first word says everything, so that what changed while the window was away is fetched again.
      yield tracked(String(id++), { entities: ["*"] });
      while (!signal?.aborted) {
        if (waiting.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = null;
          continue;
        }
        const entities = [...waiting];
        waiting.clear();
        yield tracked(String(id++), { entities });
      }
    } finally {
      stop();
      signal?.removeEventListener("abort", aborted);
    }
  }),
});
