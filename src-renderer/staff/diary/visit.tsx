/** A booking as it is shown anywhere: its state, how long somebody has waited, and what to mind about the patient. */
import {
  AlertTriangle,
  ArrowLeftRight,
  Baby,
  CalendarClock,
  CircleX,
  Clock,
  DoorOpen,
  Ear,
  Eye,
  EyeOff,
  Glasses,
  LogOut,
  type LucideIcon,
  ScanEye,
  UserX,
} from "lucide-react";
import type { AppointmentState } from "../../../src-shared/scheduling/states.ts";
import {
  type Ageing,
  ageing,
  inHours,
  latenessMinutes,
  minutesBetween,
  type Patience,
  waitingMinutes,
} from "../../../src-shared/scheduling/waiting.ts";
import { Chip, type Tone, useT } from "../../ui/index.ts";
import type { Visit } from "./geometry.ts";

const looks: Readonly<Record<AppointmentState, { icon: LucideIcon; tone: Tone | undefined }>> = {
  booked: { icon: CalendarClock, tone: undefined },
  arrived: { icon: DoorOpen, tone: "info" },
  pre_test: { icon: ScanEye, tone: "info" },
  with_optometrist: { icon: Eye, tone: "accent" },
  dispensing: { icon: Glasses, tone: "accent" },
  gone: { icon: LogOut, tone: "done" },
  cancelled: { icon: CircleX, tone: undefined },
  did_not_attend: { icon: UserX, tone: "stop" },
};

export const stateOf = (visit: Visit): AppointmentState => visit.state as AppointmentState;
export const nameOf = (visit: Visit): string => `${visit.given_name} ${visit.family_name}`;

export const isHere = (state: string): boolean =>
  ["arrived", "pre_test", "with_optometrist", "dispensing"].includes(state);

export function StateChip({ state }: { state: AppointmentState }) {
  const t = useT("diary");
  const look = looks[state] ?? looks.booked;
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {t(`states.${state}`)}
    </Chip>
  );
}

export const waitTones: Readonly<Record<Ageing, Tone | undefined>> = { calm: undefined, look: "look", late: "stop" };

/** Minutes with a colour, an icon and words: nobody has to see the colour. */
export function WaitChip({ visit, now, patience }: { visit: Visit; now: number; patience: Patience }) {
  const t = useT("diary");
  const place = { ...visit, state: stateOf(visit) };
  const waiting = waitingMinutes(place, now);
  if (waiting !== null) {
    if (visit.state === "arrived" && now < visit.starts_at) return <span className="small t3">{t("early")}</span>;
    const age = ageing(waiting, patience);
    return (
      <Chip tone={waitTones[age]} icon={age === "late" ? AlertTriangle : Clock}>
        {waiting < 60 ? t("waiting", { minutes: waiting }) : t("waitingHours", inHours(waiting))}
      </Chip>
    );
  }
  const late = latenessMinutes(place, now);
  if (late !== null && late > 0)
    return (
      <Chip tone={waitTones[ageing(late, patience)]} icon={Clock}>
        {t("late", { minutes: late })}
      </Chip>
    );
  const ahead = visit.state === "booked" ? minutesBetween(now, visit.starts_at) : 0;
  return ahead > 0 && ahead <= 60 ? <span className="small t3">{t("dueIn", { minutes: ahead })}</span> : null;
}

interface Flag {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly tone: Tone;
}
/** What to think of before somebody is called in. */
export function useFlags(): (visit: Visit) => Flag[] {
  const t = useT("diary");
  return (visit) => [
    ...(visit.age < 16 ? [{ icon: Baby, text: t("flags.child"), tone: "info" as const }] : []),
    ...(visit.sight_impaired
      ? [{ icon: EyeOff, text: t(`flags.${visit.sight_impaired}`), tone: "info" as const }]
      : []),
    ...(visit.needs ? [{ icon: Ear, text: t("flags.needs", { text: visit.needs }), tone: "info" as const }] : []),
    ...(visit.warning
      ? [{ icon: AlertTriangle, text: t("flags.warning", { text: visit.warning }), tone: "look" as const }]
      : []),
    ...(visit.allergies
      ? [{ icon: AlertTriangle, text: t("flags.allergies", { text: visit.allergies }), tone: "look" as const }]
      : []),
  ];
}

export function FlagIcons({ visit }: { visit: Visit }) {
  const flags = useFlags()(visit);
  if (flags.length === 0) return null;
  return (
    <span className="flags">
      {flags.map(({ icon: Icon, text, tone }) => (
        <span key={text} className={`is-${tone}`} role="img" aria-label={text} title={text}>
          <Icon className="i s" aria-hidden />
        </span>
      ))}
    </span>
  );
}

export function ClashMark() {
  const t = useT("diary");
  return (
    <span className="is-stop" role="img" aria-label={t("clash")} title={t("clash")}>
      <ArrowLeftRight className="i s" aria-hidden />
    </span>
  );
}
