/** When the patient was here or wrote, and what they agreed to. */
import { CalendarClock, FileCheck, Inbox, MessageSquare } from "lucide-react";
import { translate } from "../../ui/index.ts";
import { type Entry, type Summary, say, sentence, stop } from "./entry.ts";

export function contactEntries(data: Summary): Entry[] {
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
          stop(row.room),
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
