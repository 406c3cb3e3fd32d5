/** What earlier visits found, section by section and each of its day, to be read in a glance. */
import { type EyeRx, emptyEye } from "../../../src-shared/optics/index.ts";
import { Dialog, dateText, Rx, useT } from "../../ui/index.ts";
import { useOpened } from "./opened.ts";
import { statedIn } from "./sections/summary.tsx";

const cells = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"] as const;

export function LastVisitDialog({ close }: { close: () => void }) {
  const t = useT("exams");
  const { last, form } = useOpened();
  const value = (key: string) => last?.values[key] ?? null;
  /** A refraction is read as it is written: right above left. */
  const eye = (section: string, side: "r" | "l") =>
    ({
      ...emptyEye,
      ...Object.fromEntries(cells.map((cell) => [cell, value(`${section}.${cell}.${side}`)])),
    }) as EyeRx;
  const parts = form
    .map((shown) => {
      const { section } = shown;
      const [r, l] = [eye(section, "r"), eye(section, "l")];
      const refracted = r.sphere !== null || l.sphere !== null;
      const said = statedIn(shown, value).filter(
        ({ key }) => !refracted || !cells.some((cell) => key === `${section}.${cell}`),
      );
      return { shown, said, rx: refracted ? { r, l } : null };
    })
    .filter(({ said, rx }) => said.length > 0 || rx);
  const days = new Set(parts.map(({ shown }) => last?.on(shown.section) ?? ""));
  const [day = ""] = days;
  const title = days.size === 1 ? t("lastVisitOf", { date: dateText(day) }) : t("lastVisits");
  return (
    <Dialog title={parts.length === 0 ? t("lastVisit") : title} open onClose={close}>
      {parts.length === 0 ? <p className="t2">{t("noLastVisit")}</p> : null}
      <dl className="kv record">
        {parts.map(({ shown, said, rx }) => (
          <div key={shown.section} className="typed">
            <dt>
              {shown.label}
              {days.size > 1 ? <span className="small t3 block">{dateText(last?.on(shown.section) ?? "")}</span> : null}
            </dt>
            <dd>
              {rx ? <Rx r={rx.r} l={rx.l} size="s" /> : null}
              {said.map(({ key, label, text }) => (
                <p key={key}>
                  <span className="t3">{label}</span> {text}
                </p>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
