import { useMemo } from "react";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { EyeDrawings } from "./drawing/index.tsx";

/** What was drawn in one diagram, as it was signed. */
export function RecordDrawings({
  examId,
  content,
  diagram,
}: {
  examId: string;
  content: ExamContent;
  diagram: "anterior" | "posterior";
}) {
  const items = useMemo(
    () => (content.items.stroke ?? []).map(({ id, ...data }) => ({ id, list: "stroke", data })),
    [content],
  );
  const ratio = (eye: "r" | "l") => {
    const value = content.entries[`posterior.cd_ratio.${eye}`];
    return typeof value === "number" ? value : null;
  };
  return (
    <EyeDrawings
      examId={examId}
      diagram={diagram}
      items={items}
      last={null}
      disabled
      cup={{ r: ratio("r"), l: ratio("l") }}
    />
  );
}
