/** What earlier visits found, section by section and each of its day, to be read in a glance. */
import { Dialog, dateText, useT } from "../../ui/index.ts";
import { useOpened } from "./opened.ts";
import { summaryOf } from "./sections/summary.tsx";

export function LastVisitDialog({ close }: { close: () => void }) {
  const t = useT("exams");
  const { last, form } = useOpened();
  const parts = form
    .map((shown) => ({ shown, said: last ? summaryOf(shown, (key) => last.values[key] ?? null) : [] }))
    .filter(({ said }) => said.length > 0);
  const days = new Set(parts.map(({ shown }) => last?.on(shown.section) ?? ""));
  const [day = ""] = days;
  const title = days.size === 1 ? t("lastVisitOf", { date: dateText(day) }) : t("lastVisits");
  return (
    <Dialog title={parts.length === 0 ? t("lastVisit") : title} open onClose={close}>
      {parts.length === 0 ? <p className="t2">{t("noLastVisit")}</p> : null}
      <dl className="kv record">
        {parts.map(({ shown, said }) => (
          <div key={shown.section} className="typed">
            <dt>
              {shown.label}
              {days.size > 1 ? <span className="small t3 block">{dateText(last?.on(shown.section) ?? "")}</span> : null}
            </dt>
            <dd>{said.join(" · ")}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
