/** Files that keep a PC from being erased: it was taken out, and the centre would not have them. */
import { Download } from "lucide-react";
import { toUiError, useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, ConfirmButton, notify, useT } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import { saveCopy } from "./images.ts";

addTexts("files", enGB);

export function KeptBack() {
  const t = useT("files");
  const { data } = useLive("files.keptBack");
  const leave = useAct("files.leaveBehind");
  if (!data || data.files.length === 0) return null;
  const save = (file: { readonly id: string; readonly name: string }) =>
    void saveCopy(file).catch((error: unknown) => notify({ tone: "stop", title: toUiError(error).message }));
  return (
    <ul className="keptback" aria-label={t("keptBack")}>
      {data.files.map((file) => (
        <li key={file.id}>
          <b className="clip" title={file.name}>
            {file.name}
          </b>
          <span className="small t2">{[file.given, file.family].filter(Boolean).join(" ")}</span>
          {file.problem ? <span className="small is-look">{file.problem}</span> : null}
          <div className="row g2">
            <Button
              size="s"
              icon={Download}
              waits={data.maySave ? undefined : t("viewer.mayNotSave")}
              onClick={() => save(file)}
            >
              {t("viewer.save")}
            </Button>
            <ConfirmButton
              size="s"
              variant="quiet"
              title={t("leaveBehindTitle")}
              text={t("leaveBehindText", { name: file.name })}
              confirm={t("leaveBehind")}
              onConfirm={() => void leave.act({ id: file.id }).catch(() => {})}
            >
              {t("leaveBehind")}
            </ConfirmButton>
          </div>
        </li>
      ))}
    </ul>
  );
}
