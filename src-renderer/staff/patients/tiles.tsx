/** The figures that answer most questions, and where they are going. */
import { formatMoney } from "../../../src-shared/money/money.ts";
import { formatPower, rxOf } from "../../../src-shared/optics/index.ts";
import { dateText, dayText, Money, translate, usePlace, useT } from "../../ui/index.ts";
import type { Summary } from "./entry.ts";
import { TileNotShown } from "./not-shown.tsx";
import { whyUnseen } from "./unseen.ts";

const inYears = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / (365.25 * 86_400_000));

export function Tiles({ data, today }: { data: Summary; today: string }) {
  return (
    <div className="tiles">
      <SpentTile data={data} />
      <OrdersTile data={data} today={today} />
      <BalanceTile data={data} />
      <VisitTile data={data} />
      <PowerTile data={data} />
    </div>
  );
}

function SpentTile({ data }: { data: Summary }) {
  const t = useT("patients");
  if (!data.totals) return <TileNotShown label={t("spent")} why={whyUnseen(data, "money") ?? "device"} />;
  const { byYear, spent } = data.totals;
  const since = byYear[0]?.year;
  return (
    <div>
      <span>
        <p className="label">{since ? t("spentSince", { year: since }) : t("spent")}</p>
        <p className="v">
          <Money minor={spent} />
        </p>
        <p className="small t3">{t("pairs", { count: data.jobs.filter(({ cancelled }) => !cancelled).length })}</p>
      </span>
      {byYear.length > 1 ? <Bars years={byYear.slice(-7)} /> : null}
    </div>
  );
}
function Bars({ years }: { years: readonly { year: string; amount: number }[] }) {
  const t = useT("patients");
  const most = Math.max(1, ...years.map(({ amount }) => amount));
  const step = 15;
  return (
    <svg
      className="bars"
      width={years.length * step - 5}
      height="34"
      role="img"
      aria-label={t("byYear", { from: years[0]?.year ?? "", to: years.at(-1)?.year ?? "" })}
    >
      {years.map(({ year, amount }, index) => {
        const height = Math.max(2, Math.round((Math.max(0, amount) / most) * 32));
        return (
          <rect
            key={year}
            className={index === years.length - 1 ? "now" : ""}
            x={index * step}
            y={34 - height}
            width="10"
            height={height}
            rx="1.5"
          />
        );
      })}
    </svg>
  );
}

function OrdersTile({ data, today }: { data: Summary; today: string }) {
  const t = useT("patients");
  const why = whyUnseen(data, "orders");
  if (why) return <TileNotShown label={t("open")} why={why} />;
  const open = data.jobs.filter(({ stage, cancelled }) => stage !== "collected" && !cancelled);
  const brought = data.broughtOrders.filter(({ closed_at }) => closed_at === null).length;
  const [next] = [...open].sort((a, b) => (a.promised_on < b.promised_on ? -1 : 1));
  const late = next && next.promised_on < today && next.stage !== "ready";
  return (
    <div>
      <span>
        <p className="label">{t("open")}</p>
        <p className="v">{open.length + brought}</p>
        <p className={`small ${next ? (next.held || late ? "is-stop" : "is-done") : "t3"}`}>
          {!next
            ? t("noOrders")
            : next.held
              ? translate("lab", "stage.held")
              : next.stage === "ready"
                ? t("readyToCollect")
                : t(late ? "lateSince" : "onTime", { date: dayText(next.promised_on) })}
        </p>
      </span>
    </div>
  );
}

function BalanceTile({ data }: { data: Summary }) {
  const t = useT("patients");
  const { currency } = usePlace();
  if (!data.totals) return <TileNotShown label={t("balance")} why={whyUnseen(data, "money") ?? "device"} />;
  const { balance } = data.totals;
  const before = data.broughtBalances.reduce((sum, { amount }) => sum + amount, 0);
  const waiting = data.jobs.some(({ stage, cancelled }) => stage !== "collected" && !cancelled);
  const due = before > 0 ? (before < balance ? "dueSomeBefore" : "dueBefore") : waiting ? "due" : "dueNow";
  return (
    <div>
      <span>
        <p className="label">{t("balance")}</p>
        <p className="v">
          <Money minor={balance} />
        </p>
        <p className="small t3">
          {balance > 0 ? t(due, { amount: formatMoney(before, currency) }) : t(balance < 0 ? "credit" : "settled")}
        </p>
      </span>
    </div>
  );
}

function VisitTile({ data }: { data: Summary }) {
  const t = useT("patients");
  const [last] = data.exams;
  return (
    <div>
      <span>
        <p className="label">{t("lastVisit")}</p>
        <p className="v">{last ? dateText(last.examined_on) : "–"}</p>
        <p className="small t3 clip">{last ? last.optometrist : t("never")}</p>
      </span>
    </div>
  );
}

/** The sphere of the eye whose power is known for longer, the right one as a rule. */
function PowerTile({ data }: { data: Summary }) {
  const t = useT("patients");
  const why = whyUnseen(data, "prescriptions");
  if (why) return <TileNotShown label={t("power")} why={why} />;
  const byDay = [...data.prescriptions].sort((a, b) => (a.issued_on < b.issued_on ? -1 : 1));
  const of = (side: "r" | "l") =>
    byDay.flatMap((row) => {
      const { sphere } = rxOf(row)[side];
      return sphere === null ? [] : [{ on: row.issued_on, sphere }];
    });
  const [right, left] = [of("r"), of("l")];
  const side = right.length >= left.length ? "r" : "l";
  const points = side === "r" ? right : left;
  const [now, before] = [points.at(-1), points.at(-2)];
  const label = t(side === "r" ? "powerRight" : "powerLeft");
  if (!now) {
    return (
      <div>
        <span>
          <p className="label">{label}</p>
          <p className="v t3">–</p>
          <p className="small t3">{t("noRxTile")}</p>
        </span>
      </div>
    );
  }
  return (
    <div>
      <span>
        <p className="label">{label}</p>
        <p className="v">{formatPower(now.sphere, { zero: "Plano" })}</p>
        <p className="small t3">
          {before
            ? t("inYears", {
                change: formatPower(now.sphere - before.sphere),
                count: Math.max(1, inYears(before.on, now.on)),
              })
            : dateText(now.on)}
        </p>
      </span>
      {points.length > 1 ? <Spark points={points} label={t("powerLine", { side: label })} /> : null}
    </div>
  );
}
function Spark({ points, label }: { points: readonly { on: string; sphere: number }[]; label: string }) {
  const [width, height, edge] = [88, 34, 4];
  const values = points.map(({ sphere }) => sphere);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [Date.parse(points[0]?.on ?? ""), Date.parse(points.at(-1)?.on ?? "")];
  const x = (on: string) => edge + ((Date.parse(on) - first) / Math.max(1, last - first)) * (width - 2 * edge - 2);
  // A quarter of a dioptre must not look like a cliff.
  const range = Math.max(1000, high - low);
  const y = (sphere: number) => height / 2 + (((high + low) / 2 - sphere) / range) * (height - 2 * edge - 2);
  const end = points.at(-1);
  return (
    <svg className="spark" width={width} height={height} role="img" aria-label={label}>
      <path
        d={points
          .map(({ on, sphere }, index) => `${index === 0 ? "M" : "L"}${x(on).toFixed(1)} ${y(sphere).toFixed(1)}`)
          .join("")}
      />
      {end ? <circle cx={x(end.on)} cy={y(end.sphere)} r="3" /> : null}
    </svg>
  );
}
