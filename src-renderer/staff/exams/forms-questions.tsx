/** Questions of the practice's own in a section: added, changed, put in order, asked no more. */
import { ArrowDown, ArrowUp, MessageCircleQuestion, Plus } from "lucide-react";
import { useState } from "react";
import { type QuestionKind, questionKinds } from "../../../src-shared/exams/kinds.ts";
import { type Output, useAct } from "../../api/index.ts";
import {
  Button,
  Callout,
  Checkbox,
  Chip,
  ConfirmButton,
  Dialog,
  EmptyState,
  notify,
  Select,
  TextInput,
  useT,
} from "../../ui/index.ts";

export type Question = Output<"exams.forms">["questions"][number];

export function FormQuestions({
  section,
  questions,
  asking,
  ask,
}: {
  section: string;
  questions: readonly Question[];
  asking: Question | "new" | null;
  ask: (question: Question | "new" | null) => void;
}) {
  const t = useT("forms");
  const saving = useAct("exams.saveQuestion");
  const removing = useAct("exams.removeQuestion");
  const failed = (error: Error) => notify({ tone: "stop", title: error.message });
  /** Positions are written anew from the top: two questions made at once elsewhere may share one. */
  const move = (from: number, to: number) => {
    const moved = questions[from];
    if (!moved || to < 0 || to >= questions.length) return;
    const order = questions.toSpliced(from, 1).toSpliced(to, 0, moved);
    void Promise.all(
      order.map((question, position) =>
        question.position === position ? null : saving.act({ ...inputOf(question), position }),
      ),
    ).catch(failed);
  };
  return (
    <section className="form-part">
      <div className="row g3">
        <h3 className="section">{t("questions")}</h3>
        <span className="push" />
        <Button size="s" icon={Plus} keys="Q" onClick={() => ask("new")}>
          {t("newQuestion")}
        </Button>
      </div>
      {questions.length === 0 ? (
        <EmptyState icon={MessageCircleQuestion} title={t("noQuestions")}>
          {t("noQuestionsText")}
        </EmptyState>
      ) : null}
      <ol className="form-questions">
        {questions.map((question, index) => (
          <li key={question.id}>
            <div className="grow">
              <b>{question.label}</b>
              <p className="small t3">
                {t(`kinds.${question.kind}`)}
                {question.options.length > 0 ? `: ${question.options.join(", ")}` : ""}
                {question.unit ? `, ${question.unit}` : ""} {question.perEye ? `· ${t("eyes")}` : ""}
              </p>
            </div>
            {question.expected ? <Chip>{t("expectedMark")}</Chip> : null}
            <button
              type="button"
              className="btn quiet s"
              aria-label={`${t("moveUp")}: ${question.label}`}
              onClick={() => move(index, index - 1)}
            >
              <ArrowUp className="i s" aria-hidden />
            </button>
            <button
              type="button"
              className="btn quiet s"
              aria-label={`${t("moveDown")}: ${question.label}`}
              onClick={() => move(index, index + 1)}
            >
              <ArrowDown className="i s" aria-hidden />
            </button>
            <Button size="s" onClick={() => ask(question)}>
              {t("edit")}
            </Button>
            <ConfirmButton
              size="s"
              variant="quiet"
              title={t("retireTitle")}
              text={t("retireText")}
              confirm={t("retire")}
              onConfirm={() => void removing.act({ id: question.id }).catch(failed)}
            >
              {t("retire")}
            </ConfirmButton>
          </li>
        ))}
      </ol>
      {asking ? (
        <EditQuestion
          section={section}
          question={asking === "new" ? null : asking}
          position={questions.length}
          onClose={() => ask(null)}
        />
      ) : null}
    </section>
  );
}

function inputOf({ id, section, label, kind, options, unit, perEye, expected, position }: Question) {
  return { id, section, label, kind: kind as QuestionKind, options, unit, perEye, expected, position };
}

function EditQuestion({
  section,
  question,
  position,
  onClose,
}: {
  section: string;
  question: Question | null;
  position: number;
  onClose: () => void;
}) {
  const t = useT("forms");
  const saving = useAct("exams.saveQuestion");
  const [form, setForm] = useState(() => ({
    label: question?.label ?? "",
    kind: (question?.kind ?? "text") as QuestionKind,
    options: question?.options.join("\n") ?? "",
    unit: question?.unit ?? "",
    perEye: question?.perEye ?? false,
    expected: question?.expected ?? false,
  }));
  const set = (more: Partial<typeof form>) => setForm({ ...form, ...more });
  const listed = form.kind === "choice" || form.kind === "many";
  const submit = () =>
    void saving
      .act({
        id: question?.id ?? null,
        section,
        label: form.label,
        kind: form.kind,
        options: listed
          ? form.options
              .split("\n")
              .map((line) => line.trim())
              .filter(Boolean)
          : [],
        unit: form.kind === "number" ? form.unit || null : null,
        perEye: form.perEye,
        expected: form.expected,
        position: question?.position ?? position,
      })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t(question ? "editQuestion" : "newQuestion")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={saving.busy} onClick={submit}>
          {t("saveQuestion")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput
          label={t("label")}
          value={form.label}
          onChange={(label) => set({ label })}
          onEnter={submit}
          autoComplete="off"
        />
        <div className="grid2">
          <Select
            label={t("kind")}
            value={form.kind}
            onChange={(kind) => set({ kind: kind as QuestionKind })}
            options={questionKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
          {form.kind === "number" ? (
            <TextInput label={t("unit")} value={form.unit} onChange={(unit) => set({ unit })} autoComplete="off" />
          ) : null}
        </div>
        {listed ? (
          <TextInput label={t("options")} value={form.options} onChange={(options) => set({ options })} multiline={5} />
        ) : null}
        <Checkbox label={t("perEye")} checked={form.perEye} onChange={(perEye) => set({ perEye })} />
        <Checkbox label={t("expected")} checked={form.expected} onChange={(expected) => set({ expected })} />
        {saving.error ? <Callout tone="stop">{saving.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
