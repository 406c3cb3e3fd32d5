/** Beside the day: who the chosen patient is, what they come for, and the one step that usually follows. */
import { CalendarPlus, Phone } from "lucide-react";
import { localTime } from "../../../src-shared/calendar/index.ts";
import { visitStates } from "../../../src-shared/scheduling/states.ts";
import { nextState, previousStep } from "../../../src-shared/scheduling/waiting.ts";
import { Button, Callout, Chip, ContextSection, dateText, EmptyState, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { Day, Visit } from "./geometry.ts";
import { nameOf, StateChip, stateOf, useFlags, WaitChip } from "./visit.tsx";

export interface DetailActs {
  next(visit: Visit): void;
  back(visit: Visit): void;
  step(visit: Visit, to: (typeof visitStates)[number]): void;
  exam(visit: Visit): void;
  pickUp(visit: Visit): void;
  edit(visit: Visit): void;
  cancel(visit: Visit): void;
  didNotAttend(visit: Visit): void;
}

export function Details({ day, visit, now, acts }: { day: Day; visit: Visit | null; now: number; acts: DetailActs }) {
  const t = useT("diary");
  const { may, device } = useSession();
  const flagsOf = useFlags();
  if (!visit)
    return (
      <EmptyState icon={CalendarPlus} title={t("choose")}>
        {t("chooseText")}
      </EmptyState>
    );
  const state = stateOf(visit);
  const zone = day.branch.timeZone;
  const next = nextState(state);
  const back = previousStep(state);
  const flags = flagsOf(visit);
  const changes = may("appointments:change");
  const examines = may("exams:create") && ["exam", "single"].includes(device.profile);
  const open = state === "booked" || state === "arrived";
  const exam = examines && !["gone", "cancelled", "did_not_attend"].includes(state);
  return (
    <>
      <ContextSection>
        <div className="stack">
          <div>
            <a className="section" href={`#/patients/${visit.patient_id}`}>
              {nameOf(visit)}
            </a>
            <p className="small t2 tab">
              {dateText(visit.date_of_birth)} · {t("age", { age: visit.age })} · {visit.number}
            </p>
            {visit.phone ? (
              <p className="small t2 row g1 tab">
                <Phone className="i s" aria-hidden /> {visit.phone}
              </p>
            ) : null}
          </div>
          {flags.length > 0 ? (
            <ul className="flaglist">
              {flags.map(({ icon: Icon, text, tone }) => (
                <li key={text} className={`is-${tone}`}>
                  <Icon className="i s" aria-hidden /> <span>{text}</span>
                </li>
              ))}
            </ul>
          ) : null}
          {visit.clashes.length > 0 ? (
            <Callout tone="stop" title={t("clash")}>
              <p>{t("clashText")}</p>
            </Callout>
          ) : null}
        </div>
      </ContextSection>
      <ContextSection>
        <dl className="kv">
          <dt>{t("time")}</dt>
          <dd className="tab">
            {localTime(visit.starts_at, zone)}–{localTime(visit.starts_at + visit.minutes * 60_000, zone)}
          </dd>
          <dt>{t("room")}</dt>
          <dd>{visit.room}</dd>
          <dt>{t("optometrist")}</dt>
          <dd>{visit.optometrist ?? t("nobody")}</dd>
          <dt>{t("kind")}</dt>
          <dd>
            {t(`kinds.${visit.kind}`)} {visit.walk_in ? <Chip>{t("walkedIn")}</Chip> : null}
          </dd>
        </dl>
        {visit.note ? <p className="visitnote">{visit.note}</p> : null}
        {visit.booked_by ? <p className="small t3">{t("bookedBy", { name: visit.booked_by })}</p> : null}
      </ContextSection>
      <ContextSection>
        <div className="stack">
          <p className="row g2 wrap">
            <StateChip state={state} />
            {visit.state_at ? (
              <span className="small t3 tab">{t("since", { time: localTime(visit.state_at, zone) })}</span>
            ) : null}
            <WaitChip visit={visit} now={now} patience={day.patience} />
          </p>
          {state === "cancelled" && visit.reason ? <p className="t2">{t("reason", { text: visit.reason })}</p> : null}
          {next ? (
            <Button variant="primary" keys=">" onClick={() => acts.next(visit)}>
              {t(`next.${next}`)}
            </Button>
          ) : null}
          {exam ? (
            <Button keys="X" onClick={() => acts.exam(visit)}>
              {t(visit.exam_id ? "openExam" : "startExam")}
            </Button>
          ) : null}
          {back ? (
            <Button variant="quiet" keys="<" onClick={() => acts.back(visit)}>
              {state === "cancelled" || state === "did_not_attend"
                ? t("bookAgain")
                : t("backTo", { state: t(`states.${back === "reopened" ? "booked" : back}`) })}
            </Button>
          ) : null}
          {next && next !== "gone" ? (
            <p className="small t3 skips">
              {t("skip")}{" "}
              {visitStates.slice(visitStates.indexOf(next) + 1).map((to) => (
                <button key={to} type="button" className="plain skip" onClick={() => acts.step(visit, to)}>
                  {t(`states.${to}`)}
                </button>
              ))}
            </p>
          ) : null}
        </div>
      </ContextSection>
      {changes ? (
        <ContextSection>
          <div className="row g2 wrap">
            {open ? (
              <Button size="s" keys="M" onClick={() => acts.pickUp(visit)}>
                {t("move")}
              </Button>
            ) : null}
            <Button size="s" keys="E" onClick={() => acts.edit(visit)}>
              {t("edit")}
            </Button>
            {state === "booked" && visit.starts_at <= now ? (
              <Button size="s" keys="D" onClick={() => acts.didNotAttend(visit)}>
                {t("didNotAttend")}
              </Button>
            ) : null}
            {open ? (
              <Button size="s" variant="danger" keys="Del" onClick={() => acts.cancel(visit)}>
                {t("cancel")}
              </Button>
            ) : null}
          </div>
        </ContextSection>
      ) : null}
    </>
  );
}
