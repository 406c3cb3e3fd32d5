import { tenders } from "../../../src-shared/dispensing/entities.ts";
import { Button, Money, Select, TextInput, useT } from "../../ui/index.ts";
import { type Basket, minorOf, type TenderRow } from "./basket.ts";
import type { StepProps } from "./wizard.tsx";

const pounds = (minor: number) => (minor / 100).toFixed(2);

export function CheckoutStep({ basket, set, preview, priced, start }: StepProps) {
  const t = useT("dispensing");
  const total = preview?.total ?? 0;
  const paid = basket.tenders.reduce((sum, row) => sum + minorOf(row.amount), 0);
  return (
    <>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("item")}</th>
            <th className="num">{t("vat")}</th>
            <th className="num">{t("price")}</th>
          </tr>
        </thead>
        <tbody>
          {(preview?.lines ?? []).map((line) => (
            <tr key={line.ordinal}>
              <td>{line.description}</td>
              <td className="num t3">
                <Money minor={line.vat_amount} />
              </td>
              <td className="num">
                <Money minor={line.line_total} />
              </td>
            </tr>
          ))}
          <tr>
            <td>
              <b>{t("total")}</b>
            </td>
            <td />
            <td className="num">
              <b>
                <Money minor={total} />
              </b>
            </td>
          </tr>
        </tbody>
      </table>
      <TenderRows
        rows={basket.tenders}
        set={set}
        due={priced ? total : null}
        deposit={preview?.deposit ?? 0}
        credit={Math.max(0, -(start?.fromBefore ?? 0))}
      />
      <p className="pad t2">
        {paid > total ? t("changeDue") : t("left_")}{" "}
        <b>
          <Money minor={Math.abs(total - paid)} />
        </b>
      </p>
    </>
  );
}

export function TenderRows({
  rows,
  set,
  due,
  deposit,
  credit = 0,
}: {
  rows: readonly TenderRow[];
  set: (change: Pick<Basket, "tenders">) => void;
  /** Null until the price is known: nothing can be filled in before. */
  due: number | null;
  deposit: number;
  /** What the patient has to their credit from before; without any it is no way of paying. */
  credit?: number;
}) {
  const t = useT("dispensing");
  const offered = (chosen: TenderRow["tender"]) =>
    tenders.filter((tender) => tender !== "credit" || credit > 0 || chosen === "credit");
  const change = (index: number, row: Partial<TenderRow>) =>
    set({ tenders: rows.map((old, at) => (at === index ? { ...old, ...row } : old)) });
  return (
    <div className="pad stack">
      {rows.map((row, index) => (
        <div className="tenders" key={row.id}>
          <Select
            label={t("tender")}
            value={row.tender}
            onChange={(tender) => change(index, { tender: tender as TenderRow["tender"] })}
            options={offered(row.tender).map((value) => ({ value, label: t(`tenders.${value}`) }))}
          />
          <TextInput
            label={t("amount")}
            value={row.amount}
            onChange={(amount) => change(index, { amount })}
            unit="£"
            inputMode="decimal"
            autoComplete="off"
          />
          <TextInput
            label={t("reference")}
            value={row.reference}
            onChange={(reference) => change(index, { reference })}
            autoComplete="off"
          />
          <span className="row g2">
            <Button
              {...(due === null ? { waits: t("needPrice") } : {})}
              onClick={() => {
                if (due === null) return;
                change(index, { amount: pounds(row.tender === "credit" ? Math.min(due, credit) : due) });
              }}
            >
              {t("full")}
            </Button>
            {due !== null && deposit > 0 && deposit < due ? (
              <Button onClick={() => change(index, { amount: pounds(deposit) })}>{t("depositNow")}</Button>
            ) : null}
          </span>
        </div>
      ))}
      <span>
        <Button
          size="s"
          variant="quiet"
          onClick={() =>
            set({ tenders: [...rows, { id: rows.length + 1, tender: "cash", amount: "", reference: "" }] })
          }
        >
          {t("addTender")}
        </Button>
      </span>
    </div>
  );
}
