import { Eraser, type LucideIcon, Pencil, Tag } from "lucide-react";
import type { Diagram } from "../../../../src-shared/exams/diagram.ts";
import type { StrokeTool } from "../../../../src-shared/exams/items.ts";
import { Kbd, useT } from "../../../ui/index.ts";
import { Mark } from "./eye-picture.tsx";

export type Tool = StrokeTool | "eraser";

/** In the order in which they are reached for. */
export const tools: readonly { readonly tool: Tool; readonly keys: string }[] = [
  { tool: "pen", keys: "P" },
  { tool: "haemorrhage", keys: "B" },
  { tool: "drusen", keys: "D" },
  { tool: "exudate", keys: "X" },
  { tool: "pigment", keys: "M" },
  { tool: "cotton_wool", keys: "W" },
  { tool: "label", keys: "L" },
  { tool: "eraser", keys: "E" },
];
const icons: Partial<Record<Tool, LucideIcon>> = { pen: Pencil, label: Tag, eraser: Eraser };
/** Each symbol shows itself. */
const samples: Partial<Record<Tool, string>> = {
  haemorrhage: "12,76 66,-48",
  drusen: "25,55 26,-20 22,26",
  exudate: "30,40 32,22",
  pigment: "30,52 34,-8",
  cotton_wool: "50,50",
};

export function ToolBar({
  diagram,
  tool: chosen,
  onChoose,
}: {
  diagram: Diagram;
  tool: Tool;
  onChoose: (tool: Tool) => void;
}) {
  const t = useT("drawing");
  return (
    <div className="draw-tools noprint" role="toolbar" aria-label={t("tools")} aria-orientation="vertical">
      {tools.map(({ tool, keys }) => {
        const Icon = icons[tool];
        return (
          <button
            key={tool}
            type="button"
            className={`btn s ${tool === chosen ? "" : "quiet"}`}
            aria-pressed={tool === chosen}
            title={t(`finding.${diagram}.${tool}`)}
            onClick={() => onChoose(tool)}
          >
            {Icon ? (
              <Icon className="i s" aria-hidden />
            ) : (
              <svg className="sample" viewBox="0 0 90 90" aria-hidden>
                <Mark tool={tool as StrokeTool} points={samples[tool] ?? "45,45"} />
              </svg>
            )}
            {t(`tool.${diagram}.${tool}`)} <Kbd keys={keys} />
          </button>
        );
      })}
    </div>
  );
}
