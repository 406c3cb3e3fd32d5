/** The day list in brief, for the first screen: who is here, and who comes next. */
import { ListChecks } from "lucide-react";
import { localTime } from "../../../src-shared/calendar/index.ts";
import { nextState } from "../../../src-shared/scheduling/waiting.ts";
import { useLive } from "../../api/index.ts";
import { Button, go, useNow, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { useDiaryActs } from "./acts.tsx";
import { FlagIcons, isHere, nameOf, StateChip, stateOf, WaitChip } from "./visit.tsx";

/** As many as fit beside the rest of the screen. */
const most = 6;

export function NextPatients() {
  const t = useT("diary");
  const { may, device } = useSession();
  const { data: day } = useLive("scheduling.day", {});
  const now = useNow();
  const acts = useDiaryActs();
  if (!day) return null;
  const coming = day.appointments.filter(
    // Who is an hour late and was not marked still stands in the list itself.
    (visit) => isHere(visit.state) || (visit.state === "booked" && visit.starts_at > now - 3_600_000),
  );
  const list = [...coming].sort((a, b) => Number(isHere(b.state)) - Number(isHere(a.state))).slice(0, most);
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  return (
    <section className="today-part">
      <div className="row g3 pad">
        <h2 className="section">{t("nextPatients")}</h2>
        <span className="push" />
        <Button size="s" icon={ListChecks} onClick={() => go("/diary/list")}>
          {t("views.list")}
        </Button>
      </div>
      {list.length === 0 ? (
        <p className="pad t3">
          {t("noList")}. {t("noListText")}
        </p>
      ) : (
        <table className="tbl">
          <tbody>
            {list.map((visit) => {
              const next = nextState(stateOf(visit));
              return (
                <tr key={visit.id}>
                  <td className="tab t2 nowrap">{localTime(visit.starts_at, day.branch.timeZone)}</td>
                  <td>
                    <a className="name" href={`#/patients/${visit.patient_id}`}>
                      {nameOf(visit)}
                    </a>{" "}
                    <span className="small t3">{t("age", { age: visit.age })}</span> <FlagIcons visit={visit} />
                  </td>
                  <td className="t2">{t(`kinds.${visit.kind}`)}</td>
                  <td>
                    <StateChip state={stateOf(visit)} />
                  </td>
                  <td>
                    <WaitChip visit={visit} now={now} patience={day.patience} />
                  </td>
                  <td className="num">
                    <span className="row g2 end">
                      {examines && visit.state !== "dispensing" ? (
                        <Button size="s" onClick={() => acts.startExam(visit)}>
                          {t(visit.exam_id ? "openExam" : "startExam")}
                        </Button>
                      ) : null}
                      {next ? (
                        <Button size="s" onClick={() => acts.next(visit)}>
                          {t(`next.${next}`)}
                        </Button>
                      ) : null}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {acts.question}
    </section>
  );
}
