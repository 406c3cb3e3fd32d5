/** All kinds of happenings with a patient in one order of time, newest first: what the lists of the screen show. */
import {
  ArrowRightLeft,
  BriefcaseBusiness,
  CalendarClock,
  CircleDot,
  CreditCard,
  Eye,
  FileCheck,
  Glasses,
  Inbox,
  type LucideIcon,
  MessageSquare,
  PackageOpen,
  PenLine,
  ScrollText,
  Send,
  UserPen,
  Users,
  Wallet,
} from "lucide-react";
import { formatEye, formatPower, rxOf } from "../../../src-shared/optics/index.ts";
import type { Output } from "../../api/index.ts";
import { dateText, dayText, type Tone, translate } from "../../ui/index.ts";
import { fieldLabel } from "./fields.ts";

export type Summary = Output<"patients.summary">;
export type TabName = "timeline" | "exams" | "rx" | "orders" | "money" | "cases" | "messages" | "files";

export interface Entry {
  readonly id: string;
  readonly tabs: readonly TabName[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where the time of the day says nothing: papers from elsewhere. */
  readonly dayOnly?: boolean;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  /** Words of a person, shown whole. */
  readonly quote?: string;
  /** Minor units. */
  readonly amount?: number;
  readonly chip?: { readonly text: string; readonly tone?: Tone };
  /** Nobody changes it any more. */
  readonly locked?: boolean;
  readonly link?: string;
}

const say = (key: string, values?: Record<string, unknown>) => translate("patients", key, values);
const sentence = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(" ");
const stop = (text: string | null | undefined) => (text ? `${text.replace(/[.\s]+$/, "")}.` : "");

/** Both eyes in one line. */
function rxLine(row: Parameters<typeof rxOf>[0]): string {
  const { r, l } = rxOf(row);
  return [
    ["R", r],
    ["L", l],
  ]
    .map(([side, eye]) => [side, formatEye(eye as typeof r)])
    .filter(([, text]) => text !== "")
    .map(([side, text]) => `${side} ${text}`)
    .join(", ");
}

/** What happened with the patient. */
export function entriesOf(data: Summary): Entry[] {
  const entries = [
    ...clinicalEntries(data),
    ...moneyEntries(data),
    ...orderEntries(data),
    ...contactEntries(data),
    ...recordEntries(data),
  ];
  return entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

function clinicalEntries(data: Summary): Entry[] {
  const rxByExam = new Map(data.prescriptions.flatMap((rx) => (rx.exam_id ? [[rx.exam_id, rx] as const] : [])));
  return [
    ...data.exams.map((exam): Entry => {
      const rx = rxByExam.get(exam.exam_id);
      return {
        id: exam.id,
        tabs: ["timeline", "exams"],
        at: exam.at,
        icon: Eye,
        title: `${say("sightTest")}, ${exam.optometrist}`,
        text: sentence(
          rx && stop(rxLine(rx)),
          stop(translate("today", `outcome.${exam.outcome}`)),
          exam.recall_on && stop(`${say("recall")} ${dateText(exam.recall_on)}`),
        ),
        locked: true,
      };
    }),
    ...data.prescriptions.map(
      (rx): Entry => ({
        id: rx.id,
        // An exam's own prescription stands in the exam's line.
        tabs: rx.exam_id === null ? ["timeline", "rx"] : ["rx"],
        at: rx.at,
        icon: ScrollText,
        title: `${rx.source === "outside" ? say("outsideRx") : say("rx")}, ${rx.prescriber}`,
        text: sentence(
          stop(rxLine(rx)),
          stop(say("validFromTo", { from: dateText(rx.issued_on), to: dateText(rx.expires_on) })),
          stop(rx.note),
        ),
      }),
    ),
    ...data.contactLenses.map((spec): Entry => {
      const lens = (side: "r" | "l") => {
        const found = spec.lenses[side];
        return (
          found && `${side.toUpperCase()} ${found.brand}${found.sphere === null ? "" : ` ${formatPower(found.sphere)}`}`
        );
      };
      return {
        id: spec.id,
        tabs: ["timeline", "rx"],
        at: spec.at,
        icon: CircleDot,
        title: `${say("contactLenses")}, ${spec.fitter}`,
        text: sentence(
          stop([lens("r"), lens("l")].filter(Boolean).join(", ")),
          stop(say("validFromTo", { from: dateText(spec.fitted_on), to: dateText(spec.expires_on) })),
        ),
      };
    }),
    ...data.amendments.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline", "exams"],
        at: row.at,
        icon: PenLine,
        title: `${say("amendment")}, ${data.names[row.author_id] ?? say("somebody")}`,
        text: row.reason,
        ...(row.state === "amendment" ? {} : { chip: { text: say(`amendmentState.${row.state}`), tone: "look" } }),
      }),
    ),
    ...data.referrals.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline", "exams"],
        at: row.at,
        icon: Send,
        title: say("referred", { to: row.to_name }),
        text: row.reason,
        chip: { text: say(`urgency.${row.urgency}`), ...(row.urgency === "routine" ? {} : { tone: "look" as const }) },
      }),
    ),
    ...data.handoffs.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline", "exams"],
        at: row.raised_at,
        icon: ArrowRightLeft,
        title: say("handedOver", { who: data.names[row.from_user_id] ?? say("somebody") }),
        text: row.recommendation ?? "",
        chip: row.handled_at === null ? { text: say("waiting"), tone: "info" } : { text: say("takenOver") },
      }),
    ),
  ];
}

function moneyEntries(data: Summary): Entry[] {
  const lines = Map.groupBy(data.lines, ({ sale_id }) => sale_id);
  const sales = new Map(data.sales.map((sale) => [sale.id, sale]));
  return [
    ...data.sales.map((sale): Entry => {
      const sold = [...(lines.get(sale.id) ?? [])].sort((a, b) => a.ordinal - b.ordinal);
      return {
        id: sale.id,
        tabs: ["timeline", "money"],
        at: sale.at,
        icon: Glasses,
        title: `${say(sold.some(({ kind }) => kind === "lens") ? "sold" : "soldOther")}, ${sale.number}`,
        text: sentence(
          stop(sold.map(({ description }) => description).join(", ")),
          stop(data.names[sale.dispenser_id]),
        ),
        amount: sale.total,
        chip: {
          text: translate("dispensing", `status.${sale.status}`),
          tone: sale.status === "paid" ? "done" : sale.status === "unpaid" ? "look" : "info",
        },
        link: `/till/receipt/${sale.id}`,
      };
    }),
    ...data.payments.map(
      (payment): Entry => ({
        id: payment.id,
        tabs: ["timeline", "money"],
        at: payment.at,
        icon: CreditCard,
        title: say(payment.kind === "refund" ? "refund" : "payment", { tender: payment.tender.replaceAll("_", " ") }),
        text: stop(say("receipt", { number: sales.get(payment.sale_id)?.number ?? "" })),
        amount: payment.amount,
        link: `/till/receipt/${payment.sale_id}`,
      }),
    ),
    ...data.broughtBalances.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline", "money"],
        at: row.at,
        icon: Wallet,
        title: say("brought"),
        text: sentence(stop(row.reference), stop(row.note)),
        amount: row.amount,
      }),
    ),
  ];
}

function orderEntries(data: Summary): Entry[] {
  return [
    ...data.jobs.map((job): Entry => {
      const { lens, frame } = job.content;
      const over = job.cancelled || job.stage === "collected";
      return {
        id: job.id,
        tabs: ["timeline", "orders"],
        at: job.at,
        icon: BriefcaseBusiness,
        title: say("job", { number: job.number }),
        text: sentence(
          stop(frame ? say("lensIn", { lens: lens.name, frame: frame.name }) : lens.name),
          over ? "" : stop(say("promised", { date: dayText(job.promised_on) })),
          job.held && stop(job.hold_reason),
        ),
        chip: job.cancelled
          ? { text: say("cancelled") }
          : {
              text: translate("lab", `stage.${job.held ? "held" : job.stage}`),
              tone: job.held ? "stop" : job.stage === "collected" || job.stage === "ready" ? "done" : "info",
            },
        link: `/lab/${job.id}`,
      };
    }),
    ...data.broughtOrders.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline", "orders"],
        at: row.at,
        dayOnly: true,
        icon: PackageOpen,
        title: say("broughtOrder", { reference: row.reference ?? "" }),
        text: sentence(
          stop(row.description),
          stop(row.supplier),
          row.due_on && stop(say("promised", { date: dayText(row.due_on) })),
        ),
        chip: row.closed_at === null ? { text: say("openStill"), tone: "info" } : { text: say("handedOut") },
      }),
    ),
  ];
}

function contactEntries(data: Summary): Entry[] {
  const cases = new Map(data.cases.map((file) => [file.id, file]));
  return [
    ...data.appointments.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline"],
        at: row.starts_at,
        icon: CalendarClock,
        title: `${say(`appointment.${row.kind}`)}, ${data.branches[row.branch_id] ?? ""}`,
        text: sentence(
          row.optometrist_id && stop(say("with", { who: data.names[row.optometrist_id] ?? "" })),
          stop(say("room", { room: row.room })),
          stop(row.note),
        ),
        chip: {
          text: say(`visit.${row.state}`),
          ...(row.state === "did_not_attend"
            ? { tone: "look" as const }
            : row.state === "booked"
              ? { tone: "info" as const }
              : {}),
        },
      }),
    ),
    ...data.cases.map(
      (file): Entry => ({
        id: file.id,
        tabs: ["timeline", "cases"],
        at: file.opened_at,
        icon: Inbox,
        title: `${say("case", { number: file.number })}: ${file.subject}`,
        text: file.owner_id ? stop(data.names[file.owner_id]) : stop(say("nobodys")),
        chip: {
          text: translate("cases", `status.${file.status}`),
          ...(["closed", "resolved", "archived"].includes(file.status) ? {} : { tone: "info" as const }),
        },
        link: `/cases/${file.id}`,
      }),
    ),
    ...data.messages.map(
      (message): Entry => ({
        id: message.id,
        tabs: ["messages"],
        at: message.at,
        icon: MessageSquare,
        title: sentence(
          message.from === "patient" ? say("fromPatient") : say("fromStaff", { who: message.author }),
          `· ${cases.get(message.case_id)?.number ?? ""}`,
        ),
        text: "",
        quote: message.body,
        chip: { text: translate("cases", `channels.${message.channel}`) },
        link: `/cases/${message.case_id}`,
      }),
    ),
    ...data.consents.map(
      (row): Entry => ({
        id: row.id,
        tabs: ["timeline"],
        at: row.at,
        icon: FileCheck,
        title: say(row.given ? "consentGiven" : "consentWithdrawn", { what: say(`purpose.${row.purpose}`) }),
        text: sentence(stop(say(`how.${row.how}`)), row.user_id && stop(data.names[row.user_id]), stop(row.note)),
      }),
    ),
  ];
}

/** Milliseconds between two edits of one sitting. */
const sitting = 30 * 60_000;

/** Edits of details newest first, those of one person in one sitting together; a merge stands by itself. */
function sittings(changes: Summary["changes"]): Summary["changes"][number][][] {
  const groups: Summary["changes"][number][][] = [];
  const merges = new Set(changes.filter(({ field }) => field === "merged_into_id").map(({ at }) => at));
  for (const change of changes) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const together =
      before &&
      before.user_id === change.user_id &&
      (before.at === change.at ||
        (before.at - change.at < sitting && !merges.has(before.at) && !merges.has(change.at)));
    if (together) group?.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** Merges, and edits of details. */
function recordEntries(data: Summary): Entry[] {
  const merged = new Map(data.merged.map((row) => [row.id, row]));
  return sittings(data.changes).map((changes): Entry => {
    const [{ id, at, user_id } = { id: "", at: 0, user_id: null }] = changes;
    const merge = changes.find(({ field }) => field === "merged_into_id");
    const names = [
      ...new Set(changes.filter(({ field }) => field !== "merged_into_id").map(({ field }) => fieldLabel(field))),
    ];
    const who = stop(user_id ? data.names[user_id] : null);
    const other = merge && merged.get(merge.patient_id);
    return {
      id,
      tabs: ["timeline"],
      at,
      icon: merge ? Users : UserPen,
      title: merge
        ? say(merge.after === null ? "unmergedEntry" : "mergedEntry", {
            who: other ? `${other.given_name} ${other.family_name}, ${other.number}` : say("anotherRecord"),
          })
        : say("edited", { fields: names.join(", ") }),
      text: sentence(merge && names.length > 0 && stop(say("tookOver", { fields: names.join(", ") })), who),
    };
  });
}
