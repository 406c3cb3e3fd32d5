/** What is known of a file, written as it is changed. */
import { Download, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { sizeText } from "../../../src-shared/files/limits.ts";
import { toUiError, useAct } from "../../api/index.ts";
import {
  Button,
  Callout,
  DateInput,
  everythingRead,
  instantText,
  notify,
  Segmented,
  Select,
  TextInput,
  usePlace,
  useT,
} from "../../ui/index.ts";
import type { FileKind } from "./adding.ts";
import { type FileItem, saveCopy } from "./images.ts";
import { FileState, typeOf } from "./state.tsx";

interface DetailsProps {
  readonly item: FileItem;
  readonly kinds: readonly FileKind[];
  readonly hasLine: boolean;
  readonly mayEdit: boolean;
  readonly maySave: boolean;
  readonly onRemove: () => void;
}

export function Details({ item, kinds, hasLine, mayEdit, maySave, onRemove }: DetailsProps) {
  const t = useT("files");
  const { timeZone } = usePlace();
  const describe = useAct("files.describe");
  const [name, setName] = useState(item.name);
  const [note, setNote] = useState(item.note ?? "");
  const takenOn = item.taken_at === null ? "" : new Intl.DateTimeFormat("en-CA", { timeZone }).format(item.taken_at);
  const [taken, setTaken] = useState(takenOn);
  useEffect(() => {
    setName(item.name);
    setNote(item.note ?? "");
    setTaken(takenOn);
  }, [item.name, item.note, takenOn]);
  const keep = (what: Omit<Parameters<typeof describe.act>[0], "id">) =>
    void describe.act({ id: item.id, ...what }).catch(() => {});
  const offered = kinds.includes(item.kind as FileKind) ? kinds : [...kinds, item.kind as FileKind];
  const when = instantText(item.at, timeZone, "date");
  const facts = (
    <>
      <p className="small t2">{item.by ? t("added", { when, who: item.by }) : t("addedOnly", { when })}</p>
      <p className="small t2">{t("size", { type: typeOf(item.mime), size: sizeText(item.size) })}</p>
      <FileState item={item} hasLine={hasLine} />
      {item.problem ? <Callout tone="look">{item.problem}</Callout> : null}
      {describe.error ? <Callout tone="stop">{describe.error.message}</Callout> : null}
    </>
  );
  const save = (
    <Button
      icon={Download}
      size="s"
      waits={maySave ? undefined : t("viewer.mayNotSave")}
      onClick={() =>
        void saveCopy(item).catch((error: unknown) => notify({ tone: "stop", title: toUiError(error).message }))
      }
    >
      {t("viewer.save")}
    </Button>
  );
  if (!mayEdit) {
    return (
      <div className="filedetails">
        <h2 className="section">{item.name}</h2>
        <p>{t(`kinds.${item.kind}`)}</p>
        {item.note ? <p className="t2">{item.note}</p> : null}
        {facts}
        {save}
      </div>
    );
  }
  return (
    <div className="filedetails">
      <Select
        label={t("kind")}
        value={item.kind}
        options={offered.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        onChange={(kind) => keep({ kind: kind as FileKind })}
      />
      <div className="field">
        <span className="label">{t("eye")}</span>
        <Segmented
          label={t("eye")}
          value={item.eye ?? "none"}
          options={(["r", "l", "b", "none"] as const).map((eye) => ({ value: eye, label: t(`eyes.${eye}`) }))}
          onChange={(eye) => keep({ eye: eye === "none" ? null : (eye as "r" | "l" | "b") })}
        />
      </div>
      <DateInput
        label={t("taken")}
        value={taken}
        onChange={setTaken}
        onBlur={() =>
          taken !== takenOn && everythingRead() && keep({ takenAt: taken ? Date.parse(`${taken}T12:00:00Z`) : null })
        }
      />
      <TextInput
        label={t("note")}
        multiline={3}
        value={note}
        onChange={setNote}
        onBlur={() => note !== (item.note ?? "") && keep({ note: note || null })}
      />
      <TextInput
        label={t("name")}
        value={name}
        onChange={setName}
        onBlur={() => (name.trim() ? name !== item.name && keep({ name }) : setName(item.name))}
      />
      {facts}
      <div className="row g2 filedo">
        {save}
        <span className="push" />
        <Button size="s" variant="quiet" icon={Trash2} onClick={onRemove}>
          {t("remove")}
        </Button>
      </div>
    </div>
  );
}
