/** What a field was before, from the label on which it is typed. */
import { History } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button, instantText, usePlace, useT } from "../../ui/index.ts";
import { type Column, fieldLabel, fieldText } from "./fields.ts";

export interface FieldChange {
  readonly id: string;
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly user_id: string | null;
  readonly at: number;
}

/** A field with its history, if it has one. Putting a value back is another edit: it is saved with the others. */
export function WithHistory({
  column,
  changes,
  names,
  putBack,
  children,
}: {
  column: Column;
  changes: readonly FieldChange[];
  names: Readonly<Record<string, string>>;
  putBack: (value: unknown) => void;
  children: ReactNode;
}) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const back = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      // Back from the history, not out of the dialog.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    };
    window.addEventListener("keydown", back, true);
    return () => window.removeEventListener("keydown", back, true);
  }, [open]);
  const mine = changes.filter(({ field }) => field === column);
  if (mine.length === 0) return children;
  return (
    <div className="withhistory">
      {children}
      <button
        type="button"
        className="btn quiet s historybtn"
        aria-expanded={open}
        aria-label={t("historyOf", { field: fieldLabel(column) })}
        title={t("historyOf", { field: fieldLabel(column) })}
        onClick={() => setOpen(!open)}
      >
        <History className="i s" aria-hidden />
      </button>
      {open ? (
        <ul className="historylist">
          {mine.map((change) => (
            <li key={change.id}>
              <span className="grow">
                {t("was", { value: fieldText(column, change.before) })}
                <span className="small t3 block">
                  {t("until", {
                    when: instantText(change.at, timeZone, "exact"),
                    who: (change.user_id && names[change.user_id]) || t("somebody"),
                  })}
                </span>
              </span>
              <Button
                size="s"
                onClick={() => {
                  putBack(change.before);
                  setOpen(false);
                }}
              >
                {t("putBack")}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
