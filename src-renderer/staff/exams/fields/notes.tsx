/** What is to be said about some fields, below them: why one is not kept, what is unusual, what another device wrote. */
import { AlertTriangle, CircleX, UsersRound } from "lucide-react";
import { memo, useState } from "react";
import { isUnusual } from "../../../../src-shared/exams/check.ts";
import type { ExamField } from "../../../../src-shared/exams/field.ts";
import { showValue } from "../../../../src-shared/exams/reading.ts";
import { useLimits, useT } from "../../../ui/index.ts";
import { useCells, useConflicts, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";

export interface Noted {
  readonly key: string;
  readonly field: ExamField;
  readonly label: string;
}
export const Notes = memo(function Notes({ cells }: { cells: readonly Noted[] }) {
  useCells(cells.map(({ key }) => key));
  return (
    <>
      {cells.map((cell) => (
        <Note key={cell.key} cell={cell} />
      ))}
    </>
  );
});

/** What was set aside is shown until somebody says what should stand. */
const settled = new Set<string>();

function Note({ cell: { key, field, label } }: { cell: Noted }) {
  const t = useT("exams");
  const { save } = useOpened();
  const [, setDropped] = useState(0);
  const { rx, measures } = useLimits();
  const held = save.held(key);
  const foreign = save.foreign(key);
  const value = save.value(key);
  const words = (stated: unknown) => showValue(field, stated, wordOf) || t("nothing");
  const conflicts = useConflicts().filter((conflict) =>
    key.includes(".") ? conflict.key === key : conflict.key === null && conflict.field === key,
  );
  const [conflict] = conflicts;
  const lost = conflict ? parsed(conflict.lost) : null;
  const open = conflict && !settled.has(`${key} ${conflict.at}`);
  const settle = (take: boolean) => {
    if (!conflict) return;
    settled.add(`${key} ${conflict.at}`);
    if (take) save.set({ [key]: lost }, true);
    setDropped((count) => count + 1);
  };
  const unusual = isUnusual(field.shape, value, rx, measures);
  if (!held && foreign === undefined && !open && !unusual) return null;
  return (
    <div className="notes" id={`note-${key}`}>
      {held ? (
        <p className="msg is-stop" role="alert">
          <CircleX className="i" aria-hidden />
          {label}: {held.message}
        </p>
      ) : unusual ? (
        <p className="msg is-look">
          <AlertTriangle className="i" aria-hidden />
          {t("unusual", { label })}
        </p>
      ) : null}
      {foreign === undefined ? null : (
        <p className="msg is-info" role="status">
          <UsersRound className="i" aria-hidden />
          <span>{t("theirs", { value: words(foreign) })}</span>
          <button
            type="button"
            className="link"
            onClick={() => {
              save.dropForeign(key);
              save.set({ [key]: foreign }, true);
            }}
          >
            {t("takeTheirs")}
          </button>
          <button type="button" className="link" onClick={() => save.dropForeign(key)}>
            {t("keepMine")}
          </button>
        </p>
      )}
      {open ? (
        <p className="msg is-look">
          <UsersRound className="i" aria-hidden />
          <span>
            {label}: {t("conflict", { kept: words(parsed(conflict.kept)), lost: words(lost) })}
          </span>
          <button type="button" className="link" onClick={() => settle(true)}>
            {t("restore", { lost: words(lost) })}
          </button>
          <button type="button" className="link" onClick={() => settle(false)}>
            {t("keepMine")}
          </button>
        </p>
      ) : null}
    </div>
  );
}

/** A conflict keeps what was written as it is stored: entries as JSON, columns as they are. */
function parsed(stored: string | null): unknown {
  if (stored === null) return null;
  try {
    return JSON.parse(stored) as unknown;
  } catch {
    return stored;
  }
}
