/** Which of several drawings on a screen the keys are for: the one that was last touched, the first until then. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";

let inHand: symbol | null = null;
const watchers = new Set<() => void>();
function take(which: symbol | null): void {
  if (inHand === which) return;
  inHand = which;
  for (const watch of watchers) watch();
}

export function useInHand(frame: RefObject<HTMLElement | null>): boolean {
  const [me] = useState(() => Symbol("drawing"));
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    if (inHand === null) take(me);
    const touched = () => take(me);
    element.addEventListener("pointerdown", touched);
    element.addEventListener("focusin", touched);
    return () => {
      element.removeEventListener("pointerdown", touched);
      element.removeEventListener("focusin", touched);
      if (inHand === me) take(null);
    };
  }, [frame, me]);
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => inHand === me,
  );
}
