/** One section of a form: its name, whether it is folded at first, and which of its fields are asked. */
import { EyeOff } from "lucide-react";
import type { FormSections } from "../../../src-shared/exams/form.ts";
import { type BuiltInSection, examFieldsBySection } from "../../../src-shared/exams/sections.ts";
import { Button, Checkbox, TextInput, translate, useT } from "../../ui/index.ts";
import { labelOf } from "./words.ts";

export function FormFields({
  section,
  change,
  hide,
}: {
  section: FormSections[number];
  change: (more: Partial<FormSections[number]>) => void;
  hide: () => void;
}) {
  const t = useT("forms");
  const own = section.section.startsWith("own_");
  const fields = own ? [] : examFieldsBySection[section.section as BuiltInSection];
  return (
    <section className="form-part">
      <div className="row g3">
        <h2 className="title">{section.label ?? translate("exams", `sections.${section.section}`)}</h2>
        <span className="push" />
        <Checkbox label={t("fold")} checked={section.folded} onChange={(folded) => change({ folded })} />
        <Button size="s" icon={EyeOff} keys="H" onClick={hide}>
          {t("hide")}
        </Button>
      </div>
      {own ? (
        <TextInput
          label={t("rename")}
          value={section.label ?? ""}
          onChange={(label) => change({ label: label || null })}
          maxLength={80}
          autoComplete="off"
        />
      ) : null}
      <h3 className="section">{t("fields")}</h3>
      <p className="small t3">{t(fields.length > 0 ? "fieldsText" : "noFields")}</p>
      <div className="form-fields">
        {fields.map(({ key, eyes }) => (
          <Checkbox
            key={key}
            label={
              <>
                {labelOf(key)} {eyes === "none" ? null : <span className="small t3">{t("eyes")}</span>}
              </>
            }
            checked={!section.hidden.includes(key)}
            onChange={(shown) =>
              change({ hidden: shown ? section.hidden.filter((each) => each !== key) : [...section.hidden, key] })
            }
          />
        ))}
      </div>
    </section>
  );
}
