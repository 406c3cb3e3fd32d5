import { type ReactNode, useMemo, useState } from "react";
import { EmptyState, Money, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import type { CatalogueItem } from "./wizard.tsx";

/** A list to choose one thing from, filtered by what is typed or scanned, walked by arrows. */
export function ChoiceTable({
  items,
  chosen,
  choose,
  columns,
  heads,
  goOn,
}: {
  items: readonly CatalogueItem[];
  chosen: string | null;
  choose: (id: string | null) => void;
  columns: (item: CatalogueItem) => readonly ReactNode[];
  heads: readonly string[];
  goOn: () => void;
}) {
  const t = useT("dispensing");
  const [filter, setFilter] = useState("");
  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return items.filter((item) => {
      const text = [item.brand, item.name, item.sku, item.barcode, String(item.details.colour ?? "")]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [items, filter]);
  const at = shown.findIndex((item) => item.id === chosen);
  const step = (by: number) => {
    const item = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    if (item) choose(item.id);
  };
  useShortcuts([
    { keys: "ArrowDown", label: t("keys.choose"), group: t("title"), run: () => step(1) },
    { keys: "ArrowUp", label: t("keys.choose"), group: t("title"), run: () => step(-1) },
  ]);
  return (
    <>
      <div className="pad finder">
        <TextInput
          onArrow={step}
          label={t("filter")}
          value={filter}
          onChange={setFilter}
          autoFocus
          autoComplete="off"
          onEnter={() => (at >= 0 ? goOn() : shown[0] && choose(shown[0].id))}
        />
      </div>
      {shown.length === 0 ? <EmptyState title={t("none")} /> : null}
      <table className="tbl">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
            <th className="num">{t("price")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr
              key={item.id}
              aria-selected={item.id === chosen}
              onClick={() => choose(item.id === chosen ? null : item.id)}
            >
              {columns(item).map((cell, index) => (
                <td key={`${item.id}-${heads[index]}`}>
                  {index === 0 ? (
                    <button type="button" className="rowbutton">
                      {cell}
                    </button>
                  ) : (
                    cell
                  )}
                </td>
              ))}
              <td className="num">
                <b>
                  <Money minor={item.price} />
                </b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
