/** Files beside a record: dropped, pasted or chosen, seen as small pictures, opened, described, removed and taken back. */
import { FilePlus, Files as FilesIcon, Upload } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { send, toUiError, useLive } from "../../api/index.ts";
import {
  addTexts,
  Button,
  Callout,
  EmptyState,
  ErrorState,
  notify,
  ProgressBar,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { type FileKind, type Subject, useAdding } from "./adding.ts";
import { enGB } from "./en-GB.ts";
import "./files.css";
import { FileGrid } from "./grid.tsx";
import type { FileItem } from "./images.ts";
import { SomebodyElse } from "./somebody-else.tsx";
import { Tile } from "./tile.tsx";
import { Viewer } from "./viewer.tsx";

export { KeptBack } from "./kept-back.tsx";
export { FileRoom } from "./room.tsx";

addTexts("files", enGB);

const allKinds: readonly FileKind[] = ["photograph", "fundus", "oct", "visual_field", "letter", "document"];
const accepted = ".png,.jpg,.jpeg,.webp,.gif,.tif,.tiff,.pdf,.dcm,image/*,application/pdf,application/dicom";

export interface AttachmentsProps {
  /** What the files stand beside; of a patient all of the patient's files are shown. */
  readonly subject: Subject;
  readonly patientId: string | null;
  /** The kinds that are offered here; what is added is the first until somebody says otherwise. */
  readonly kinds?: readonly FileKind[];
}

export function Attachments({ subject, patientId, kinds = allKinds }: AttachmentsProps) {
  const t = useT("files");
  const { data, error } = useLive("files.list", { subject, patientId });
  const [openId, setOpenId] = useState<string | null>(null);
  const [removed, setRemoved] = useState<readonly FileItem[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const mayAdd = data?.mayAdd ?? false;
  const most = data?.most ?? Number.MAX_SAFE_INTEGER;
  const patient = data?.patient ?? null;
  const { list: adding, add, addAllTheSame, dismiss } = useAdding(subject, kinds, most, patient);
  usePaste(mayAdd && openId === null, add);
  const choose = () => input.current?.click();
  useShortcuts([{ keys: "U", label: t("add"), group: t("title"), when: mayAdd, run: choose }]);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const { files, hasLine } = data;
  const opened = files.find(({ id }) => id === openId);
  const remove = (item: FileItem) => {
    setOpenId(null);
    send("files.remove", { id: item.id })
      .then(() => setRemoved((now) => [...now, item]))
      .catch((failure: unknown) => notify({ tone: "stop", title: toUiError(failure).message }));
  };
  const takeBack = (item: FileItem) => {
    send("files.restore", { id: item.id })
      .then(() => setRemoved((now) => now.filter(({ id }) => id !== item.id)))
      .catch((failure: unknown) => notify({ tone: "stop", title: toUiError(failure).message }));
  };
  const drag = (event: DragEvent) => {
    if (!mayAdd || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      className={`files ${over ? "is-over" : ""}`}
      aria-label={t("title")}
      onDragOver={drag}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!mayAdd) return;
        event.preventDefault();
        add([...event.dataTransfer.files]);
      }}
    >
      {mayAdd ? (
        <div className="row g3 fileshead">
          <span className="small t3">{over ? t("drop") : t("hint")}</span>
          <span className="push" />
          <Button size="s" icon={FilePlus} keys="U" onClick={choose}>
            {t("add")}
          </Button>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            accept={accepted}
            aria-label={t("add")}
            onChange={(event) => {
              add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </div>
      ) : null}
      {adding.map(({ key, name, done, problem, names }) =>
        names && patient ? (
          <SomebodyElse
            key={key}
            {...{ name, names, patient }}
            onAdd={() => addAllTheSame(key)}
            onDismiss={() => dismiss(key)}
          />
        ) : problem ? (
          <Callout key={key} tone="stop" title={t("notAdded", { name })}>
            <span>{problem}</span>{" "}
            <Button size="s" variant="quiet" onClick={() => dismiss(key)}>
              {t("dismiss")}
            </Button>
          </Callout>
        ) : (
          <div key={key} className="row g3 fileadding" role="status">
            <Upload className="i s t3" aria-hidden />
            <span className="clip">{t("adding", { name })}</span>
            <ProgressBar label={t("adding", { name })} done={done} />
          </div>
        ),
      )}
      {removed.map((item) => (
        <Callout key={item.id} tone="info" title={t("removed", { name: item.name })}>
          <span>{t("removedText")}</span>{" "}
          <Button size="s" onClick={() => takeBack(item)}>
            {t("undo")}
          </Button>
        </Callout>
      ))}
      {files.length === 0 && adding.length === 0 ? (
        <EmptyState icon={FilesIcon} title={t("empty")}>
          {mayAdd ? t("emptyText") : t("emptyMayNot")}
        </EmptyState>
      ) : (
        <FileGrid files={files}>
          {(item, position) => (
            <Tile
              key={item.id}
              item={item}
              position={position}
              of={files.length}
              hasLine={hasLine}
              onOpen={() => setOpenId(item.id)}
            />
          )}
        </FileGrid>
      )}
      {opened ? (
        <Viewer
          files={files}
          item={opened}
          kinds={kinds}
          hasLine={hasLine}
          mayEdit={mayAdd}
          maySave={data.maySave}
          onOpen={setOpenId}
          onRemove={() => remove(opened)}
          onClose={() => setOpenId(null)}
        />
      ) : null}
    </section>
  );
}

/** Pictures from the clipboard, unless somebody types. */
function usePaste(enabled: boolean, add: (files: readonly File[]) => void): void {
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    if (!enabled) return;
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [enabled]);
}
