/** The exam's outline as it will look: sections in their order, with what is asked in the chosen one. */
import { ChevronRight } from "lucide-react";
import type { FormSections } from "../../../src-shared/exams/form.ts";
import { useT } from "../../ui/index.ts";
import type { Question } from "./forms-questions.tsx";
import { shownForm } from "./words.ts";

export function FormPreview({
  form,
  questions,
  chosen,
  choose,
}: {
  form: FormSections;
  questions: readonly Question[];
  chosen: string;
  choose: (section: string) => void;
}) {
  const t = useT("forms");
  return (
    <aside className="form-preview" aria-label={t("preview")}>
      <h2 className="section">{t("preview")}</h2>
      <ol>
        {shownForm(form, questions as never).map(({ section, label, fields, questions: own, folded }) => {
          const asked = [...fields, ...own];
          const open = section === chosen;
          return (
            <li key={section} className={open ? "is-open" : ""}>
              <button type="button" onClick={() => choose(section)}>
                {folded ? <ChevronRight className="i s t3" aria-label={t("folded")} /> : <span className="form-dot" />}
                <span className="grow clip">{label}</span>
                <span className="small t3">{t("fieldCount", { count: asked.length })}</span>
              </button>
              {open ? (
                <ul>
                  {asked.map(({ field, label: name }) => (
                    <li key={field.key}>
                      {name} {field.eyes === "none" ? null : <span className="t3">{t("eyes")}</span>}
                    </li>
                  ))}
                </ul>
              ) : null}
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
