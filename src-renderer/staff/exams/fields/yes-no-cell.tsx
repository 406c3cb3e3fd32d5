/** Yes, no, or not asked: Y and N answer, Delete takes the answer back. */
import { memo } from "react";
import { useT } from "../../../ui/index.ts";
import { moveOn } from "../moving.ts";
import { useCell, useOpened } from "../opened.ts";

export const YesNoCell = memo(function YesNoCell({ cellKey, label }: { cellKey: string; label: string }) {
  const t = useT("exams");
  const { save } = useOpened();
  const { value } = useCell(cellKey);
  const set = (answer: boolean | null) => save.set({ [cellKey]: answer }, true);
  return (
    <fieldset className="seg yesno" aria-label={label} data-group>
      {[true, false].map((answer) => {
        const stop = value === answer || (value === null && answer);
        return (
          <button
            key={String(answer)}
            type="button"
            aria-pressed={value === answer}
            tabIndex={stop ? 0 : -1}
            data-key={stop ? cellKey : undefined}
            onClick={() => set(value === answer ? null : answer)}
            onKeyDown={(event) => {
              if (event.ctrlKey || event.metaKey || event.altKey) return;
              const key = event.key.toLowerCase();
              if (key === "y" || key === "n") set(key === "y");
              else if (key === "arrowleft" || key === "arrowright") set(key === "arrowleft");
              else if (key === "delete" || key === "backspace") set(null);
              else if (key === "enter") moveOn(event.currentTarget, event.shiftKey);
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          >
            {t(answer ? "yes" : "no")}
          </button>
        );
      })}
    </fieldset>
  );
});
