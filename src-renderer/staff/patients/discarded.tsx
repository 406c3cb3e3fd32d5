/** Drafts of exams that somebody discarded, above the patient's exams: what was written in them is still there. */
import { Undo2 } from "lucide-react";
import { useAct, useLive } from "../../api/index.ts";
import { Button, Callout, go, useT, When } from "../../ui/index.ts";

export function DiscardedExams({ patientId, examines }: { patientId: string; examines: boolean }) {
  const t = useT("patients");
  const { data } = useLive("exams.discarded", { patientId });
  const takeUp = useAct("exams.takeUp");
  return (data ?? []).map((exam) => (
    <div className="pt-strip" key={exam.id}>
      <Callout tone="info">
        <span className="row g3">
          <span className="grow">
            {t("discardedExam", { name: exam.discarded_by ?? exam.optometrist, count: exam.written })}{" "}
            <When at={exam.discarded_at} mode="date" />
            {takeUp.error ? <span className="block is-stop">{takeUp.error.message}</span> : null}
          </span>
          {examines ? (
            <Button
              size="s"
              icon={Undo2}
              busy={takeUp.busy}
              onClick={() =>
                void takeUp
                  .act({ id: exam.id })
                  .then(() => go(`/exam/${exam.id}`))
                  .catch(() => {})
              }
            >
              {t("takeUpExam")}
            </Button>
          ) : null}
        </span>
      </Callout>
    </div>
  ));
}
