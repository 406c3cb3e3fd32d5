import { EyeDrawings } from "../drawing/index.tsx";
import { useCell, useItems, useOpened } from "../opened.ts";
import { useVisits } from "../visits.ts";

/** Both eyes to draw on; behind the disc's cup stands the ratio that is written above. */
export function SectionDrawings({ diagram }: { diagram: "anterior" | "posterior" }) {
  const { id } = useOpened();
  const { last } = useVisits();
  const items = useItems("stroke");
  const ratio = (value: unknown) => (typeof value === "number" ? value : null);
  const cup = {
    r: ratio(useCell("posterior.cd_ratio.r").value),
    l: ratio(useCell("posterior.cd_ratio.l").value),
  };
  return <EyeDrawings examId={id} diagram={diagram} items={items} last={last} cup={cup} />;
}
