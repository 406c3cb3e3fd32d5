/** Booking: the patient is found in place, length follows from what they come for, and all of it can be typed. */
import { UserPlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { instantOf, localDate, localTime, readTime } from "../../../src-shared/calendar/index.ts";
import { type AppointmentKind, appointmentKinds } from "../../../src-shared/scheduling/states.ts";
import { call, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  DateInput,
  Dialog,
  dayText,
  everythingRead,
  notify,
  Select,
  TextInput,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { type FoundPatient, PatientList, RegisterPatient, usePatientSearch } from "../patients/index.tsx";
import type { DiaryActs } from "./acts.tsx";

/** What a booking starts from: a free slot, or nothing but a room. */
export interface Draft {
  readonly room: string;
  readonly optometristId: string | null;
  readonly start: number | null;
  readonly date: string;
  readonly kind?: AppointmentKind;
  readonly minutes?: number;
  readonly walkIn: boolean;
}

interface Where {
  readonly branch: { readonly id: string; readonly timeZone: string };
  readonly here: boolean;
  readonly lengths: Readonly<Record<AppointmentKind, number>>;
  readonly rooms: readonly string[];
}

export function BookingDialog({
  draft,
  where,
  acts,
  patient: known = null,
  onBooked,
  onClose,
}: {
  draft: Draft;
  where: Where;
  acts: DiaryActs;
  /** Who is to be booked in, where that is known. */
  patient?: Chosen | null;
  onBooked?: () => void;
  onClose: () => void;
}) {
  const t = useT("diary");
  const zone = where.branch.timeZone;
  const choices = useLive("scheduling.choices");
  const [patient, setPatient] = useState<Chosen | null>(known);
  const [kind, setKind] = useState<AppointmentKind>(draft.kind ?? "sight_test");
  const [minutes, setMinutes] = useState(String(draft.minutes ?? where.lengths[draft.kind ?? "sight_test"]));
  // A free time that was found is on its own day, whichever the diary shows.
  const [date, setDate] = useState(draft.start === null ? draft.date : localDate(draft.start, zone));
  const [time, setTime] = useState(draft.start === null ? "" : localTime(draft.start, zone));
  const [room, setRoom] = useState(draft.room);
  const [optometrist, setOptometrist] = useState(draft.optometristId ?? "");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const length = Number(minutes);
  const badLength = !(Number.isInteger(length) && length >= 5 && length <= 480);
  const wall = readTime(time);
  const details = useRef<HTMLDivElement>(null);
  // Where the patient was searched for there is nothing to type in any more.
  useEffect(() => {
    if (patient) details.current?.querySelector<HTMLElement>("select, input")?.focus();
  }, [patient]);
  const submit = () => {
    setTried(true);
    setRefusal(null);
    if (!patient || badLength || !room || !everythingRead()) return;
    if (!draft.walkIn && wall === null) return;
    const fields = {
      patientId: patient.id,
      room,
      optometristId: optometrist || null,
      minutes: length,
      kind,
      note: note.trim() || null,
    };
    const name = `${patient.given_name} ${patient.family_name}`;
    const booked = () => {
      onBooked?.();
      onClose();
    };
    if (draft.walkIn) return acts.walkIn(fields, name, booked, setRefusal);
    const startsAt = instantOf(date, wall as string, zone);
    const bookedThen = () => {
      // Read back to the patient: another day is not in sight, and where the clocks change the time may be another.
      const day = localDate(startsAt, zone);
      const when = `${dayText(day)} ${day.slice(0, 4)}, ${localTime(startsAt, zone)}`;
      notify({ tone: "done", title: t("bookedNow", { name }), body: t("bookedAt", { when, room }) });
      booked();
    };
    void acts.book({ ...fields, branchId: where.branch.id, startsAt }, name, bookedThen, setRefusal);
  };
  useShortcuts([{ keys: "Ctrl+Enter", label: t("book"), group: t("title"), run: submit }]);
  const rooms = [...new Set([draft.room, ...where.rooms])].filter(Boolean);
  return (
    <Dialog
      title={
        draft.walkIn
          ? t("walkInTitle")
          : draft.start === null
            ? t("bookAt")
            : t("bookTitle", { time: `${dayText(date)} ${time}` })
      }
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Ctrl Enter" onClick={submit}>
          {t(draft.walkIn ? "walkIn" : "book")}
        </Button>
      }
    >
      <div className="stack">
        {draft.walkIn ? <p className="t2">{t("walkInText")}</p> : null}
        <ChoosePatient patient={patient} onChoose={setPatient} />
        {tried && !patient ? <Callout tone="stop">{t("choosePatient")}</Callout> : null}
        <div className="bookgrid" ref={details}>
          <Select
            label={t("kind")}
            value={kind}
            options={appointmentKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
            onChange={(value) => {
              setKind(value as AppointmentKind);
              setMinutes(String(where.lengths[value as AppointmentKind]));
            }}
          />
          <TextInput
            label={t("minutes")}
            value={minutes}
            onChange={setMinutes}
            inputMode="numeric"
            error={tried && badLength ? t("badMinutes") : null}
            onEnter={submit}
          />
          {draft.walkIn ? null : (
            <>
              <DateInput label={t("date")} value={date} onChange={setDate} required />
              <TextInput
                label={t("time")}
                value={time}
                onChange={setTime}
                placeholder="14:30"
                error={(tried || time.length > 4) && wall === null ? t("badTime") : null}
                onBlur={() => wall && setTime(wall)}
                onEnter={submit}
              />
            </>
          )}
          {rooms.length > 0 ? (
            <Select
              label={t("room")}
              value={room}
              options={rooms.map((value) => ({ value, label: value }))}
              onChange={setRoom}
            />
          ) : (
            <TextInput label={t("room")} value={room} onChange={setRoom} />
          )}
          <Select
            label={t("optometrist")}
            value={optometrist}
            options={[
              { value: "", label: t("nobody") },
              ...(choices.data?.people ?? []).map(({ id, display_name }) => ({ value: id, label: display_name })),
            ]}
            onChange={setOptometrist}
          />
        </div>
        <TextInput
          label={t("note")}
          hint={t("noteHint")}
          value={note}
          onChange={setNote}
          onEnter={submit}
          maxLength={1000}
          autoComplete="off"
        />
        {refusal ? <Callout tone="stop">{refusal}</Callout> : null}
      </div>
    </Dialog>
  );
}

export type Chosen = Pick<FoundPatient, "id" | "given_name" | "family_name">;

function ChoosePatient({ patient, onChoose }: { patient: Chosen | null; onChoose: (patient: Chosen | null) => void }) {
  const t = useT("diary");
  const [text, setText] = useState("");
  const [registering, setRegistering] = useState(false);
  // The form's own Ctrl+Enter registers; the booking's stands back meanwhile.
  useShortcuts(registering ? [{ keys: "Ctrl+Enter", label: t("register"), run: () => {} }] : []);
  const { found, at, pick, arrow, enter } = usePatientSearch(text, onChoose);
  if (patient)
    return (
      <p className="row g3">
        <b className="name">
          {patient.given_name} {patient.family_name}
        </b>
        <Button size="s" variant="quiet" onClick={() => onChoose(null)}>
          {t("otherPatient")}
        </Button>
      </p>
    );
  return (
    <div className="stack">
      <TextInput
        label={t("patientFind")}
        value={text}
        onChange={setText}
        onEnter={enter}
        onArrow={arrow}
        autoFocus
        autoComplete="off"
      />
      {found.length > 0 ? (
        <div className="foundhere">
          <PatientList patients={found.slice(0, 5)} at={at} choose={pick} />
        </div>
      ) : text.trim() !== "" ? (
        <span>
          <Button size="s" icon={UserPlus} onClick={() => setRegistering(true)}>
            {t("register")}
          </Button>
        </span>
      ) : null}
      {registering ? (
        <RegisterPatient
          initial={text}
          onClose={() => setRegistering(false)}
          onDone={(id) => {
            setRegistering(false);
            void call("patients.summary", { id }).then(({ patient: made }) => onChoose(made));
          }}
        />
      ) : null}
    </div>
  );
}
