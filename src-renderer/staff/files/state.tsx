/** Where a file's bytes are, in a few words with their sign. */
import { AlertTriangle, Check, Cloud, CloudOff, Download, HardDrive, type LucideIcon, Upload } from "lucide-react";
import { type FileType, fileTypes } from "../../../src-shared/files/recognise.ts";
import { useT } from "../../ui/index.ts";
import type { FileItem } from "./images.ts";

type Word = readonly [icon: LucideIcon, word: string, tone: string];

export function FileState({ item, hasLine }: { item: FileItem; hasLine: boolean }) {
  const t = useT("files");
  const [Icon, word, tone] = wordOf(item, hasLine);
  const percent = item.moving ? Math.floor((100 * item.moving.bytes) / item.blobSize) : 0;
  return (
    <span className={`filestate ${tone}`} title={item.problem ?? undefined}>
      <Icon className="i s" aria-hidden />
      {t(`state.${word}`, { percent })}
    </span>
  );
}

function wordOf({ moving, isHere, atCentre, problem, wanted }: FileItem, hasLine: boolean): Word {
  if (moving?.way === "up") return [Upload, "sending", "is-info"];
  if (moving?.way === "down") return [Download, "fetching", "is-info"];
  if (isHere && atCentre) return [Check, "atCentre", "is-done"];
  if (isHere) return [problem ? AlertTriangle : HardDrive, "onlyHere", "is-look"];
  if (!hasLine) return [CloudOff, "offline", "t3"];
  if (wanted === "elsewhere") return [CloudOff, "elsewhere", "is-look"];
  if (wanted === "failed") return [AlertTriangle, "failed", "is-look"];
  return [Cloud, "onOpen", "t3"];
}

/** How far it is on its way, 0 to 1; null while it does not move. */
export function movingOf({ moving, blobSize }: FileItem): number | null {
  return moving ? moving.bytes / blobSize : null;
}

/** `PDF`, `JPEG`: the same in every language. */
export function typeOf(mime: string): string {
  return Object.hasOwn(fileTypes, mime) ? fileTypes[mime as FileType].short : "?";
}
