/** What is drawn in an exam: shown the moment it is drawn, kept behind it, undone and redone. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { drawingFullness } from "../../../../src-shared/exams/strokes.ts";
import { send, toUiError } from "../../../api/index.ts";
import { notify } from "../../../ui/index.ts";
import type { Drawn, Stroke } from "./eye-picture.tsx";
import { type Item, labelNumbers, strokesIn } from "./numbers.ts";

/** A stroke that is drawn here and not yet among the exam's items. */
interface Fresh {
  readonly key: string;
  readonly data: Stroke;
  /** Its item's id once it is kept. */
  readonly id: string | null;
}
interface Step {
  readonly kind: "drew" | "erased";
  readonly keys: readonly string[];
}

export interface Strokes {
  readonly all: readonly Drawn[];
  /** From 0 to 1; at 1 nothing more is taken. */
  readonly fullness: number;
  /** Why something is not kept yet; it stays on the screen and is kept by `retry`. */
  readonly problem: string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Returns the key by which the new stroke is known. */
  draw(stroke: Stroke): string;
  erase(keys: readonly string[]): void;
  write(key: string, note: string): void;
  copy(from: string, diagram: Stroke["diagram"]): Promise<number>;
  undo(): void;
  redo(): void;
  retry(): void;
}

/** As many ids as one command takes. */
function parts(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / 200) }, (_, index) => ids.slice(index * 200, index * 200 + 200));
}

export function useStrokes(examId: string, items: readonly Item[]): Strokes {
  const kept = useMemo(() => strokesIn(items), [items]);
  const [fresh, setFresh] = useState<readonly Fresh[]>([]);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [steps, setSteps] = useState<{ done: readonly Step[]; undone: readonly Step[] }>({ done: [], undone: [] });
  const [problem, setProblem] = useState<string | null>(null);
  /** Ids of what was drawn here, and the keys that they are shown under. */
  const ids = useRef(new Map<string, Promise<string>>());
  const keys = useRef(new Map<string, string>());
  const seen = useRef(new Map<string, Stroke>());
  /** What could not be kept, in its order; nothing overtakes it. */
  const waiting = useRef<(() => Promise<unknown>)[]>([]);
  const working = useRef(false);
  /** Counts how often everything was kept. */
  const [settled, setSettled] = useState(0);

  const work = useCallback(async () => {
    if (working.current) return;
    working.current = true;
    try {
      for (let next = waiting.current[0]; next; next = waiting.current[0]) {
        try {
          await next();
        } catch (error) {
          // A label that somebody else rubbed out takes no note; the rest goes on.
          if (toUiError(error).code !== "NOT_FOUND") throw error;
          notify({ tone: "look", title: toUiError(error).message });
        }
        waiting.current.shift();
      }
      setProblem(null);
      setSettled((times) => times + 1);
    } catch (error) {
      setProblem(toUiError(error).message);
    } finally {
      working.current = false;
    }
  }, []);
  const keep = useCallback(
    (task: () => Promise<unknown>) => {
      waiting.current.push(task);
      void work();
    },
    [work],
  );
  const idOf = (key: string): Promise<string> => ids.current.get(key) ?? Promise.resolve(key);

  // What has arrived among the items is shown from there, what has left them need not be hidden any more.
  useEffect(() => {
    setFresh((now) => (now.some(({ id }) => id && kept.has(id)) ? now.filter(({ id }) => !id || !kept.has(id)) : now));
    if (working.current || settled === 0) return;
    setGone((now) => {
      const still = [...now].filter((key) => [...kept.keys()].some((id) => (keys.current.get(id) ?? id) === key));
      return still.length === now.size ? now : new Set(still);
    });
  }, [kept, settled]);

  const all = useMemo(() => {
    const numbers = labelNumbers(kept);
    const shown: Drawn[] = [...kept].map(([id, data]) => ({
      key: keys.current.get(id) ?? id,
      data,
      number: numbers.get(id),
    }));
    const here = new Set(shown.map(({ key }) => key));
    for (const { key, id, data } of fresh) {
      if (here.has(key) || (id && kept.has(id))) continue;
      const labels = shown.filter((each) => each.data.tool === "label").length;
      shown.push({ key, data, number: data.tool === "label" ? labels + 1 : undefined });
    }
    for (const { key, data } of shown) seen.current.set(key, data);
    return shown.filter(({ key }) => !gone.has(key));
  }, [kept, fresh, gone]);

  const did = (step: Step) => setSteps(({ done }) => ({ done: [...done, step], undone: [] }));

  function add(key: string, data: Stroke) {
    let settle: (id: string) => void = () => {};
    ids.current.set(key, new Promise((resolve) => (settle = resolve)));
    setFresh((now) => [...now, { key, data, id: null }]);
    keep(async () => {
      const { id } = await send("exams.addItem", { examId, list: "stroke", data: { ...data } });
      keys.current.set(id, key);
      settle(id);
      setFresh((now) => now.map((each) => (each.key === key ? { ...each, id } : each)));
    });
  }

  function hide(which: readonly string[]) {
    setGone((now) => new Set([...now, ...which]));
    keep(async () => {
      for (const part of parts(await Promise.all(which.map(idOf)))) await send("exams.removeItems", { ids: part });
      setFresh((now) => now.filter(({ key }) => !which.includes(key)));
    });
  }

  function show(which: readonly string[]) {
    setGone((now) => new Set([...now].filter((key) => !which.includes(key))));
    setFresh((now) => [
      ...now,
      ...which.flatMap((key) => {
        const data = seen.current.get(key);
        return data && !now.some((each) => each.key === key) ? [{ key, data, id: null }] : [];
      }),
    ]);
    keep(async () => {
      const found = await Promise.all(which.map(idOf));
      for (const part of parts(found)) await send("exams.restoreItems", { examId, ids: part });
      const idByKey = new Map(which.map((key, index) => [key, found[index] as string]));
      setFresh((now) => now.map((each) => ({ ...each, id: idByKey.get(each.key) ?? each.id })));
    });
  }

  /** Does a step again, or takes it back. */
  function turn(step: Step, back: boolean) {
    if ((step.kind === "drew") === back) hide(step.keys);
    else show(step.keys);
  }

  return {
    all,
    fullness: useMemo(() => drawingFullness(all.map(({ data }) => data)), [all]),
    problem,
    canUndo: steps.done.length > 0,
    canRedo: steps.undone.length > 0,
    draw(stroke) {
      const key = crypto.randomUUID();
      add(key, stroke);
      did({ kind: "drew", keys: [key] });
      return key;
    },
    erase(which) {
      if (which.length === 0) return;
      hide(which);
      did({ kind: "erased", keys: which });
    },
    write(key, note) {
      const text = note.trim() || null;
      keep(async () => send("exams.changeItem", { id: await idOf(key), data: { note: text } }));
      setFresh((now) => now.map((each) => (each.key === key ? { ...each, data: { ...each.data, note: text } } : each)));
    },
    async copy(from, diagram) {
      const { ids: made } = await send("exams.copyDrawing", { examId, from, diagram });
      if (made.length > 0) did({ kind: "drew", keys: made });
      return made.length;
    },
    undo() {
      const step = steps.done.at(-1);
      if (!step) return;
      setSteps({ done: steps.done.slice(0, -1), undone: [...steps.undone, step] });
      turn(step, true);
    },
    redo() {
      const step = steps.undone.at(-1);
      if (!step) return;
      setSteps({ done: [...steps.done, step], undone: steps.undone.slice(0, -1) });
      turn(step, false);
    },
    retry: () => void work(),
  };
}
