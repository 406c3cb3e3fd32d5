/** The notes of a drawing's labels by their numbers. */
import { useMemo } from "react";
import { decodePoints } from "../../../../src-shared/exams/strokes.ts";
import { ContextSection, useT } from "../../../ui/index.ts";
import type { Drawn } from "./eye-picture.tsx";
import { type Item, labelNumbers, strokesIn } from "./numbers.ts";
import { placeWords } from "./words.ts";

export function NumberedNotes({ strokes, className }: { strokes: readonly Drawn[]; className?: string }) {
  const t = useT("drawing");
  const labels = strokes.filter(({ data }) => data.tool === "label");
  if (labels.length === 0) return null;
  return (
    <ul className={`numbered-notes ${className ?? ""}`}>
      {labels.map(({ key, number, data }) => {
        const [first] = decodePoints(data.points);
        const place = first ? placeWords(data.diagram, data.eye, first) : "";
        return (
          <li key={key}>
            <b className="tab">{number}</b> {data.note}
            <span className="block small t3">{t("numberedEye", { place, eye: t(`eye.${data.eye}`) })}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** For the context panel: what the numbers on the drawings say; nothing where nothing is numbered. */
export function DrawingNotes({ items }: { items: readonly Item[] }) {
  const t = useT("drawing");
  const strokes = useMemo(() => {
    const all = strokesIn(items);
    const numbers = labelNumbers(all);
    return [...all].map(([key, data]) => ({ key, data, number: numbers.get(key) }));
  }, [items]);
  if (!strokes.some(({ data }) => data.tool === "label")) return null;
  return (
    <ContextSection title={t("notes")}>
      <NumberedNotes strokes={strokes} />
    </ContextSection>
  );
}
