import { Checkbox, focusNext, TextInput, useT } from "../../ui/index.ts";
import type { StepProps } from "./wizard.tsx";

export function MeasureStep({ basket, set }: StepProps) {
  const t = useT("dispensing");
  const field = (name: string, label: string, unit: string, autoFocus = false) => (
    <TextInput
      label={label}
      hideLabel
      value={basket.measures[name] ?? ""}
      unit={unit}
      inputMode="decimal"
      autoComplete="off"
      autoFocus={autoFocus}
      onChange={(value) => set({ measures: { ...basket.measures, [name]: value } })}
      onEnter={() => document.activeElement instanceof HTMLElement && focusNext(document.activeElement)}
    />
  );
  return (
    <div className="measure">
      <span />
      <span className="head">{t("right")}</span>
      <span className="head">{t("left")}</span>
      <span>{t("pd")}</span>
      {field("pd_r", `${t("pd")}, ${t("right")}`, t("mm"), true)}
      {field("pd_l", `${t("pd")}, ${t("left")}`, t("mm"))}
      <span>{t("height")}</span>
      {field("height_r", `${t("height")}, ${t("right")}`, t("mm"))}
      {field("height_l", `${t("height")}, ${t("left")}`, t("mm"))}
      <span>{t("bvd")}</span>
      {field("bvd", t("bvd"), t("mm"))}
      <span />
      <span>{t("tilt")}</span>
      {field("pantoscopic", t("tilt"), "°")}
      <span />
      <span />
      <Checkbox label={t("rush")} checked={basket.rush} onChange={(rush) => set({ rush })} />
    </div>
  );
}
