/** Drafts that somebody discarded: nothing that was written in one is lost, and it can be taken up again. */
import { Undo2 } from "lucide-react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, dateText, EmptyState, go, useShortcuts, useT, When } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";

function useTakeUp() {
  const { act, error, busy } = useAct("exams.takeUp");
  const takeUp = (id: string, then: () => void) =>
    void act({ id })
      .then(then)
      .catch(() => {});
  return { takeUp, error, busy };
}

/** Below the drafts in the list of exams, for who may go on with one. */
export function DiscardedDrafts() {
  const t = useT("exams");
  const { may } = useSession();
  const { data } = useLive("exams.discarded", { patientId: null });
  const { takeUp, error } = useTakeUp();
  if (!data?.length || !may("exams:create")) return null;
  return (
    <section>
      <h2 className="section pad">{t("discarded")}</h2>
      {error ? <Callout tone="stop">{error.message}</Callout> : null}
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("patient")}</th>
            <th>{t("reason")}</th>
            <th>{t("by")}</th>
            <th>{t("discardedAt")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {data.map((exam) => (
            <tr key={exam.id}>
              <td>
                <b>
                  {exam.given_name} {exam.family_name}
                </b>{" "}
                <span className="t3">{dateText(exam.date_of_birth)}</span>
              </td>
              <td className="t2">{exam.reason}</td>
              <td>{exam.optometrist}</td>
              <td>
                <When at={exam.discarded_at} />
                <span className="small t3 block">{exam.discarded_by}</span>
              </td>
              <td className="num">
                <Button size="s" icon={Undo2} onClick={() => takeUp(exam.id, () => go(`/exam/${exam.id}`))}>
                  {t("takeUp")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** In place of a discarded draft that somebody opens. */
export function DiscardedScreen({ data: { exam } }: { data: Output<"exams.get"> }) {
  const t = useT("exams");
  const { data } = useLive("exams.discarded", { patientId: exam.patient_id });
  const { takeUp, error, busy } = useTakeUp();
  // The exam itself tells the screen when it is a draft again.
  const again = () => takeUp(exam.id, () => {});
  useShortcuts([
    { keys: "Ctrl+Enter", label: t("takeUp"), group: t("list"), when: true, run: again },
    { keys: "Escape", label: t("list"), group: t("list"), when: true, run: () => go("/exam") },
  ]);
  const found = data?.find(({ id }) => id === exam.id);
  if (!found) return null;
  return (
    <EmptyState
      icon={Undo2}
      title={t("discardedBy", { name: found.discarded_by ?? found.optometrist })}
      action={
        <Button variant="primary" keys="Ctrl Enter" busy={busy} onClick={again}>
          {t("takeUp")}
        </Button>
      }
    >
      <When at={found.discarded_at} />
      <p>{t("discardedText", { count: found.written })}</p>
      {error ? <Callout tone="stop">{error.message}</Callout> : null}
    </EmptyState>
  );
}
