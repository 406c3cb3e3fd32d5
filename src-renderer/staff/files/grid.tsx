/**
 * Tiles of which only those that can be seen, and a screenful around them, are in the page. They stand in whatever page
 * scrolls around them, so that an exam's few and a patient's hundreds are the same list. All are equally high.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { FileItem } from "./images.ts";

/** Which rows are in the page, how many tiles a row has, and how high it is, pixels. */
interface Shown {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  readonly row: number;
}
const atFirst: Shown = { from: 0, to: 6, columns: 4, row: 240 };

/** The part of the page that scrolls. */
function scrollerOf(element: HTMLElement): HTMLElement {
  for (let parent = element.parentElement; parent; parent = parent.parentElement)
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  return document.documentElement;
}

function shownIn(list: HTMLElement, scroller: HTMLElement): Shown | null {
  const tile = list.querySelector<HTMLElement>(":scope > li");
  if (!tile) return null;
  const { gridTemplateColumns, rowGap } = getComputedStyle(list);
  const row = tile.offsetHeight + (Number.parseFloat(rowGap) || 0);
  const height = scroller.clientHeight;
  const top = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top;
  return {
    from: Math.max(0, Math.floor((top - height) / row)),
    to: Math.max(1, Math.ceil((top + 2 * height) / row)),
    columns: gridTemplateColumns.split(" ").length,
    row,
  };
}

export function FileGrid({
  files,
  children,
}: {
  files: readonly FileItem[];
  /** A tile: a list item that says where it stands among all. */
  children: (item: FileItem, position: number) => ReactNode;
}) {
  const list = useRef<HTMLUListElement>(null);
  const [shown, setShown] = useState(atFirst);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    const look = () => {
      const now = shownIn(element, scroller);
      if (now)
        setShown((before) =>
          before.from === now.from && before.to === now.to && before.columns === now.columns && before.row === now.row
            ? before
            : now,
        );
    };
    const sized = new ResizeObserver(look);
    sized.observe(element);
    sized.observe(scroller);
    scroller.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      sized.disconnect();
      scroller.removeEventListener("scroll", look);
    };
  }, []);
  const { columns, row } = shown;
  const rows = Math.ceil(files.length / columns);
  // Fewer files than before, or wider rows: at least the last row stays.
  const from = Math.max(0, Math.min(shown.from, rows - 1));
  const to = Math.min(rows, Math.max(shown.to, from + 1));
  return (
    <ul className="filegrid" ref={list} style={{ paddingTop: from * row, paddingBottom: (rows - to) * row }}>
      {files.slice(from * columns, to * columns).map((item, index) => children(item, from * columns + index + 1))}
    </ul>
  );
}
