import { useEffect, useRef, useState } from "react";
import type { Held } from "../autosave.ts";
import { useOpenedIfAny } from "../opened.ts";

/**
 * What is half typed in a field; null while nothing is. The latest text is known at once, not with the next rendering:
 * Enter keeps and moves on, and moving on is a blur that would keep the same text again. Each key press is written to
 * this PC, and a field begins with what was half typed in it when the PC stopped; `unsaid`, if there is one, is then
 * said of it, so that nobody signs over it.
 */
export function useTyping(key: string, held: Held | null, unsaid?: string) {
  const save = useOpenedIfAny()?.save;
  const [start] = useState(() => {
    const half = save?.half(key);
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
      save?.typing(key, text);
    },
  };
}
