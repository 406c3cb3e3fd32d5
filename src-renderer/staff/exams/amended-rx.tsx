/** What the two eyes of a prescription say together once an amendment is in it, as in an exam that is open. */
import { saidIn } from "../../../src-shared/exams/amended.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { type KeyOfCell, RxSaid, rxOfCells } from "./sections/rx-findings.tsx";

const rows: readonly KeyOfCell[] = [
  (cell, side) => `${side}_${cell}`,
  ...["specs", "objective", "subjective"].map(
    (section): KeyOfCell =>
      (cell, side) =>
        `${section}.${cell}.${side}`,
  ),
];

export function AmendedRx({
  changes,
  content,
}: {
  changes: readonly { readonly key: string; readonly to: unknown }[];
  content: ExamContent;
}) {
  const said = new Map(changes.map(({ key, to }) => [key, to]));
  return rows.map((keyOf) => {
    const touched = changes.some(({ key }) =>
      ["r", "l"].some((side) => key === keyOf(key.replace(/^[rl]_|^\w+\.|\.[rl]$/g, ""), side as "r" | "l")),
    );
    if (!touched) return null;
    const rx = rxOfCells((key) => (said.has(key) ? said.get(key) : saidIn(content, key)), keyOf);
    return <RxSaid key={keyOf("", "r")} rx={rx} />;
  });
}
