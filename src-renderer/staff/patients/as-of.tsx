/** How new all of this can be: what this PC holds, and what it last heard of the others. */
import { RefreshCw } from "lucide-react";
import { instantText, usePlace, useT } from "../../ui/index.ts";
import type { Summary } from "./entry.ts";
import { type Kind, whyUnseen } from "./unseen.ts";

export function AsOf({ data }: { data: Summary }) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  const { asOf, holds } = data;
  const day = (at: number) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(at);
  const time = (at: number | null) =>
    at === null ? t("asOf.nothingRecent") : instantText(at, timeZone, day(at) === day(Date.now()) ? "time" : "exact");
  const others = asOf.branches.filter(({ own, devices }) => !own || devices.some(({ at }) => at !== null));
  const heard = others.flatMap(({ name, at }) => (at === null ? [] : [{ branch: name, time: time(at) }]));
  const silent = others.filter(({ at }) => at === null).map(({ name }) => name);
  const first = asOf.live
    ? t("asOf.complete")
    : asOf.contact === null
      ? t("asOf.never")
      : t("asOf.since", { time: time(asOf.contact) });
  const hidden = (Object.keys(data.sees) as Kind[]).filter((kind) => whyUnseen(data, kind) === "role");
  const missing = (["money", "cases", "clinical"] as const).filter((part) => !holds[part]);
  return (
    <section className="asof">
      <RefreshCw className="i s" aria-hidden />
      <div className="small t2">
        <p>
          {first}
          {heard.length > 0 ? ` ${heard.map((branch) => t("asOf.branch", branch)).join(", ")}.` : null}
          {silent.length > 0 ? ` ${t("asOf.silent", { branches: silent.join(", ") })}` : null}
        </p>
        {asOf.waiting > 0 ? <p>{t("asOf.waiting", { count: asOf.waiting })}</p> : null}
        {hidden.length > 0 ? (
          <p>{t("asOf.hidden", { what: hidden.map((kind) => t(`unseen.what.${kind}`).toLowerCase()).join(", ") })}</p>
        ) : null}
        {missing.length > 0 ? (
          <p>{t("asOf.without", { what: missing.map((part) => t(`asOf.${part}`)).join(", ") })}</p>
        ) : null}
        {asOf.branches.length > 0 ? (
          <details>
            <summary>{t("asOf.devices")}</summary>
            <p className="t3">{t("asOf.why")}</p>
            <dl className="kv">
              {asOf.branches.flatMap((branch) =>
                branch.devices.map((device) => [
                  <dt key={`${branch.id}${device.name}`}>
                    {branch.name}, {device.name}
                  </dt>,
                  <dd key={`${branch.id}${device.name}-at`}>{time(device.at)}</dd>,
                ]),
              )}
            </dl>
          </details>
        ) : null}
      </div>
    </section>
  );
}
