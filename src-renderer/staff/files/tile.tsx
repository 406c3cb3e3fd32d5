import { FileText, Image } from "lucide-react";
import { instantText, ProgressBar, usePlace, useT } from "../../ui/index.ts";
import { type FileItem, useSmallImage } from "./images.ts";
import { isPicture } from "./pictures.ts";
import { FileState, movingOf, typeOf } from "./state.tsx";

/** One file in the list: a small picture, what it is, when it was taken, where it is. */
export function Tile({
  item,
  position,
  of,
  hasLine,
  onOpen,
}: {
  item: FileItem;
  /** Where it stands among all, from 1: not all of them are in the page. */
  position: number;
  of: number;
  hasLine: boolean;
  onOpen: () => void;
}) {
  const t = useT("files");
  const { timeZone } = usePlace();
  const { ref, url } = useSmallImage(item, hasLine);
  const Icon = isPicture(item.mime) ? Image : FileText;
  const moving = movingOf(item);
  return (
    <li className="filetile" aria-setsize={of} aria-posinset={position}>
      <button type="button" ref={ref} onClick={onOpen}>
        <span className="filepic">
          {url ? (
            <img src={url} alt="" draggable={false} />
          ) : (
            <>
              <Icon className="i l t3" aria-hidden />
              <span className="small t3">{typeOf(item.mime)}</span>
            </>
          )}
          {item.eye ? <span className="fileeye">{t(`eyeShort.${item.eye}`)}</span> : null}
        </span>
        <span className="filewords">
          <b className="clip">{t(`kinds.${item.kind}`)}</b>
          <span className="small t2 tab nowrap">{instantText(item.taken_at ?? item.at, timeZone, "date")}</span>
        </span>
        <span className="small t2 clip">{item.note ?? item.name}</span>
        {item.note ? <span className="vh">{item.name}</span> : null}
        <FileState item={item} hasLine={hasLine} />
      </button>
      {moving === null ? null : <ProgressBar label={item.name} done={moving} />}
    </li>
  );
}
