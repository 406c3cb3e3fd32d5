import { createContext, useContext, useEffect, useRef, useState } from "react";
import type { Held } from "../autosave.ts";
import { useOpenedIfAny } from "../opened.ts";

/** Where half-typed texts are written with each key press, by the key of their field: the open exam, or a dialog. */
export interface Halves {
  half(key: string): unknown;
  /** Null once it is whole or taken back. */
  typing(key: string, half: unknown): void;
}
const HalvesContext = createContext<Halves | null>(null);
/** For a dialog whose fields are no fields of the exam. */
export const HalvesProvider = HalvesContext.Provider;

/** The half that an input of a dialog begins with, and what it says at each key press. */
export function useHalf(key: string): { readonly start: string | null; type(text: string | null): void } {
  const halves = useContext(HalvesContext);
  const [start] = useState(() => {
    const half = halves?.half(key);
    return typeof half === "string" ? half : null;
  });
  return { start, type: (text) => halves?.typing(key, text) };
}

/**
 * What is half typed in a field; null while nothing is. The latest text is known at once, not with the next rendering:
 * Enter keeps and moves on, and moving on is a blur that would keep the same text again. Each key press is written to
 * this PC, and a field begins with what was half typed in it when the PC stopped; `unsaid`, if there is one, is then
 * said of it, so that nobody signs over it.
 */
export function useTyping(key: string, held: Held | null, unsaid?: string) {
  const save = useOpenedIfAny()?.save;
  const halves = useContext(HalvesContext) ?? save;
  const [start] = useState(() => {
    const half = halves?.half(key);
    return typeof half === "string" ? half : held ? String(held.value) : null;
  });
  const [draft, show] = useState(start);
  const latest = useRef(start);
  useEffect(() => {
    if (unsaid !== undefined && latest.current !== null && save && !save.held(key))
      save.hold(key, latest.current, unsaid);
  }, [save, key, unsaid]);
  return {
    draft,
    latest,
    type(text: string | null) {
      latest.current = text;
      show(text);
      halves?.typing(key, text);
    },
  };
}
