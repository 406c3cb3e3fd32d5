/**
 * What is typed and not kept yet goes to this PC's disk with each key press: one write at a time, the next one with all
 * that has changed meanwhile. Nothing waits for it.
 */
type Fields = Readonly<Record<string, unknown>>;
export interface UnkeptChange {
  readonly keep: Fields;
  readonly drop: readonly string[];
}

/** Returns what to call when something was typed. `stored`: what is on the disk already. */
export function unkeptKeeper(
  stored: Fields,
  now: () => Fields,
  write: (change: UnkeptChange) => Promise<unknown>,
): () => void {
  let written = texts(stored);
  let [busy, more] = [false, false];
  async function work(): Promise<void> {
    busy = true;
    do {
      more = false;
      const fields = now();
      const next = texts(fields);
      const keep = Object.fromEntries(Object.entries(fields).filter(([key]) => written.get(key) !== next.get(key)));
      const drop = [...written.keys()].filter((key) => !next.has(key));
      if (Object.keys(keep).length === 0 && drop.length === 0) continue;
      try {
        await write({ keep, drop });
        written = next;
      } catch {
        // What could not be written is written with the next key press; saving says what is the matter.
        break;
      }
    } while (more);
    busy = false;
  }
  return () => {
    if (busy) more = true;
    else void work();
  };
}

function texts(fields: Fields): ReadonlyMap<string, string> {
  return new Map(Object.entries(fields).map(([key, value]) => [key, JSON.stringify(value)]));
}
