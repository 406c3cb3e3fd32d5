/** A brake on guessing codes and passwords, per address, and on each token; the accounts have their own besides. */

const perMinute = { enrol: 20, "sign-in": 60, api: 120 } as const;

export function createLimiter(now: () => number) {
  const counts = new Map<string, { minute: number; count: number }>();
  return {
    /** Whether one more try of this kind is allowed for the key in this minute. */
    take(key: string, kind: keyof typeof perMinute): boolean {
      const minute = Math.floor(now() / 60_000);
      if (counts.size > 100_000) counts.clear();
      const entry = counts.get(key);
      if (!entry || entry.minute !== minute) {
        counts.set(key, { minute, count: 1 });
        return true;
      }
      entry.count += 1;
      return entry.count <= perMinute[kind];
    },
  };
}
