/** What can be done in the diary, each with the way back; and the two questions that a refusal may become. */
import { type ReactNode, useRef, useState } from "react";
import type { AppointmentKind, AppointmentState, visitStates } from "../../../src-shared/scheduling/states.ts";
import { nextState, previousStep } from "../../../src-shared/scheduling/waiting.ts";
import { send, type UiError } from "../../api/index.ts";
import { Button, Dialog, go, notify, useT } from "../../ui/index.ts";
import type { Visit } from "./geometry.ts";

interface Place {
  readonly room: string;
  readonly optometristId: string | null;
}
interface Booking extends Place {
  readonly patientId: string;
  readonly minutes: number;
  readonly kind: AppointmentKind;
  readonly note: string | null;
}
type Step = (typeof visitStates)[number] | "reopened";
interface Question {
  readonly title: string;
  readonly message: string;
  readonly confirm: string;
  readonly again: () => void;
}

export type DiaryActs = ReturnType<typeof useDiaryActs>;

export function useDiaryActs() {
  const t = useT("diary");
  const undos = useRef<{ what: string; run: () => Promise<unknown> }[]>([]);
  const [question, setQuestion] = useState<Question | null>(null);

  const tell = (title: string) => notify({ tone: "look", title });
  const trouble = (error: unknown) => tell((error as Error).message);
  const done = (what: string, run: () => Promise<unknown>) => {
    undos.current = [...undos.current.slice(-19), { what, run }];
  };

  /** Does it; what is refused for being outside the hours or taken is asked about where the person may insist. */
  async function insist<T>(
    work: (way: { outside: boolean; over: boolean }) => Promise<T>,
    after: (result: T) => void,
    refused: (message: string) => void = tell,
    way = { outside: false, over: false },
  ): Promise<void> {
    try {
      after(await work(way));
    } catch (error) {
      const { code, message, args } = error as UiError;
      const ask = (title: string, confirm: string, next: typeof way) =>
        setQuestion({ title, message, confirm, again: () => void insist(work, after, refused, next) });
      if (code === "OUTSIDE_HOURS") ask(t("outsideTitle"), t("outsideDo"), { ...way, outside: true });
      else if (code === "TAKEN" && args.overbook === true) ask(t("takenTitle"), t("takenDo"), { ...way, over: true });
      else refused(message);
    }
  }

  const nameOf = (visit: Visit) => `${visit.given_name} ${visit.family_name}`;
  const step = (visit: Visit, to: Step) => {
    const back = visit.state === "booked" ? "reopened" : (visit.state as Step);
    void send("scheduling.step", { id: visit.id, to })
      .then(() =>
        done(t("did.step", { name: nameOf(visit) }), () => send("scheduling.step", { id: visit.id, to: back })),
      )
      .catch(trouble);
  };
  const reopen = (id: string) => send("scheduling.step", { id, to: "reopened" });

  return {
    /** What is refused is told where it was asked for: a notice would lie behind the dialog. */
    book: (
      booking: Booking & { branchId: string; startsAt: number },
      name: string,
      after: () => void,
      refused: (message: string) => void,
    ) =>
      insist(
        ({ outside, over }) => send(over ? "scheduling.overbook" : "scheduling.book", { ...booking, outside }),
        ({ id }) => {
          done(t("did.book", { name }), () => send("scheduling.cancel", { id, reason: t("undoReason") }));
          after();
        },
        refused,
      ),
    walkIn: (input: Booking, name: string, after: () => void, refused: (message: string) => void) =>
      void send("scheduling.walkIn", input)
        .then(({ id }) => {
          done(t("did.walkIn", { name }), () => send("scheduling.cancel", { id, reason: t("undoReason") }));
          after();
        })
        .catch((error: Error) => refused(error.message)),
    move: (visit: Visit, to: Place & { readonly startsAt: number }) => {
      if (to.startsAt === visit.starts_at && to.room === visit.room) return;
      const back = {
        id: visit.id,
        room: visit.room,
        optometristId: visit.optometrist_id,
        startsAt: visit.starts_at,
        minutes: visit.minutes,
        outside: true,
      };
      void insist(
        ({ outside, over }) => send(over ? "scheduling.moveOver" : "scheduling.move", { ...to, id: visit.id, outside }),
        () => done(t("did.move", { name: nameOf(visit) }), () => send("scheduling.move", back)),
      );
    },
    step,
    next: (visit: Visit) => {
      const to = nextState(visit.state as AppointmentState);
      if (to) step(visit, to);
    },
    back: (visit: Visit) => {
      const to = previousStep(visit.state as AppointmentState);
      if (to) step(visit, to);
    },
    cancel: (visit: Visit, reason: string, after: () => void) =>
      void send("scheduling.cancel", { id: visit.id, reason })
        .then(() => {
          done(t("did.cancel", { name: nameOf(visit) }), () => reopen(visit.id));
          after();
        })
        .catch(trouble),
    didNotAttend: (visit: Visit) =>
      void send("scheduling.didNotAttend", { id: visit.id })
        .then(() => done(t("did.didNotAttend", { name: nameOf(visit) }), () => reopen(visit.id)))
        .catch(trouble),
    change: (input: { id: string; note: string; kind?: AppointmentKind }, after: () => void) =>
      void send("scheduling.change", input).then(after).catch(trouble),
    startExam: (visit: Visit) =>
      visit.exam_id
        ? go(`/exam/${visit.exam_id}`)
        : void send("exams.start", {
            patientId: visit.patient_id,
            appointmentId: visit.id,
          })
            .then(({ id }) => go(`/exam/${id}`))
            .catch(trouble),
    undo: () => {
      const last = undos.current.pop();
      if (!last) {
        notify({ title: t("nothingToUndo") });
        return;
      }
      void last
        .run()
        .then(() => notify({ tone: "done", title: t("undone", { what: last.what }) }))
        .catch(trouble);
    },
    question: question ? <Ask question={question} onClose={() => setQuestion(null)} /> : null,
  };
}

function Ask({ question, onClose }: { question: Question; onClose: () => void }): ReactNode {
  return (
    <Dialog
      title={question.title}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          autoFocus
          onClick={() => {
            onClose();
            question.again();
          }}
        >
          {question.confirm}
        </Button>
      }
    >
      <p className="t2">{question.message}</p>
    </Dialog>
  );
}
