/** Limits as reference data: every number that powers and measurements are judged by, changed where it stands. */
import { useState } from "react";
import { addTexts, Button, Callout, FootBar, Hints, useShortcuts, useT } from "../../ui/index.ts";
import { differencesFromDelivered, partsToConfirm } from "./counts.ts";
import { enGB } from "./en-GB.ts";
import { GroupTable } from "./group-table.tsx";
import { groupNames, type LimitGroup, tablesIn } from "./groups.ts";
import { LimitHistory } from "./history.tsx";
import { SaveLimits } from "./save.tsx";
import { type Editing, useEditing } from "./use-editing.ts";
import "./limits.css";

addTexts("limits", enGB);

export function Limits() {
  const t = useT("limits");
  const editing = useEditing();
  const [group, setGroup] = useState<LimitGroup>("prescription");
  const [saving, setSaving] = useState(false);
  const { unsaved, problems } = editing;
  const save = () => setSaving(unsaved.length > 0 && problems.length === 0);
  useShortcuts([
    { keys: "Ctrl+Enter", label: t("save"), when: unsaved.length > 0 && !saving, run: save },
    ...groupNames.map((name, index) => ({
      keys: `Alt+${(index + 1) % 10}`,
      label: t(`groups.${name}`),
      run: () => setGroup(name),
    })),
  ]);
  return (
    <div className="limits">
      <div className="limits-main">
        <Groups group={group} editing={editing} onSelect={setGroup} />
        <div className="limits-body">
          <div className="pad">
            <h2 className="section">{t(`groups.${group}`)}</h2>
            <p className="small t2">{t("intro")}</p>
            {editing.unusable.map(({ table, message }) => (
              <Callout key={table} tone="look" title={t("unusable", { table: t(`tables.${table}`) })}>
                {t("unusableText", { why: message })}
              </Callout>
            ))}
          </div>
          <GroupTable key={group} group={group} editing={editing} />
          <div className="pad stack">
            {tablesIn(group).map((table) => (
              <LimitHistory key={table} table={table} editing={editing} />
            ))}
          </div>
        </div>
      </div>
      <div>
        <FootBar
          actions={
            <>
              {unsaved.length > 0 ? (
                <Button variant="quiet" onClick={editing.discard}>
                  {t("discard")}
                </Button>
              ) : null}
              <Button
                variant="primary"
                keys="Ctrl Enter"
                waits={problems.length > 0 ? t("fixFirst") : unsaved.length === 0 ? "" : undefined}
                onClick={save}
              >
                {t("save")}
              </Button>
            </>
          }
        >
          <div>
            <b>{unsaved.length > 0 ? t("unsaved", { count: unsaved.length }) : t("noChanges")}</b>
            <p className="small t3">{t("applies")}</p>
          </div>
        </FootBar>
        <div className="keys">
          <Hints
            items={[
              { keys: "Enter", label: t("hints.next") },
              { keys: "Esc", label: t("hints.back") },
              { keys: "Alt 1–9", label: t("hints.group") },
            ]}
          />
        </div>
      </div>
      {saving ? <SaveLimits editing={editing} onClose={() => setSaving(false)} /> : null}
    </div>
  );
}

function Groups({
  group,
  editing,
  onSelect,
}: {
  group: LimitGroup;
  editing: Editing;
  onSelect: (group: LimitGroup) => void;
}) {
  const t = useT("limits");
  return (
    <div className="limits-groups">
      {groupNames.map((name) => {
        const changed = differencesFromDelivered(name, editing.tables);
        const open = partsToConfirm(name, editing.tables);
        const counts = [
          changed > 0 ? t("changedCount", { count: changed }) : "",
          open > 0 ? t("confirmCount", { count: open }) : "",
        ].filter(Boolean);
        return (
          <button key={name} type="button" aria-pressed={name === group} onClick={() => onSelect(name)}>
            <b>{t(`groups.${name}`)}</b>
            <span className="small t3 block">{counts.join(" · ")}</span>
          </button>
        );
      })}
    </div>
  );
}
