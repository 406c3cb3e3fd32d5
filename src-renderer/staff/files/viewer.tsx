/** One file, large: zoomed, moved, beside the other eye, over the whole screen, by mouse and by keys. */
import { ChevronLeft, ChevronRight, Columns2, FileText, Maximize, Minus, Plus, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { showsItself } from "../../../src-shared/files/recognise.ts";
import { Button, useT } from "../../ui/index.ts";
import type { FileKind } from "./adding.ts";
import { Details } from "./details.tsx";
import type { FileItem } from "./images.ts";
import { fitted, Stage, type View, Waiting, zoomed } from "./stage.tsx";
import { typeOf } from "./state.tsx";

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
  const [beside, setBeside] = useState(false);
  const other = otherEye(files, item);
  const index = files.indexOf(item);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const go = (by: number) => {
    const next = files[index + by];
    if (!next) return;
    setView(fitted);
    onOpen(next.id);
  };
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
    b: () => other && setBeside((now) => !now),
    f: full,
    "Shift+ArrowLeft": () => setView((now) => ({ ...now, x: now.x + step })),
    "Shift+ArrowRight": () => setView((now) => ({ ...now, x: now.x - step })),
    "Shift+ArrowUp": () => setView((now) => ({ ...now, y: now.y + step })),
    "Shift+ArrowDown": () => setView((now) => ({ ...now, y: now.y - step })),
  };
  const press = (event: KeyboardEvent) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return;
    const run =
      keys[event.shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key.length === 1 ? key.toLowerCase() : key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  const shown = beside && other ? pair(item, other) : [item];
  const isImage = showsItself(item.mime);
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
              aria-pressed={beside && other !== null}
              disabled={!other}
              title={other ? undefined : t("viewer.noOther")}
              onClick={() => setBeside((now) => !now)}
            >
              {t("viewer.side")}
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
            <Stage key={each.id} item={each} hasLine={rest.hasLine} view={view} onView={(change) => setView(change)} />
          ))
        ) : (
          <div className="stage">
            {item.isHere ? (
              <div className="stagewords">
                <FileText className="i l" aria-hidden />
                <p>{t("viewer.cannotShow", { type: typeOf(item.mime) })}</p>
                <p>{t("viewer.cannotShowText")}</p>
              </div>
            ) : (
              <Waiting item={item} hasLine={rest.hasLine} broken={false} />
            )}
          </div>
        )}
      </div>
      <aside className="viewerside" aria-label={t("viewer.details")}>
        <Details key={item.id} item={item} {...rest} />
      </aside>
    </dialog>
  );
}

/** The image of the same kind of the other eye that was taken nearest to this one. */
function otherEye(files: readonly FileItem[], item: FileItem): FileItem | null {
  if (item.eye !== "r" && item.eye !== "l") return null;
  const wanted = item.eye === "r" ? "l" : "r";
  const apart = (each: FileItem) => Math.abs((each.taken_at ?? each.at) - (item.taken_at ?? item.at));
  const others = files.filter(({ eye, kind, mime }) => eye === wanted && kind === item.kind && showsItself(mime));
  return others.sort((a, b) => apart(a) - apart(b))[0] ?? null;
}

/** As one faces the patient: the right eye on the left. */
function pair(item: FileItem, other: FileItem): FileItem[] {
  return item.eye === "r" ? [item, other] : [other, item];
}
