/** When the rooms see patients, and how long things take: for managers. */
import { CalendarDays, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { send, useLive } from "../../api/index.ts";
import { Button, dateText, EmptyState, ErrorState, notify, useShortcuts, useT } from "../../ui/index.ts";
import { DiaryHead } from "./head.tsx";
import { type Template, WeekPreview } from "./preview.tsx";
import { TemplateDialog } from "./template.tsx";
import { TimesForm } from "./times.tsx";
import type { Where } from "./where.ts";

export function SettingsView({ where }: { where: Where }) {
  const t = useT("diary");
  const { data, error } = useLive("scheduling.templates", { branchId: where.branch });
  const choices = useLive("scheduling.choices");
  const [editing, setEditing] = useState<Template | "new" | null>(null);
  const people = new Map((choices.data?.people ?? []).map(({ id, display_name }) => [id, display_name]));
  const trouble = (refusal: Error) => notify({ tone: "look", title: refusal.message });
  const removed = useRef<string[]>([]);
  useShortcuts([
    { keys: "N", label: t("templates.add"), group: t("views.settings"), run: () => setEditing("new") },
    {
      keys: "Ctrl+Z",
      label: t("undo"),
      group: t("views.settings"),
      run: () => {
        const id = removed.current.pop();
        if (id) void send("scheduling.restoreTemplate", { id }).catch(trouble);
      },
    },
  ]);
  const remove = (template: Template) =>
    void send("scheduling.removeTemplate", { id: template.id })
      .then(() => {
        removed.current.push(template.id);
        notify({
          tone: "done",
          title: t("templates.removed", { room: template.room, day: t(`longDays.${template.weekday}`) }),
        });
      })
      .catch(trouble);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  return (
    <div className="screen diary">
      <div className="mainpart">
        <div>
          <DiaryHead where={where} shown={where.date ?? data.today} today={data.today} step={7}>
            <Button variant="primary" icon={Plus} keys="N" onClick={() => setEditing("new")}>
              {t("templates.add")}
            </Button>
          </DiaryHead>
        </div>
        <div className="body">
          <div className="pad stack">
            <h2 className="section">{t("templates.title")}</h2>
            <p className="t2">{t("templates.text")}</p>
          </div>
          {data.templates.length === 0 ? (
            <EmptyState icon={CalendarDays} title={t("noTemplates")}>
              {t("noTemplatesText")}
            </EmptyState>
          ) : (
            <>
              <div className="pad">
                <WeekPreview templates={data.templates} today={data.today} />
              </div>
              <table className="tbl">
                <thead>
                  <tr>
                    <th>{t("room")}</th>
                    <th>{t("templates.weekday")}</th>
                    <th>{t("templates.times")}</th>
                    <th>{t("templates.breaks")}</th>
                    <th className="num">{t("templates.slot")}</th>
                    <th>{t("optometrist")}</th>
                    <th>{t("templates.validity")}</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {data.templates.map((template) => (
                    <tr key={template.id}>
                      <td>
                        <b>{template.room}</b>
                      </td>
                      <td>{t(`longDays.${template.weekday}`)}</td>
                      <td className="tab">
                        {template.begins}–{template.ends}
                      </td>
                      <td className="tab t2">{template.breaks.map(([from, to]) => `${from}–${to}`).join(", ")}</td>
                      <td className="num">{template.slot_minutes}</td>
                      <td>{template.optometrist_id ? people.get(template.optometrist_id) : t("nobody")}</td>
                      <td className="t2">
                        {template.valid_from > data.today
                          ? t("templates.from", { date: dateText(template.valid_from) })
                          : ""}{" "}
                        {template.valid_to ? t("templates.until", { date: dateText(template.valid_to) }) : ""}
                      </td>
                      <td className="num">
                        <span className="row g2 end">
                          <Button size="s" onClick={() => setEditing(template)}>
                            {t("templates.edit")}
                          </Button>
                          <Button size="s" variant="quiet" onClick={() => remove(template)}>
                            {t("templates.remove")}
                          </Button>
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
          <TimesForm
            key={JSON.stringify([data.lengths, data.patience])}
            lengths={data.lengths}
            patience={data.patience}
          />
        </div>
      </div>
      {editing ? (
        <TemplateDialog
          template={editing === "new" ? null : editing}
          templates={data.templates}
          branch={data.branch.id}
          today={data.today}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </div>
  );
}
