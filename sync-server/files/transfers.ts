/** How many files move at once at one server: so many that lines are used, so few that nothing else waits for them. */
import { type BulkReads, createBulkReads } from "../sync/admission.ts";

/** Parts are a few megabytes each and are held whole; one that waits for its turn is not read from its socket. */
const mostComing = 8;
/** What goes out is read as its line takes it. */
const mostGoing = 64;

export interface Transfers {
  readonly coming: BulkReads;
  readonly going: BulkReads;
  /** Runs `work` when nothing of that name is under way at this server. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function createTransfers(): Transfers {
  const lasts = new Map<string, Promise<unknown>>();
  return {
    coming: createBulkReads(mostComing, 1),
    going: createBulkReads(mostGoing, 1),
    async alone(name, work) {
      const before = lasts.get(name) ?? Promise.resolve();
      const turn = before.then(work, work);
      lasts.set(name, turn);
      try {
        return await turn;
      } finally {
        if (lasts.get(name) === turn) lasts.delete(name);
      }
    },
  };
}
