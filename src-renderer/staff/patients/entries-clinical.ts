/** What was found, prescribed, referred and handed over. */
import { ArrowRightLeft, CircleDot, Eye, PenLine, ScrollText, Send } from "lucide-react";
import { formatEye, formatPower, rxOf } from "../../../src-shared/optics/index.ts";
import { dateText, translate } from "../../ui/index.ts";
import { type Entry, type Summary, say, sentence, stop } from "./entry.ts";

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

export function clinicalEntries(data: Summary): Entry[] {
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
        ...(data.sees.clinical && data.holds.clinical ? { link: `/exam/${exam.exam_id}` } : {}),
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
