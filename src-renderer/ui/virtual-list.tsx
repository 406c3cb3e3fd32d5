/**
 * A long list of which only what can be seen is in the page. Rows are as high as they are: the first time a row is seen
 * it is measured, until then its height is estimated.
 */

import { type ReactNode, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { useShortcuts } from "./commands.ts";
import { scrollsByKeys } from "./focus.ts";

/** Pixels above and below the part that is seen in which rows are kept ready. */
const overscan = 400;

export interface VirtualListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Pixels that the row probably takes. */
  readonly estimate: (item: T) => number;
  readonly render: (item: T, chosen: boolean) => ReactNode;
  /** False for a heading: J and K pass it by. */
  readonly choosable?: (item: T) => boolean;
  /** Enter, or a double click. */
  readonly open?: (item: T) => void;
  readonly words: { readonly next: string; readonly previous: string; readonly open: string; readonly group: string };
}

/** The first index whose row ends below `y`, by bisection. */
function rowAt(ends: readonly number[], y: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function VirtualList<T>({
  label,
  items,
  keyOf,
  estimate,
  render,
  choosable = () => true,
  open,
  words,
}: VirtualListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const [measured, remeasured] = useReducer((count: number) => count + 1, 0);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [chosen, setChosen] = useState<string | null>(null);
  /** Where the keys are: quicker than the page is drawn. */
  const at = useRef<string | null>(null);

  const ends = useMemo(() => {
    // Stands for what is in the map.
    void measured;
    let end = 0;
    return items.map((item) => {
      end += heights.current.get(keyOf(item)) ?? estimate(item);
      return end;
    });
  }, [items, measured, keyOf, estimate]);
  const total = ends.at(-1) ?? 0;
  const first = items.length === 0 ? 0 : rowAt(ends, view.top - overscan);
  const last = items.length === 0 ? -1 : rowAt(ends, view.top + view.height + overscan);
  const topOf = (index: number) => (index === 0 ? 0 : (ends[index - 1] ?? 0));

  useLayoutEffect(() => scrollsByKeys(box.current), []);
  useLayoutEffect(() => {
    let changed = false;
    for (const row of box.current?.querySelectorAll<HTMLElement>(":scope > ul > [data-row]") ?? []) {
      const key = row.dataset.row as string;
      const height = row.offsetHeight;
      if (height > 0 && heights.current.get(key) !== height) {
        heights.current.set(key, height);
        changed = true;
      }
    }
    if (changed) remeasured();
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const sized = new ResizeObserver(() => {
      // Another width breaks lines elsewhere.
      heights.current.clear();
      look();
      remeasured();
    });
    sized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      sized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  function step(by: 1 | -1): void {
    const from = items.findIndex((item) => keyOf(item) === at.current);
    let index = from === -1 && by === -1 ? items.length : from;
    do index += by;
    while (items[index] && !choosable(items[index] as T));
    const item = items[index];
    if (!item) return;
    at.current = keyOf(item);
    setChosen(at.current);
    const element = box.current;
    if (!element) return;
    if (topOf(index) < element.scrollTop + 30) element.scrollTop = Math.max(0, topOf(index) - 40);
    else if ((ends[index] ?? 0) > element.scrollTop + element.clientHeight)
      element.scrollTop = (ends[index] ?? 0) - element.clientHeight + 8;
  }
  const current = items.find((item) => keyOf(item) === chosen);
  useShortcuts([
    { keys: "J", label: words.next, group: words.group, run: () => step(1) },
    { keys: "K", label: words.previous, group: words.group, run: () => step(-1) },
    {
      keys: "Enter",
      label: words.open,
      group: words.group,
      when: open !== undefined && current !== undefined && document.activeElement?.tagName !== "BUTTON",
      run: () => current && open?.(current),
    },
  ]);

  return (
    <section className="vlist" ref={box} aria-label={label}>
      <ul style={{ height: total }}>
        {items.slice(first, last + 1).map((item, index) => {
          const key = keyOf(item);
          return (
            <li
              key={key}
              data-row={key}
              aria-setsize={items.length}
              aria-posinset={first + index + 1}
              aria-current={key === chosen ? "true" : undefined}
              style={{ transform: `translateY(${topOf(first + index)}px)` }}
              onDoubleClick={open && choosable(item) ? () => open(item) : undefined}
            >
              {render(item, key === chosen)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
