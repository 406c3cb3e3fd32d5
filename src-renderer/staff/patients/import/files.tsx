/** Choosing files, and what was brought over before. */
import { FileText, FolderInput, Trash2 } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { type Output, toUiError, useAct, useLive } from "../../../api/index.ts";
import { Button, Callout, ProgressBar, useShortcuts, useT, When } from "../../../ui/index.ts";
import { count } from "./pages.tsx";
import { Runs } from "./runs.tsx";
import { refreshDesk, sendFile } from "./upload.ts";

export type ChosenFile = Output<"imports.files">["files"][number];

const accepted = ".csv,.txt,.tsv,.json,.ndjson";

export function FilesStep() {
  const t = useT("moving");
  const files = useLive("imports.files").data?.files ?? [];
  const { take, sending, error } = useSending();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  useShortcuts([{ keys: "O", label: t("choose"), group: t("title"), run: choose }]);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    <>
      <div className="pad stack">
        <section
          className={`dropzone ${over ? "over" : ""}`}
          aria-label={t("drop")}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={onDrop}
        >
          <FolderInput className="i l" aria-hidden />
          <div className="grow">
            <p className="section">{t("drop")}</p>
            <p className="t2">{t("dropText")}</p>
          </div>
          <Button icon={FolderInput} keys="O" variant={files.length === 0 ? "primary" : "default"} onClick={choose}>
            {t("choose")}
          </Button>
          <input
            ref={input}
            type="file"
            className="vh"
            tabIndex={-1}
            aria-label={t("choose")}
            multiple
            accept={accepted}
            onChange={(event) => {
              const chosen = [...(event.target.files ?? [])];
              // The same name again is a corrected file: it has to be noticed.
              event.target.value = "";
              void take(chosen);
            }}
          />
        </section>
        {sending ? (
          <div className="stack">
            <p className="small t2">{t("sending", { name: sending.name })}</p>
            <ProgressBar label={t("sending", { name: sending.name })} done={sending.done} />
          </div>
        ) : null}
        {error ? <Callout tone="stop">{error}</Callout> : null}
      </div>
      {files.length > 0 ? (
        <ul className="list files">
          {files.map((file) => (
            <FileRow key={file.id} file={file} />
          ))}
        </ul>
      ) : null}
      <Runs />
    </>
  );
}

function useSending() {
  const [sending, setSending] = useState<{ name: string; done: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const take = async (chosen: readonly File[]) => {
    setError(null);
    const problems: string[] = [];
    for (const file of chosen) {
      setSending({ name: file.name, done: 0 });
      // One file that cannot be read does not keep the others out.
      await sendFile(file, (done) => setSending({ name: file.name, done })).catch((problem: unknown) => {
        problems.push(toUiError(problem).message);
      });
    }
    setSending(null);
    if (problems.length > 0) setError(problems.join(" "));
    await refreshDesk();
  };
  return { take, sending, error };
}

function FileRow({ file }: { file: ChosenFile }) {
  const t = useT("moving");
  const remove = useAct("imports.remove");
  return (
    <li>
      <div className="filerow row g3">
        <FileText className="i" aria-hidden />
        <span className="grow">
          <span className="name">{file.name}</span>
          <span className="t2 block small tab">
            {file.form === "csv" ? t(`kinds.${file.kind}`) : t("fhir")} ·{" "}
            {t("lines", { count: file.lines, replace: { count: count(file.lines) } })} · {sizeText(file.size)}
          </span>
          {file.before ? (
            <span className="small is-look block">
              {t("beforeTitle")}: “{file.before.name}”, <When at={file.before.at} mode="date" />
            </span>
          ) : null}
        </span>
        <Button
          size="s"
          variant="quiet"
          icon={Trash2}
          aria-label={t("removeFile", { name: file.name })}
          onClick={() => void remove.act({ id: file.id }).then(refreshDesk)}
        >
          {t("remove")}
        </Button>
      </div>
    </li>
  );
}

const sizeText = (bytes: number) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
