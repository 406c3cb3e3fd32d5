/** The visit before this one, section by section, to be read in a glance. */
import { Dialog, useT } from "../../ui/index.ts";
import { useOpened } from "./opened.ts";
import { summaryOf } from "./sections/summary.tsx";

export function LastVisitDialog({ close }: { close: () => void }) {
  const t = useT("exams");
  const { last, form } = useOpened();
  const parts = form
    .map((shown) => ({ shown, said: last ? summaryOf(shown, (key) => last.values[key] ?? null) : [] }))
    .filter(({ said }) => said.length > 0);
  return (
    <Dialog title={last ? t("lastVisitOf", { date: last.label }) : t("lastVisit")} open onClose={close}>
      {parts.length === 0 ? <p className="t2">{t("noLastVisit")}</p> : null}
      <dl className="kv record">
        {parts.map(({ shown, said }) => (
          <div key={shown.section} className="typed">
            <dt>{shown.label}</dt>
            <dd>{said.join(" · ")}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
