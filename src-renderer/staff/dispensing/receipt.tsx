/** The numbered receipt, as it is printed; and what is still to pay. */
import { Check, Printer } from "lucide-react";
import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  Dialog,
  dayText,
  ErrorState,
  go,
  instantText,
  Money,
  PageHead,
  usePlace,
  useQueryParam,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { minorOf, type TenderRow } from "./basket.ts";
import { TenderRows } from "./step-checkout.tsx";

export function Receipt({ saleId }: { saleId: string }) {
  const t = useT("dispensing");
  const { timeZone } = usePlace();
  const fresh = useQueryParam("new") === "1";
  const { data, error } = useLive("dispensing.receipt", { saleId });
  const [paying, setPaying] = useState(false);
  useShortcuts([
    { keys: "P", label: t("print"), group: t("receipt"), run: () => window.print() },
    { keys: "F4", label: t("newSale"), group: t("receipt"), run: () => go("/till") },
  ]);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const { sale, patient, seller, branch, practice } = data;
  return (
    <Work
      head={
        <PageHead title={t("receipt")} meta={sale.number}>
          {sale.balance > 0 ? <Button onClick={() => setPaying(true)}>{t("payRest")}</Button> : null}
          <Button icon={Printer} keys="P" onClick={() => window.print()}>
            {t("print")}
          </Button>
          <Button variant="primary" keys="F4" onClick={() => go("/till")}>
            {t("newSale")}
          </Button>
        </PageHead>
      }
      hints={[
        { keys: "P", label: t("print") },
        { keys: "F4", label: t("newSale") },
      ]}
    >
      <article className="paper" aria-label={t("receipt")}>
        <header>
          <b>{practice?.name}</b>
          <p className="small t2">{[branch?.name, branch?.address, branch?.phone].filter(Boolean).join(" · ")}</p>
          {practice?.vat_number ? <p className="small t3">VAT {practice.vat_number}</p> : null}
        </header>
        <div>
          <h2 data-testid="receipt-number">{sale.number}</h2>
          <p className="t2 tab">
            {instantText(sale.at, timeZone, "exact")} {fresh ? "" : `· ${t("copy")}`}
          </p>
          {patient ? (
            <p>
              {patient.given_name} {patient.family_name} <span className="t3">{patient.number}</span>
            </p>
          ) : null}
        </div>
        <div className="lines">
          {data.lines.map((line) => (
            <Line key={line.id} name={line.description} minor={line.line_total} />
          ))}
          <b>{t("total")}</b>
          <b className="num">
            <Money minor={sale.total} />
          </b>
          {data.payments.map((payment) => (
            <Line
              key={payment.id}
              name={`${t(`tenders.${payment.tender}`)}${payment.change ? `, ${t("changeDue")} ${(payment.change / 100).toFixed(2)}` : ""}`}
              minor={payment.amount}
            />
          ))}
          <b>{sale.balance > 0 ? t("balance") : t("paid")}</b>
          <b className="num">
            <Money minor={sale.balance > 0 ? sale.balance : sale.paid} />
          </b>
        </div>
        {data.pairs.map((pair) => (
          <p key={pair.id}>
            {t("promised")} <b>{dayText(pair.promised_on)}</b>
            {pair.registrant ? <span className="block small">{t("dispensedBy", { ...pair.registrant })}</span> : null}
          </p>
        ))}
        {data.jobs.map((job) => (
          <p key={job.id} className="row g2 is-done noprint">
            <Check className="i s" aria-hidden />
            <a href={`#/lab/${job.id}`}>{t("job", { number: job.number, lab: job.lab })}</a>
          </p>
        ))}
        {data.pairs.length > data.jobs.length ? <p className="t2">{t("waitsPolicy")}</p> : null}
        <footer className="small t3">
          <p>
            {t("servedBy", { name: [seller?.display_name, seller?.registration_number].filter(Boolean).join(", ") })}
          </p>
          {data.pairs.length > 0 ? <p>{t("bespoke")}</p> : null}
        </footer>
      </article>
      {paying ? <PayRest saleId={saleId} due={sale.balance} onClose={() => setPaying(false)} /> : null}
    </Work>
  );
}

function Line({ name, minor }: { name: string; minor: number }) {
  return (
    <>
      <span>{name}</span>
      <span className="num">
        <Money minor={minor} />
      </span>
    </>
  );
}

function PayRest({ saleId, due, onClose }: { saleId: string; due: number; onClose: () => void }) {
  const t = useT("dispensing");
  const pay = useAct("dispensing.pay");
  const [rows, setRows] = useState<readonly TenderRow[]>([
    { id: 1, tender: "card", amount: (due / 100).toFixed(2), reference: "" },
  ]);
  const submit = () =>
    void pay
      .act({
        saleId,
        tenders: rows
          .filter((row) => row.amount)
          .map((row) => ({ tender: row.tender, amount: minorOf(row.amount), reference: row.reference || null })),
      })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("payRest")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={pay.busy} onClick={submit}>
          {t("payDo")}
        </Button>
      }
    >
      <TenderRows rows={rows} set={({ tenders }) => setRows(tenders)} due={due} deposit={0} />
      {pay.error ? <Callout tone="stop">{pay.error.message}</Callout> : null}
    </Dialog>
  );
}
