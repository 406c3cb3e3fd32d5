/** What an exam consists of in this practice, for everybody or for a role: arranged and seen at once, without code. */
import { useState } from "react";
import { defaultForm, type FormSections } from "../../../src-shared/exams/form.ts";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { addTexts, Button, Callout, ConfirmButton, Hints, notify, useShortcuts, useT } from "../../ui/index.ts";
import { enGB as exams } from "./en-GB.ts";
import { enGB } from "./forms-en-GB.ts";
import { FormFields } from "./forms-fields.tsx";
import { FormPreview } from "./forms-preview.tsx";
import { FormQuestions, type Question } from "./forms-questions.tsx";
import { FormSectionList } from "./forms-sections.tsx";
import "./forms.css";

addTexts("forms", enGB);
addTexts("exams", exams);

type Data = Output<"exams.forms">;
type Target = string | null;

export function ExamForms() {
  const t = useT("forms");
  const { data } = useLive("exams.forms");
  const [target, setTarget] = useState<Target>(null);
  if (!data) return null;
  const has = (role: string) => data.forms.some(({ role_id }) => role_id === role);
  const all: readonly { id: Target; name: string; text: string }[] = [
    { id: null, name: t("everybody"), text: t("everybodyText") },
    ...data.roles.map(({ id, name }) => ({ id, name, text: t(has(id) ? "ownForm" : "practiceForm") })),
  ];
  return (
    <div className="roles forms">
      <nav className="names" aria-label={t("whose")}>
        {all.map(({ id, name, text }) => (
          <button key={id ?? "all"} type="button" aria-pressed={id === target} onClick={() => setTarget(id)}>
            <span className="grow">
              <b>{name}</b>
              <span className="small t3 block">{text}</span>
            </span>
          </button>
        ))}
      </nav>
      <Editor
        key={target ?? "all"}
        target={target}
        data={data}
        name={all.find(({ id }) => id === target)?.name ?? ""}
      />
    </div>
  );
}

/** What was arranged and not saved, by whose form it is. */
const begun = new Map<Target, FormSections>();

function Editor({ target, data, name }: { target: Target; data: Data; name: string }) {
  const t = useT("forms");
  const saving = useAct("exams.saveForm");
  const removing = useAct("exams.removeForm");
  const stored = data.forms.find(({ role_id }) => role_id === target);
  const saved = (stored?.sections ?? (target ? data.practice : defaultForm)) as FormSections;
  const [draft, setDraft] = useState<FormSections>(begun.get(target) ?? saved);
  const [chosen, setChosen] = useState<string>(draft[0]?.section ?? "");
  const [asking, setAsking] = useState<Question | "new" | null>(null);
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const set = (sections: FormSections) => {
    begun.set(target, sections);
    setDraft(sections);
  };
  const at = draft.findIndex(({ section }) => section === chosen);
  const current = draft[at];
  const move = (from: number, to: number) => {
    const moved = draft[from];
    if (moved && to >= 0 && to < draft.length) set(draft.toSpliced(from, 1).toSpliced(to, 0, moved));
  };
  const change = (more: Partial<FormSections[number]>) =>
    set(draft.map((section, index) => (index === at ? { ...section, ...more } : section)));
  const hide = () => {
    if (draft.length === 1) return notify({ tone: "look", title: t("noSections") });
    setChosen((draft[at + 1] ?? draft[at - 1])?.section ?? "");
    set(draft.toSpliced(at, 1));
  };
  const walk = (by: 1 | -1) => {
    const next = draft[Math.max(0, Math.min(draft.length - 1, at + by))];
    if (next) setChosen(next.section);
  };
  const save = () =>
    void saving
      .act({ roleId: target, sections: draft })
      .then(() => {
        begun.delete(target);
        notify({ tone: "done", title: t("savedForm"), body: t("savedFormText") });
      })
      .catch(() => {});
  const group = t("title");
  useShortcuts([
    { keys: "ArrowDown", label: t("keys.walk"), group, run: () => walk(1) },
    { keys: "ArrowUp", label: t("keys.walk"), group, run: () => walk(-1) },
    { keys: "Alt+ArrowDown", label: t("moveDown"), group, when: at >= 0, run: () => move(at, at + 1) },
    { keys: "Alt+ArrowUp", label: t("moveUp"), group, when: at >= 0, run: () => move(at, at - 1) },
    { keys: "F", label: t("fold"), group, when: at >= 0, run: () => change({ folded: !current?.folded }) },
    { keys: "H", label: t("hide"), group, when: at >= 0, run: hide },
    { keys: "Q", label: t("newQuestion"), group, when: at >= 0, run: () => setAsking("new") },
    { keys: "Ctrl+S", label: t("saveForm"), group, when: changed, run: save },
  ]);
  return (
    <div className="form-editor">
      <FormSectionList form={draft} chosen={chosen} choose={setChosen} move={move} set={set} />
      <div className="form-middle">
        {current ? (
          <>
            <FormFields section={current} change={change} hide={hide} />
            <FormQuestions
              section={current.section}
              questions={data.questions.filter(({ section }) => section === current.section)}
              asking={asking}
              ask={setAsking}
            />
          </>
        ) : null}
      </div>
      <FormPreview form={draft} questions={data.questions} chosen={chosen} choose={setChosen} />
      <div className="form-foot">
        <div className="grow">
          <span className="t2">{t(changed ? "changed" : "noChanges")}</span>
          {saving.error ? <Callout tone="stop">{saving.error.message}</Callout> : null}
        </div>
        {stored && target ? (
          <ConfirmButton
            variant="quiet"
            title={t("sameTitle")}
            text={t("sameText", { role: name })}
            confirm={t("sameAsPractice")}
            onConfirm={() =>
              void removing
                .act({ id: stored.id })
                .then(() => set(data.practice))
                .catch((error: Error) => notify({ tone: "stop", title: error.message }))
            }
          >
            {t("sameAsPractice")}
          </ConfirmButton>
        ) : null}
        {changed ? (
          <Button
            onClick={() => {
              begun.delete(target);
              setDraft(saved);
            }}
          >
            {t("reset")}
          </Button>
        ) : null}
        <Button variant="primary" keys="Ctrl S" busy={saving.busy} waits={changed ? undefined : ""} onClick={save}>
          {t("saveForm")}
        </Button>
      </div>
      <div className="form-hints">
        <Hints
          items={[
            { keys: "↑ ↓", label: t("keys.walk") },
            { keys: "Alt ↑ ↓", label: t("keys.move") },
            { keys: "F", label: t("keys.fold") },
            { keys: "H", label: t("keys.hide") },
            { keys: "Q", label: t("keys.question") },
          ]}
        />
      </div>
    </div>
  );
}
