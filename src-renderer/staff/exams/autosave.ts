/**
 * What is typed into an exam, on its way to the replica: every field is kept by itself, never more than one save is
 * under way, and what could not be kept stays where it was typed and is said. Columns of the exam and entries share one
 * space of keys: an entry's key has a dot (`vision.own.r`), a column's has none (`outcome`).
 */

export interface Base {
  readonly columns: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, unknown>>;
}
export interface Patch {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, unknown>>;
}
export interface Surroundings {
  /** Keeps a patch. Rejects with what `refused` knows as a refusal, or with anything else where nothing was reached. */
  send(patch: Patch): Promise<unknown>;
  /** Why the values of a patch can never be kept; null where trying again may help. */
  refused(error: unknown): string | null;
  now(): number;
  /** Told at each key press, and whenever what is not kept became less. */
  unkept(): void;
  /** Runs after so many milliseconds; returns how to give up. */
  after(milliseconds: number, run: () => void): () => void;
}
/** What stands in a field and is not kept: a value on its way (`was`: over which), one that is held, or half of one. */
export interface Unkept {
  readonly value?: unknown;
  readonly was?: unknown;
  readonly held?: Held;
  readonly half?: unknown;
}
/** What was typed and cannot be kept as it is, with the reason. */
export interface Held {
  readonly value: unknown;
  readonly message: string;
}
export interface KeptState {
  /** When the last save was acknowledged. */
  readonly at: number | null;
  /** Why saving stands still, in words. */
  readonly trouble: string | null;
  /** Fields that hold what is not kept. */
  readonly held: readonly string[];
  readonly busy: boolean;
}

const rest = 300;
const retry = 2000;
/** Outline, gaps and context follow typing at this distance: each key press belongs to its field alone. */
const settle = 90;

export class Autosave {
  readonly #around: Surroundings;
  #base: Base;
  readonly #typed = new Map<string, unknown>();
  #sending: ReadonlyMap<string, unknown> = new Map();
  readonly #held = new Map<string, Held>();
  readonly #half = new Map<string, unknown>();
  /** What this screen said last, so that its own words coming back are not taken for another's. */
  readonly #mine = new Map<string, unknown>();
  readonly #foreign = new Map<string, unknown>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #stamps = new Map<string, number>();
  readonly #all = new Set<() => void>();
  #version = 0;
  #state: KeptState = { at: null, trouble: null, held: [], busy: false };
  #cancelRest: (() => void) | null = null;
  #cancelSettle: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #focused: string | null = null;

  constructor(base: Base, around: Surroundings) {
    this.#base = base;
    this.#around = around;
  }

  /** What stands in a field: as typed last, whether kept or not. */
  value(key: string): unknown {
    if (this.#typed.has(key)) return this.#typed.get(key) ?? null;
    if (this.#sending.has(key)) return this.#sending.get(key) ?? null;
    return this.#kept(key);
  }
  #kept(key: string): unknown {
    return (key.includes(".") ? this.#base.entries[key] : this.#base.columns[key]) ?? null;
  }
  held(key: string): Held | null {
    return this.#held.get(key) ?? null;
  }
  /** What another device wrote into the field that is being typed in; undefined for nothing. */
  foreign(key: string): unknown {
    return this.#foreign.get(key);
  }
  get state(): KeptState {
    return this.#state;
  }
  get version(): number {
    return this.#version;
  }
  /** Grows with each change of a field. */
  stamp(key: string): number {
    return this.#stamps.get(key) ?? 0;
  }

  /** All that stands in the exam now. */
  written(): Base {
    const columns: Record<string, unknown> = { ...this.#base.columns };
    const entries: Record<string, unknown> = { ...this.#base.entries };
    for (const [key, value] of [...this.#sending, ...this.#typed]) (key.includes(".") ? entries : columns)[key] = value;
    return { columns, entries };
  }

  /** Takes what was typed. Cells are saved at once (`now`), text after a short rest. */
  set(values: Readonly<Record<string, unknown>>, now = false): void {
    for (const [key, value] of Object.entries(values)) {
      if (this.#held.delete(key)) this.#say({});
      else if (same(this.value(key), value)) continue;
      this.#typed.set(key, value);
      this.#touch(key);
    }
    if (this.#typed.size === 0) return;
    this.#around.unkept();
    this.#cancelRest?.();
    this.#cancelRest = null;
    if (now) void this.flush();
    else this.#cancelRest = this.#around.after(rest, () => void this.flush());
  }

  /** Keeps in mind what cannot be saved: half a prescription, a power that no lens has. */
  hold(key: string, value: unknown, message: string): void {
    this.#held.set(key, { value, message });
    this.#touch(key);
    this.#say({});
  }
  letGo(key: string): void {
    if (!this.#held.delete(key)) return;
    this.#touch(key);
    this.#say({});
  }

  /** Half of what is being typed in a field, or in a line that is being added; null once it is whole or taken back. */
  typing(key: string, half: unknown): void {
    if (half === null ? !this.#half.delete(key) : same(this.#half.get(key), half)) return;
    if (half !== null) this.#half.set(key, half);
    this.#around.unkept();
  }
  half(key: string): unknown {
    return this.#half.get(key) ?? null;
  }
  /** All that a pulled plug would take, by field. */
  get unkept(): Readonly<Record<string, Unkept>> {
    const all: Record<string, Unkept> = {};
    for (const [key, value] of [...this.#sending, ...this.#typed]) all[key] = { value, was: this.#kept(key) };
    for (const [key, held] of this.#held) all[key] = { ...all[key], held };
    for (const [key, half] of this.#half) all[key] = { ...all[key], half };
    return all;
  }
  /** Goes on with what was not kept when the plug was pulled. Where somebody wrote meanwhile, both are shown. */
  resume(unkept: Readonly<Record<string, Unkept>>): void {
    for (const [key, { value, was, held, half }] of Object.entries(unkept)) {
      if (held) this.hold(key, held.value, held.message);
      if (half !== undefined) this.#half.set(key, half);
      const kept = this.#kept(key);
      if (value === undefined || same(kept, value)) continue;
      if (!same(kept, was)) this.#foreign.set(key, kept);
      this.set({ [key]: value });
    }
  }

  /** The field that is being typed in, which nobody else overwrites. */
  focus(key: string): void {
    this.#focused = key;
  }
  blur(key: string): void {
    if (this.#focused === key) this.#focused = null;
    if (this.#foreign.has(key) && same(this.value(key), this.#foreign.get(key))) this.dropForeign(key);
  }
  dropForeign(key: string): void {
    if (this.#foreign.delete(key)) this.#touch(key);
  }

  /** What the replica has now. Fields that are being typed in keep their text; what else changed shows at once. */
  take(base: Base): void {
    const before = this.#base;
    this.#base = base;
    for (const part of ["columns", "entries"] as const) {
      for (const key of new Set([...Object.keys(before[part]), ...Object.keys(base[part])])) {
        const [was, is] = [before[part][key] ?? null, base[part][key] ?? null];
        if (same(was, is)) continue;
        const own = same(this.#sending.get(key), is) || same(this.#mine.get(key), is);
        if (!own && (this.#focused === key || this.#typed.has(key))) this.#foreign.set(key, is);
        this.#touch(key);
      }
    }
  }

  /** Saves what waits; done when everything typed until now is kept, held, or known to be out of reach. */
  async flush(): Promise<void> {
    this.#cancelRest?.();
    this.#cancelRest = null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #run(): Promise<void> {
    let reached = true;
    while (reached && this.#typed.size > 0) {
      const batch = new Map(this.#typed);
      this.#typed.clear();
      reached = await this.#keep(batch);
    }
    if (!reached) this.#cancelRest = this.#around.after(retry, () => void this.flush());
  }

  /** Sends a batch; of one that is refused each field by itself, so that one impossible value keeps no other back. */
  async #keep(batch: ReadonlyMap<string, unknown>): Promise<boolean> {
    this.#sending = batch;
    this.#say({ busy: true });
    try {
      await this.#around.send(patchOf(batch));
      this.#base = merged(this.#base, batch);
      for (const [key, value] of batch) this.#mine.set(key, value);
      this.#sending = new Map();
      this.#say({ at: this.#around.now(), trouble: null, busy: false });
      return true;
    } catch (error) {
      this.#sending = new Map();
      const message = this.#around.refused(error);
      if (message === null) {
        for (const [key, value] of batch) if (!this.#typed.has(key)) this.#typed.set(key, value);
        this.#say({ trouble: error instanceof Error ? error.message : String(error), busy: false });
        return false;
      }
      const [only] = batch;
      if (batch.size === 1 && only) {
        if (!this.#typed.has(only[0])) this.hold(only[0], only[1], message);
        this.#say({ busy: false });
        return true;
      }
      const waiting = [...batch];
      for (const [index, [key, value]] of waiting.entries()) {
        if (await this.#keep(new Map([[key, value]]))) continue;
        for (const [later, typed] of waiting.slice(index + 1))
          if (!this.#typed.has(later)) this.#typed.set(later, typed);
        return false;
      }
      return true;
    }
  }

  watch(key: string, run: () => void): () => void {
    const set = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, set.add(run));
    return () => set.delete(run);
  }
  /** Told of everything, a moment later. */
  watchAll(run: () => void): () => void {
    this.#all.add(run);
    return () => this.#all.delete(run);
  }
  #touch(key: string): void {
    this.#stamps.set(key, this.stamp(key) + 1);
    for (const run of this.#watchers.get(key) ?? []) run();
    this.#cancelSettle ??= this.#around.after(settle, () => {
      this.#cancelSettle = null;
      this.#version += 1;
      for (const run of this.#all) run();
    });
  }
  #say(change: Partial<KeptState>): void {
    this.#state = { ...this.#state, ...change, held: [...this.#held.keys()] };
    this.#around.unkept();
    for (const run of this.#watchers.get("") ?? []) run();
  }
}

function patchOf(batch: ReadonlyMap<string, unknown>): Patch {
  const [entries, fields] = [true, false].map((dotted) =>
    Object.fromEntries([...batch].filter(([key]) => key.includes(".") === dotted)),
  ) as [Record<string, unknown>, Record<string, unknown>];
  return { fields, entries };
}
function merged(base: Base, batch: ReadonlyMap<string, unknown>): Base {
  const { fields, entries } = patchOf(batch);
  return { columns: { ...base.columns, ...fields }, entries: { ...base.entries, ...entries } };
}

/** Whether two values are the same to whoever reads them; nothing and not stated are. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
