/** One clinic of a room, typed while the week beside it is drawn anew. */
import { useState } from "react";
import { readSpans, readTime } from "../../../src-shared/calendar/index.ts";
import { send, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  DateInput,
  Dialog,
  everythingRead,
  Select,
  TextInput,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { type Template, WeekPreview } from "./preview.tsx";

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const wallOf = (text: string) => readTime(text) ?? text;

export function TemplateDialog({
  template,
  templates,
  branch,
  today,
  onClose,
}: {
  template: Template | null;
  templates: readonly Template[];
  branch: string;
  today: string;
  onClose: () => void;
}) {
  const t = useT("diary");
  const choices = useLive("scheduling.choices");
  const [room, setRoom] = useState(template?.room ?? templates[0]?.room ?? "");
  const [days, setDays] = useState<readonly number[]>([template?.weekday ?? 1]);
  const [begins, setBegins] = useState(template?.begins ?? "09:00");
  const [ends, setEnds] = useState(template?.ends ?? "17:00");
  const [breaks, setBreaks] = useState(
    (template?.breaks ?? [["13:00", "14:00"]]).map(([from, to]) => `${from}-${to}`).join(", "),
  );
  const [slot, setSlot] = useState(String(template?.slot_minutes ?? 30));
  const [optometrist, setOptometrist] = useState(template?.optometrist_id ?? "");
  const [from, setFrom] = useState(template?.valid_from ?? today);
  const [to, setTo] = useState(template?.valid_to ?? "");
  const [trouble, setTrouble] = useState<string | null>(null);

  const pauses = readSpans(breaks);
  const fields = {
    room: room.trim(),
    begins: wallOf(begins),
    ends: wallOf(ends),
    breaks: pauses ?? [],
    slotMinutes: Number(slot),
    optometristId: optometrist || null,
    validFrom: from || today,
    validTo: to || null,
  };
  const previewed = days.map((day) => ({
    room: fields.room || t("room"),
    weekday: day,
    begins: fields.begins,
    ends: fields.ends,
    breaks: fields.breaks,
    slot_minutes: fields.slotMinutes,
    optometrist_id: null,
    valid_from: "0001-01-01",
    valid_to: null,
  }));
  const badTime = (text: string) => (readTime(text) === null ? t("badTime") : null);
  const submit = async () => {
    if (pauses === null || !everythingRead()) return;
    try {
      for (const [index, day] of days.entries())
        await send("scheduling.saveTemplate", {
          ...fields,
          // The first day chosen is the clinic that was opened; the others are new ones like it.
          id: index === 0 ? (template?.id ?? null) : null,
          branchId: branch,
          weekday: day,
        });
      onClose();
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  useShortcuts([{ keys: "Ctrl+Enter", label: t("save"), group: t("title"), run: () => void submit() }]);
  const toggle = (day: number) =>
    setDays(days.includes(day) && days.length > 1 ? days.filter((each) => each !== day) : [...new Set([...days, day])]);
  return (
    <Dialog
      title={t(template ? "templates.edit" : "templates.add")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" onClick={() => void submit()}>
          {t("save")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput label={t("room")} value={room} onChange={setRoom} autoFocus maxLength={40} />
        <fieldset className="field">
          <legend className="label">{t("templates.weekday")}</legend>
          <span className="row g1 wrap">
            {weekdays.map((day) => (
              <button
                key={day}
                type="button"
                className="btn s toggle"
                aria-pressed={days.includes(day)}
                onClick={() => toggle(day)}
              >
                {t(`days.${day}`)}
              </button>
            ))}
          </span>
        </fieldset>
        <div className="bookgrid">
          <TextInput label={t("templates.begins")} value={begins} onChange={setBegins} error={badTime(begins)} />
          <TextInput label={t("templates.ends")} value={ends} onChange={setEnds} error={badTime(ends)} />
          <TextInput
            label={t("templates.breaks")}
            value={breaks}
            onChange={setBreaks}
            hint={t("templates.breaksHint")}
            error={pauses === null ? t("templates.badBreaks") : null}
          />
          <TextInput label={t("templates.slotMinutes")} value={slot} onChange={setSlot} inputMode="numeric" />
          <Select
            label={t("optometrist")}
            value={optometrist}
            options={[
              { value: "", label: t("nobody") },
              ...(choices.data?.people ?? []).map(({ id, display_name }) => ({ value: id, label: display_name })),
            ]}
            onChange={setOptometrist}
          />
          <span />
          <DateInput label={t("templates.validFrom")} value={from} onChange={setFrom} />
          <DateInput label={t("templates.validTo")} value={to} onChange={setTo} />
        </div>
        {trouble ? <Callout tone="stop">{trouble}</Callout> : null}
        <WeekPreview templates={previewed} today={today} />
      </div>
    </Dialog>
  );
}
