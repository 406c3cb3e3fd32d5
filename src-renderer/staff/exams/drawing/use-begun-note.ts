import { useEffect, useState } from "react";
import { useOpenedIfAny } from "../opened.ts";
import type { Drawn } from "./eye-picture.tsx";

/** A label's place names it: its item has another id after a restart than it had while it was new. */
interface BegunNote {
  readonly points: string;
  readonly text: string;
}

/**
 * The note that is being typed at a label of one drawing: on this PC's disk with each key press, until it stands in the
 * drawing. `of` is the key of the label whose note was being typed when this PC stopped.
 */
export function useBegunNote(key: string, strokes: readonly Drawn[]) {
  const save = useOpenedIfAny()?.save;
  const [begun, setBegun] = useState(() => (save?.half(key) ?? null) as BegunNote | null);
  const label = begun && strokes.find(({ data }) => data.tool === "label" && data.points === begun.points);
  const stands = label ? (label.data.note ?? "") === begun.text.trim() : begun === null;
  useEffect(() => save?.typing(key, stands ? null : begun), [save, key, begun, stands]);
  return {
    of: label && !stands ? label.key : null,
    textOf: ({ data }: Drawn): string | null => (begun?.points === data.points && !stands ? begun.text : null),
    type: ({ data }: Drawn, text: string) => setBegun({ points: data.points, text }),
  };
}
