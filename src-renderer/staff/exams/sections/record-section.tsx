/** One section of the page, which renders anew for itself alone. */
import { memo } from "react";
import { Kbd, useT } from "../../../ui/index.ts";
import type { ShownSection } from "../words.ts";
import { SectionBody } from "./body.tsx";
import { PressureAside } from "./pressure.tsx";
import { Section, type SectionActs } from "./section.tsx";

export const RecordSection = memo(function RecordSection({
  shown,
  folded,
  fold,
  register,
}: {
  shown: ShownSection;
  folded: boolean;
  fold: (section: string, folded: boolean) => void;
  register: (section: string, acts: SectionActs | null) => void;
}) {
  const refraction = shown.fields.some(({ field }) => field.key === `${shown.section}.sphere`);
  return (
    <Section
      shown={shown}
      folded={folded}
      fold={fold}
      register={register}
      aside={shown.section === "pressure" ? <PressureAside /> : undefined}
      tools={refraction ? <LineHint /> : undefined}
    >
      {(acts) => <SectionBody shown={shown} acts={acts} />}
    </Section>
  );
});

/** What can be typed into the sphere. */
function LineHint() {
  const t = useT("exams");
  return (
    <span className="line-hint">
      {t("wholeLine")} <code>+1.75/-0.50x085 6/6</code> <Kbd keys="=" /> {t("copies")}
    </span>
  );
}
