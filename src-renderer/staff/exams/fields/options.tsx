/** The list below a field that is chosen from; what is marked is what Enter takes. */
import type { Words } from "../../../../src-shared/exams/reading.ts";

export function Options({
  id,
  open,
  options,
  words,
  marked,
  take,
}: {
  id: string;
  open: boolean;
  options: readonly string[];
  words: Words;
  marked: string | undefined;
  take: (code: string) => void;
}) {
  if (!open || options.length === 0) return null;
  return (
    <div className="options" role="listbox" id={id}>
      {options.map((code, index) => (
        <div
          key={code}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={code === marked}
          onMouseDown={(event) => {
            // The field keeps the cursor; its blur would take what is half typed.
            event.preventDefault();
            take(code);
          }}
        >
          {words(code)}
        </div>
      ))}
    </div>
  );
}
