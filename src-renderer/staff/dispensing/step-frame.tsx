import { productName } from "../../../src-shared/dispensing/pricing.ts";
import { Chip, useT } from "../../ui/index.ts";
import { ChoiceTable } from "./choice.tsx";
import type { StepProps } from "./wizard.tsx";

const mm = (tenths: unknown) => (typeof tenths === "number" ? String(tenths / 10) : "");

export function FrameStep({ basket, set, items, goOn }: StepProps) {
  const t = useT("dispensing");
  return (
    <ChoiceTable
      goOn={goOn}
      items={items.filter((item) => item.kind === "frame")}
      chosen={basket.frameId}
      choose={(frameId) => set({ frameId })}
      heads={[t("steps.frame"), "A□DBL", t("here", { count: "" }).trim()]}
      columns={(item) => [
        <span key="n">
          <span className="name">{productName(item)}</span>{" "}
          <span className="t2">{String(item.details.colour ?? "")}</span>
        </span>,
        <span key="s" className="tab">
          {mm(item.details.a)}□{mm(item.details.dbl)} {mm(item.details.side)}
        </span>,
        item.here > 0 ? (
          <Chip key="h" tone="done">
            {t("here", { count: item.here })}
          </Chip>
        ) : (
          <Chip key="h" tone="look">
            {t("none")}
          </Chip>
        ),
      ]}
    />
  );
}
