import { useEffect, useMemo, useRef, useState } from "react";
import type { Diagram, Eye } from "../../../../src-shared/exams/diagram.ts";
import { useLive } from "../../../api/index.ts";
import { Dialog, instantText, Segmented, usePlace, useT } from "../../../ui/index.ts";
import { type Drawn, EyePicture, type Stroke } from "./eye-picture.tsx";
import { NumberedNotes } from "./notes.tsx";
import { labelNumbers } from "./numbers.ts";
import { DrawingInWords, focusable } from "./surface.tsx";

/** One eye's findings visit by visit, the oldest first and the present one last. */
export function FindingsOverTime({
  examId,
  diagram,
  now,
  onClose,
}: {
  examId: string;
  diagram: Diagram;
  now: readonly Drawn[];
  onClose: () => void;
}) {
  const t = useT("drawing");
  const { timeZone } = usePlace();
  const [eye, setEye] = useState<Eye>("r");
  const { data } = useLive("exams.drawings", { id: examId });
  const visits = useMemo(
    () => [
      ...[...(data ?? [])].reverse().map(({ examId: id, signedAt, strokes }) => ({
        id,
        date: instantText(signedAt, timeZone, "date"),
        drawn: numbered(strokes).filter((each) => each.data.diagram === diagram),
      })),
      { id: examId, date: t("thisVisit"), drawn: now },
    ],
    [data, now, diagram, examId, timeZone, t],
  );
  const strip = useRef<HTMLOListElement>(null);
  const count = visits.length;
  useEffect(() => {
    // The newest visits are looked at first.
    if (count > 0) strip.current?.scrollTo({ left: strip.current.scrollWidth });
  }, [count]);
  return (
    <Dialog title={t("yearsTitle", { diagram: t(`diagram.${diagram}`) })} open onClose={onClose}>
      <div className="over-time">
        <Segmented
          label={t("whichEye")}
          value={eye}
          options={[
            { value: "r", label: t("right") },
            { value: "l", label: t("left") },
          ]}
          onChange={(value) => setEye(value as Eye)}
        />
        <ol ref={strip} {...focusable} aria-label={t("yearsTitle", { diagram: t(`diagram.${diagram}`) })}>
          {visits.map(({ id, date, drawn }) => {
            const strokes = drawn.filter((each) => each.data.eye === eye);
            return (
              <li key={id}>
                <b className="tab">{date}</b>
                <EyePicture diagram={diagram} eye={eye} strokes={strokes} />
                <DrawingInWords strokes={strokes} />
                <div aria-hidden>
                  <NumberedNotes strokes={strokes} />
                </div>
              </li>
            );
          })}
        </ol>
      </div>
    </Dialog>
  );
}

function numbered(strokes: readonly (Stroke & { readonly id: string })[]): Drawn[] {
  const numbers = labelNumbers(new Map(strokes.map((stroke) => [stroke.id, stroke])));
  return strokes.map(({ id, ...data }) => ({ key: id, data, number: numbers.get(id) }));
}
