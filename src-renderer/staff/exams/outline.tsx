/** The sections at the left with how far each is; a list to choose from where the screen is narrow. */
import { Check } from "lucide-react";
import { memo } from "react";
import { localTime } from "../../../src-shared/calendar/index.ts";
import type { Written } from "../../../src-shared/exams/completeness.ts";
import type { SectionState } from "../../../src-shared/exams/progress.ts";
import { Select, usePlace, useT } from "../../ui/index.ts";
import { openSection } from "./moving.ts";
import { useItems, useOpened, useProgress } from "./opened.ts";

export const Outline = memo(function Outline({
  current,
  expected,
}: {
  current: string | null;
  expected: Written["questions"];
}) {
  const t = useT("exams");
  const { form } = useOpened();
  const { sections } = useProgress(expected);
  const note = useNotes();
  const states = new Map(sections.map((state) => [state.section, state]));
  const said = (section: string) => {
    const state = states.get(section);
    return state ? note(state, section === current) : "";
  };
  return (
    <>
      <nav className="outline" aria-label={t("outline")}>
        {form.map(({ section, label }) => {
          const state = states.get(section)?.state ?? "empty";
          return (
            <button
              key={section}
              type="button"
              tabIndex={-1}
              data-state={state}
              aria-current={section === current ? "true" : undefined}
              onClick={() => openSection(section)}
            >
              <span className="m" aria-hidden>
                {section === current ? null : state === "done" ? <Check className="i" /> : state === "gap" ? "!" : null}
              </span>
              <span className="grow clip">{label}</span>
              <span className="nt">{said(section)}</span>
            </button>
          );
        })}
      </nav>
      <div className="outline-menu">
        <Select
          label={t("goTo")}
          hideLabel
          value={current ?? ""}
          onChange={openSection}
          options={form.map(({ section, label }) => {
            const more = said(section);
            return { value: section, label: more ? `${label} · ${more}` : label };
          })}
        />
      </div>
    </>
  );
});

/** What is in these are rows, which no number of fields says. */
const listed = ["pressure", "drops", "diagnosis"];

/** The word behind a section: how much of it, when, or that something is to do. */
function useNotes() {
  const t = useT("exams");
  const { timeZone } = usePlace();
  const pressure = useItems("pressure");
  const strokes = useItems("stroke");
  const latest = Math.max(0, ...pressure.map(({ data }) => Number(data.at)));
  return ({ section, state, filled, asked }: SectionState, current: boolean): string => {
    if (current && asked > 0 && !listed.includes(section)) return t("count", { filled, asked });
    if (state === "gap") return t("toDo");
    if (section === "pressure" && latest > 0) return localTime(latest, timeZone);
    return strokes.some(({ data }) => data.diagram === section) ? t("drawn") : "";
  };
}
