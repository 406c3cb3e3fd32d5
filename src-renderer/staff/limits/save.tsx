/** What is about to be saved, number by number, and where the new numbers are from. */
import { useState } from "react";
import { Button, Callout, DateInput, Dialog, dateText, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { changesBetween } from "./changes.ts";
import type { Editing } from "./use-editing.ts";

export function SaveLimits({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const t = useT("limits");
  const changes = editing.edited.flatMap((table) =>
    changesBetween(table, editing.standing[table], editing.tables[table], t),
  );
  const [source, setSource] = useState("");
  const [date, setDate] = useState(editing.today);
  const [asked, setAsked] = useState(false);
  const missing = source.trim().length < 3;
  const over = date !== "" && date < editing.today;
  const save = () => {
    setAsked(true);
    if (missing || over || date === "" || editing.busy) return;
    void editing
      .save({ source: source.trim(), date })
      .then(onClose)
      .catch(() => {});
  };
  useShortcuts([{ keys: "Ctrl+Enter", label: t("save"), run: save }]);
  return (
    <Dialog
      title={t("save")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" busy={editing.busy} onClick={save}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <ul className="limit-changes">
          {changes.map(({ key, name, from, to, unit }) => (
            <li key={key}>
              <span>{name}</span>
              <span className="tab">
                <s className="t3">{from || t("open")}</s> {t("to")} <b>{to || t("open")}</b> {unit}
              </span>
            </li>
          ))}
        </ul>
        <div className="limit-origin">
          <TextInput
            label={t("sourceLabel")}
            value={source}
            onChange={setSource}
            hint={t("sourceHint")}
            error={asked && missing ? t("sourceNeeded") : null}
            maxLength={300}
          />
          <DateInput
            label={t("dateLabel")}
            value={date}
            onChange={setDate}
            error={over ? t("dateOver") : null}
            hint={date > editing.today ? t("dateWaits", { date: dateText(date) }) : t("dateNow")}
          />
        </div>
        {editing.error ? <Callout tone="stop">{editing.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
