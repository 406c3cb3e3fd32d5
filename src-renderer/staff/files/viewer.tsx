/** One file, large: zoomed, moved, beside the other eye, over the whole screen, by mouse and by keys. */
import { ChevronLeft, ChevronRight, Columns2, History, Maximize, Minus, Plus, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button, useT } from "../../ui/index.ts";
import type { FileKind } from "./adding.ts";
import { type Beside, earlierOnes, inOrder, otherEye } from "./beside.ts";
import { Details } from "./details.tsx";
import type { FileItem } from "./images.ts";
import { Paper } from "./paper.tsx";
import { isPicture } from "./pictures.ts";
import { fitted, Stage, type View, zoomed } from "./stage.tsx";

interface ViewerProps {
  readonly files: readonly FileItem[];
  readonly item: FileItem;
  readonly kinds: readonly FileKind[];
  readonly hasLine: boolean;
  readonly mayEdit: boolean;
  readonly maySave: boolean;
  readonly onOpen: (id: string) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

const step = 60;

export function Viewer({ files, item, onOpen, onClose, ...rest }: ViewerProps) {
  const t = useT("files");
  const dialog = useRef<HTMLDialogElement>(null);
  const [view, setView] = useState<View>(fitted);
  const [page, setPage] = useState(0);
  const [beside, setBeside] = useState<Beside | null>(null);
  /** How many visits back. */
  const [back, setBack] = useState(0);
  const eye = otherEye(files, item);
  const earlier = earlierOnes(files, item);
  const other = beside === "eye" ? eye : beside === "earlier" ? (earlier[back] ?? earlier[0] ?? null) : null;
  const index = files.indexOf(item);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const go = (by: number) => {
    const next = files[index + by];
    if (!next) return;
    setView(fitted);
    setPage(0);
    setBack(0);
    onOpen(next.id);
  };
  const compare = (way: Beside) => {
    if (way === "eye" ? !eye : earlier.length === 0) return;
    setBack(0);
    setBeside((now) => (now === way ? null : way));
  };
  /** From one earlier visit to the one before it, and round again. */
  const further = () => {
    if (beside !== "earlier") compare("earlier");
    else setBack((now) => (now + 1) % earlier.length);
  };
  const turn = (to: number) => setPage(Math.max(0, to));
  const zoom = (by: number) => setView((now) => zoomed(now, by));
  const full = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void dialog.current?.requestFullscreen().catch(() => {});
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    "0": () => setView(fitted),
    b: () => compare("eye"),
    e: () => compare("earlier"),
    "Shift+e": further,
    f: full,
    PageUp: () => turn(page - 1),
    PageDown: () => turn(page + 1),
    "Shift+ArrowLeft": () => setView((now) => ({ ...now, x: now.x + step })),
    "Shift+ArrowRight": () => setView((now) => ({ ...now, x: now.x - step })),
    "Shift+ArrowUp": () => setView((now) => ({ ...now, y: now.y + step })),
    "Shift+ArrowDown": () => setView((now) => ({ ...now, y: now.y - step })),
  };
  const press = (event: KeyboardEvent) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return;
    const run = keys[`${event.shiftKey ? "Shift+" : ""}${key.length === 1 ? key.toLowerCase() : key}`] ?? keys[key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  const shown = beside && other ? inOrder(item, other, beside) : [item];
  const isImage = isPicture(item.mime);
  return (
    <dialog ref={dialog} className="viewer" aria-label={item.name} onClose={onClose} onKeyDown={press}>
      <div className="viewerbar">
        <Button
          variant="quiet"
          size="s"
          icon={ChevronLeft}
          keys="←"
          waits={undefined}
          disabled={index <= 0}
          onClick={() => go(-1)}
        >
          <span className="vh">{t("viewer.previous")}</span>
        </Button>
        <span className="small t2 tab">
          {index + 1} / {files.length}
        </span>
        <Button
          variant="quiet"
          size="s"
          icon={ChevronRight}
          keys="→"
          disabled={index >= files.length - 1}
          onClick={() => go(1)}
        >
          <span className="vh">{t("viewer.next")}</span>
        </Button>
        <b className="clip">{item.name}</b>
        <span className="push" />
        {isImage ? (
          <>
            <Button size="s" variant="quiet" icon={Minus} onClick={() => zoom(0.8)}>
              <span className="vh">{t("viewer.zoomOut")}</span>
            </Button>
            <span className="small tab viewerzoom" role="status">
              {Math.round(view.zoom * 100)} %
            </span>
            <Button size="s" variant="quiet" icon={Plus} onClick={() => zoom(1.25)}>
              <span className="vh">{t("viewer.zoomIn")}</span>
            </Button>
            <Button size="s" keys="0" onClick={() => setView(fitted)}>
              {t("viewer.fit")}
            </Button>
            <Button
              size="s"
              icon={Columns2}
              keys="B"
              aria-pressed={beside === "eye" && other !== null}
              disabled={!eye}
              title={eye ? undefined : t("viewer.noOther")}
              onClick={() => compare("eye")}
            >
              {t("viewer.side")}
            </Button>
            <Button
              size="s"
              icon={History}
              keys="E"
              aria-pressed={beside === "earlier" && other !== null}
              disabled={earlier.length === 0}
              title={t(earlier.length === 0 ? "viewer.noEarlier" : "viewer.earlierHint")}
              onClick={() => compare("earlier")}
            >
              {t("viewer.earlier")}
            </Button>
            <Button size="s" icon={Maximize} keys="F" onClick={full}>
              {t("viewer.full")}
            </Button>
          </>
        ) : null}
        <Button size="s" icon={X} keys="Esc" onClick={() => dialog.current?.close()}>
          {t("viewer.close")}
        </Button>
      </div>
      <div className={`stages ${shown.length > 1 ? "is-pair" : ""}`}>
        {isImage ? (
          shown.map((each) => (
            <Stage
              key={each.id}
              item={each}
              hasLine={rest.hasLine}
              view={view}
              onView={(change) => setView(change)}
              page={page}
              onPage={turn}
            />
          ))
        ) : (
          <Paper key={item.id} item={item} hasLine={rest.hasLine} />
        )}
      </div>
      <aside className="viewerside" aria-label={t("viewer.details")}>
        <Details key={item.id} item={item} {...rest} />
      </aside>
    </dialog>
  );
}
