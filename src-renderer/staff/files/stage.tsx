/** An image that can be enlarged and moved; several of them move together. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { send } from "../../api/index.ts";
import { Button, instantText, ProgressBar, usePlace, useT } from "../../ui/index.ts";
import type { Why } from "./decode/unreadable.ts";
import { type FileItem, useImage } from "./images.ts";
import { movingOf, typeOf } from "./state.tsx";

export interface View {
  /** 1 fits the image into its place. */
  readonly zoom: number;
  /** How far it was moved, pixels of the screen. */
  readonly x: number;
  readonly y: number;
}
export const fitted: View = { zoom: 1, x: 0, y: 0 };
const most = 16;

/** Enlarges around the middle: what is looked at stays where it is. */
export function zoomed({ zoom, x, y }: View, by: number): View {
  const next = Math.min(most, Math.max(1, zoom * by));
  if (next === 1) return fitted;
  return { zoom: next, x: (x * next) / zoom, y: (y * next) / zoom };
}

export function Stage({
  item,
  hasLine,
  view,
  onView,
  page,
  onPage,
}: {
  item: FileItem;
  hasLine: boolean;
  view: View;
  onView: (change: (view: View) => View) => void;
  /** Of a file with several pictures; one that has fewer shows its last. */
  page: number;
  onPage: (page: number) => void;
}) {
  const t = useT("files");
  const { timeZone } = usePlace();
  const { pages } = useImage(item, 0);
  const shown = Math.min(page, pages - 1);
  const { url, broken } = useImage(item, shown);
  const [spoilt, setSpoilt] = useState<string | null>(null);
  const isSpoilt = url !== null && spoilt === url;
  const held = useRef<{ x: number; y: number } | null>(null);
  const stage = useRef<HTMLDivElement>(null);
  const change = useRef(onView);
  change.current = onView;
  // A wheel that scrolls nothing has to say so, which React's own listener cannot.
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      change.current((now) => zoomed(now, Math.exp(-event.deltaY / 500)));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);
  const move = (event: PointerEvent) => {
    const from = held.current;
    if (!from) return;
    held.current = { x: event.clientX, y: event.clientY };
    onView((now) =>
      now.zoom === 1 ? now : { ...now, x: now.x + event.clientX - from.x, y: now.y + event.clientY - from.y },
    );
  };
  return (
    <div
      ref={stage}
      className="stage"
      role="application"
      aria-label={t("viewer.stage", { name: item.name })}
      onPointerDown={(event) => {
        held.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => {
        held.current = null;
      }}
      onDoubleClick={() => onView((now) => (now.zoom === 1 ? zoomed(now, 2) : fitted))}
    >
      {item.eye ? <span className="fileeye">{t(`eyeShort.${item.eye}`)}</span> : null}
      <span className="filewhen tab">{instantText(item.taken_at ?? item.at, timeZone, "date")}</span>
      {pages > 1 ? (
        // Pressed, not dragged: the stage below would hold the pointer.
        <div className="pager" onPointerDown={(event) => event.stopPropagation()}>
          <Button size="s" icon={ChevronLeft} disabled={shown === 0} onClick={() => onPage(shown - 1)}>
            <span className="vh">{t("viewer.pageBefore")}</span>
          </Button>
          <span className="small tab" role="status">
            {t("viewer.page", { page: shown + 1, pages })}
          </span>
          <Button size="s" icon={ChevronRight} disabled={shown === pages - 1} onClick={() => onPage(shown + 1)}>
            <span className="vh">{t("viewer.pageAfter")}</span>
          </Button>
        </div>
      ) : null}
      {url && !isSpoilt ? (
        <img
          src={url}
          alt={item.name}
          draggable={false}
          onError={() => setSpoilt(url)}
          // Through the object model: no style attribute is written that the page's policy would refuse.
          ref={(image) => {
            if (image) image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`;
          }}
        />
      ) : (
        <Waiting item={item} hasLine={hasLine} broken={isSpoilt ? "damaged" : broken} />
      )}
    </div>
  );
}

/** What is said while there is nothing to see. */
export function Waiting({ item, hasLine, broken }: { item: FileItem; hasLine: boolean; broken: Why | null }) {
  const t = useT("files");
  const { isHere, wanted, id } = item;
  const asks = !isHere && wanted === null;
  useEffect(() => {
    if (asks) void send("files.want", { id }).catch(() => {});
  }, [asks, id]);
  if (broken) {
    return (
      <div className="stagewords" role="alert">
        <p>{t(`viewer.broken.${broken}`, { type: typeOf(item.mime) })}</p>
        <p className="small">{t("viewer.brokenText")}</p>
      </div>
    );
  }
  if (isHere) return null;
  if (!hasLine) return <p role="status">{t("viewer.waiting")}</p>;
  if (wanted === "elsewhere") return <p role="status">{t("viewer.elsewhere")}</p>;
  if (wanted === "failed") {
    return (
      <div className="stagewords" role="alert">
        <p>{t("viewer.failed")}</p>
        <Button onClick={() => void send("files.want", { id }).catch(() => {})}>{t("viewer.again")}</Button>
      </div>
    );
  }
  return (
    <div className="stagewords" role="status">
      <p>{t("viewer.fetching")}</p>
      <ProgressBar label={t("viewer.fetching")} done={movingOf(item)} />
    </div>
  );
}
