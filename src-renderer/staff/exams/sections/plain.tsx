/** Fields one below the other: most sections are nothing else. */

import { Check } from "lucide-react";
import { Fragment } from "react";
import { useT } from "../../../ui/index.ts";
import { EyeHeads, FieldRow } from "../fields/field-row.tsx";
import type { ShownField } from "../words.ts";
import type { SectionActs } from "./section.tsx";

/** Fields that are written in one line: the first one's name stands for both. */
const beforeIt: Readonly<Record<string, string>> = { "posterior.disc": "posterior.cd_ratio" };
const afterIt: Readonly<Record<string, string>> = {
  "keratometry.k1": "keratometry.k1_axis",
  "keratometry.k2": "keratometry.k2_axis",
};

export function PlainFields({
  fields,
  acts,
  headed = false,
}: {
  fields: readonly ShownField[];
  acts?: SectionActs;
  /** What stands above has named the columns already. */
  headed?: boolean;
}) {
  const t = useT("exams");
  const named = new Map(fields.map((shown) => [shown.field.key, shown]));
  const partners = new Set(
    [beforeIt, afterIt].flatMap((pairs) =>
      Object.entries(pairs).flatMap(([key, partner]) => (named.has(key) ? [partner] : [])),
    ),
  );
  const rows = fields.filter(({ field }) => !partners.has(field.key));
  const both = rows.some(({ field }) => field.eyes === "rlb");
  const firstPerEye = rows.find(({ field }) => field.eyes !== "none");
  return rows.map((shown) => {
    const { key } = shown.field;
    const normal = acts && fields.some(({ field }) => field.eyes !== "none" && field.normal !== undefined);
    return (
      <Fragment key={key}>
        {shown === firstPerEye && !headed ? (
          <EyeHeads both={both}>
            {normal
              ? (eye) => (
                  <button
                    type="button"
                    className="eye-normal"
                    tabIndex={-1}
                    aria-label={t("eyeNormalLabel", { eye: t(eye === "r" ? "right" : "left") })}
                    onClick={() => acts.normal(eye)}
                  >
                    <Check className="i" aria-hidden />
                    {t("eyeNormal")}
                  </button>
                )
              : undefined}
          </EyeHeads>
        ) : null}
        <FieldRow
          both={both}
          shown={shown}
          before={named.get(beforeIt[key] ?? "")}
          after={named.get(afterIt[key] ?? "")}
        />
      </Fragment>
    );
  });
}
