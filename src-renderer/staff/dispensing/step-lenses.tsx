import { useState } from "react";
import { productName } from "../../../src-shared/dispensing/pricing.ts";
import { Checkbox, Chip, Money, Segmented, useT } from "../../ui/index.ts";
import { ChoiceTable } from "./choice.tsx";
import type { StepProps } from "./wizard.tsx";

const designs = ["varifocal", "single_vision", "bifocal", "occupational"] as const;

export function LensStep({ basket, set, items, preview, start, goOn }: StepProps) {
  const t = useT("dispensing");
  const rx = start?.prescriptions.find((each) => each.id === basket.prescriptionId);
  const [design, setDesign] = useState<string>(rx?.r_add ? "varifocal" : "single_vision");
  const hidden = new Map((preview?.hidden ?? []).map(({ id, why }) => [id, why]));
  const lenses = items.filter((item) => item.kind === "lens");
  const fitting = lenses.filter((item) => !hidden.has(item.id));
  const shown = fitting.filter((item) => item.details.design === design);
  const left = lenses.filter((item) => hidden.has(item.id));
  return (
    <>
      <div className="pad">
        <Segmented
          label={t("lenses")}
          value={design}
          onChange={setDesign}
          options={designs.map((value) => ({
            value,
            label: t(`designs.${value}`),
            count: fitting.filter((item) => item.details.design === value).length,
          }))}
        />
      </div>
      <ChoiceTable
        goOn={goOn}
        items={shown}
        chosen={basket.lensId}
        choose={(lensId) => set({ lensId })}
        heads={[t("steps.lenses"), t("index"), t("ready")]}
        columns={(item) => [
          <span key="n">
            <span className="name">{productName(item)}</span>
          </span>,
          <span key="i" className="tab">
            {typeof item.details.index === "number" ? (item.details.index / 1000).toFixed(2) : ""}
          </span>,
          <Chip key="d">{t("days", { count: Number(item.details.lead_days ?? 0) })}</Chip>,
        ]}
      />
      <section className="pad stack">
        <h2 className="section">{t("coatings")}</h2>
        {items
          .filter((item) => item.kind === "coating")
          .map((item) => (
            <span key={item.id} className="row g3">
              <Checkbox
                label={item.name}
                checked={basket.coatingIds.includes(item.id)}
                onChange={(checked) =>
                  set({
                    coatingIds: checked
                      ? [...basket.coatingIds, item.id]
                      : basket.coatingIds.filter((id) => id !== item.id),
                  })
                }
              />
              <span className="t3">
                <Money minor={item.price} />
              </span>
            </span>
          ))}
      </section>
      {left.length > 0 ? (
        <details className="why-hidden">
          <summary>{t("hidden", { count: left.length })}</summary>
          <ul>
            {left.map((item) => (
              <li key={item.id}>
                <b>{productName(item)}</b>
                <span className="t2">{hidden.get(item.id)}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
