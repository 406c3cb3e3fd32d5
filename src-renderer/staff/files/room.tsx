/** How much room files may take, beside how much they take. */
import { useRef, useState } from "react";
import { type FileLimit, sizeText } from "../../../src-shared/files/limits.ts";
import { useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, Callout, ErrorState, ProgressBar, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import "./files.css";

addTexts("files", enGB);

/** Bytes from which to which a limit can be set. */
const bounds = {
  files_one: [1e6, 1e9],
  files_practice: [1e9, 1e14],
  files_device: [1e8, 1e12],
} as const;
/** What a limit is typed in, bytes. */
const units = { files_one: 1e6, files_practice: 1e9, files_device: 1e9 } as const;
const names = Object.keys(units) as FileLimit[];

export function FileRoom() {
  const t = useT("files");
  const { data, error } = useLive("files.room");
  const save = useAct("files.setLimits");
  const [typed, setTyped] = useState<Partial<Record<FileLimit, string>>>({});
  const keep = useRef(() => {});
  useShortcuts([{ keys: "Ctrl+Enter", label: t("room.save"), run: () => keep.current() }]);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const { limits, used } = data;
  const textOf = (name: FileLimit) => typed[name] ?? String(limits[name] / units[name]);
  const bytesOf = (name: FileLimit) => Math.round(Number(textOf(name).replace(",", ".")) * units[name]);
  const problemOf = (name: FileLimit) => {
    const [least, most] = bounds[name];
    const bytes = bytesOf(name);
    if (bytes > most) return t("room.most", { size: sizeText(most) });
    return bytes >= least ? null : t("room.least", { size: sizeText(least) });
  };
  const wrong = names.some((name) => problemOf(name) !== null);
  const isSame = names.every((name) => bytesOf(name) === limits[name]);
  const submit = () => {
    if (isSame || wrong) return;
    save
      .act({
        files_one: bytesOf("files_one"),
        files_practice: bytesOf("files_practice"),
        files_device: bytesOf("files_device"),
      })
      .then(() => setTyped({}))
      .catch(() => {});
  };
  keep.current = submit;
  const useOf: Record<FileLimit, { readonly bytes: number; readonly words: string } | null> = {
    files_one: null,
    files_practice: {
      bytes: used.practice,
      words:
        used.count === 0 ? t("room.none") : t("room.practiceUse", { count: used.count, size: sizeText(used.practice) }),
    },
    files_device: {
      bytes: used.device,
      words: used.device === 0 ? t("room.deviceNone") : t("room.deviceUse", { size: sizeText(used.device) }),
    },
  };
  return (
    <div className="pad roomform">
      <p className="t2">{t("room.text")}</p>
      {names.map((name) => {
        const use = useOf[name];
        return (
          <div key={name} className="roomline">
            <TextInput
              label={t(`room.${name}`)}
              value={textOf(name)}
              unit={name === "files_one" ? "MB" : "GB"}
              inputMode="decimal"
              onChange={(value) => setTyped({ ...typed, [name]: value })}
              onEnter={submit}
              error={problemOf(name)}
            />
            <div className="stack">
              <p className="small t2">{t(`room.${name}Text`)}</p>
              {use ? (
                <>
                  <ProgressBar label={t(`room.${name}`)} done={Math.min(1, use.bytes / limits[name])} />
                  <p className="small tab">{use.words}</p>
                </>
              ) : null}
            </div>
          </div>
        );
      })}
      {save.error ? <Callout tone="stop">{save.error.message}</Callout> : null}
      <div className="row">
        <span className="push" />
        <Button
          variant="primary"
          keys="Ctrl Enter"
          busy={save.busy}
          waits={wrong ? t("room.wrong") : isSame ? t("room.same") : undefined}
          onClick={submit}
        >
          {t("room.save")}
        </Button>
      </div>
    </div>
  );
}
