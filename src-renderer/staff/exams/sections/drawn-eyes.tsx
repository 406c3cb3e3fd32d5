/** The drawing of both eyes below what was found in them; cups as large as they were measured. */
import { EyeDrawings } from "../drawing/index.tsx";
import { useAllItems, useCell, useOpened } from "../opened.ts";

export function DrawnEyes({ diagram }: { diagram: "anterior" | "posterior" }) {
  const { id, drawn, last } = useOpened();
  const items = useAllItems();
  const [r, l] = [useCell("posterior.cd_ratio.r").value, useCell("posterior.cd_ratio.l").value].map((ratio) =>
    typeof ratio === "number" ? ratio : null,
  );
  return (
    <EyeDrawings
      examId={id}
      diagram={diagram}
      items={items}
      last={drawn[diagram]}
      visited={last !== null && last.newest !== null}
      {...(diagram === "posterior" ? { cup: { r: r ?? null, l: l ?? null } } : {})}
    />
  );
}
