import type { SecretStore } from "./store.ts";

/**
 * A store whose secrets stand together in one file, which each change writes whole. One change waits for the other,
 * and what is in memory is never ahead of the disk. The folder's lock keeps other processes away.
 */
export function mapStore(
  provider: string,
  initial: Readonly<Record<string, string>>,
  save: (entries: Readonly<Record<string, string>>) => Promise<void>,
): SecretStore {
  let entries = new Map(Object.entries(initial));
  let last: Promise<unknown> = Promise.resolve();

  const change = (edit: (entries: Map<string, string>) => void): Promise<void> => {
    const next = last.then(async () => {
      const edited = new Map(entries);
      edit(edited);
      await save(Object.fromEntries(edited));
      entries = edited;
    });
    last = next.catch(() => {});
    return next;
  };
  return {
    provider,
    get: async (name) => entries.get(name) ?? null,
    set: (name, value) => change((edited) => edited.set(name, value)),
    delete: (name) => change((edited) => edited.delete(name)),
  };
}
