/** What was sold and paid, and what is on order. */
import { BriefcaseBusiness, CreditCard, Glasses, PackageOpen, Wallet } from "lucide-react";
import { dayText, translate } from "../../ui/index.ts";
import { type Entry, type Summary, say, sentence, stop } from "./entry.ts";

export function moneyEntries(data: Summary): Entry[] {
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
    // What the till took or used of it stands in its sale.
    ...data.broughtBalances
      .filter(({ sale_id }) => sale_id === null)
      .map(
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

export function orderEntries(data: Summary): Entry[] {
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
