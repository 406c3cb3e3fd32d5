/** On a patient's screen: where they came from, and what was open in the system before. */
import { useState } from "react";
import { formatMoney } from "../../../../src-shared/money/money.ts";
import { type Output, useAct, useLive } from "../../../api/index.ts";
import {
  addTexts,
  Button,
  Callout,
  ConfirmButton,
  ContextSection,
  Dialog,
  dateText,
  go,
  instantText,
  Money,
  TextInput,
  usePlace,
  useShortcuts,
  useT,
} from "../../../ui/index.ts";
import { useSession } from "../../shell/session.tsx";
import { enGB } from "./en-GB.ts";

addTexts("moving", enGB);

type Brought = Output<"imports.ofPatient">;

export function BroughtOver({ patientId }: { patientId: string }) {
  const t = useT("moving");
  const { may, device } = useSession();
  const { timeZone } = usePlace();
  const sells = may("pos:access") && ["till", "single", "hq"].includes(device.profile);
  const { data } = useLive("imports.ofPatient", { patientId });
  const [settling, setSettling] = useState(false);
  const owes = sells && data !== undefined && data.balance > 0;
  // The till takes it, where all money is taken.
  const take = () => go(`/till/${patientId}?owed=1`);
  useShortcuts([{ keys: "B", label: t("takePayment"), group: t("broughtTitle"), when: owes, run: take }]);
  if (!data || (data.runs.length === 0 && data.balance === 0 && data.orders.length === 0)) return null;
  return (
    <ContextSection title={t("broughtTitle")}>
      {data.orders.length > 0 ? <Orders orders={data.orders} /> : null}
      {data.balance !== 0 ? (
        <div className="stack">
          <p className="row g3">
            <span className="t2 grow">{t(data.balance > 0 ? "balanceOwed" : "balanceCredit")}</span>
            <b>
              <Money minor={Math.abs(data.balance)} />
            </b>
          </p>
          <span className="row g2">
            {owes ? (
              <Button size="s" keys="B" onClick={take}>
                {t("takePayment")}
              </Button>
            ) : null}
            {may("patients:merge") ? (
              <Button size="s" variant="quiet" onClick={() => setSettling(true)}>
                {t("settle")}
              </Button>
            ) : null}
          </span>
        </div>
      ) : null}
      {data.balance < 0 && sells ? <p className="small t3">{t("creditHint")}</p> : null}
      {data.runs.map((run) => (
        <p key={run.id} className="small t3">
          {t(run.whole ? "broughtRun" : "broughtPart", {
            name: run.name,
            date: instantText(run.at, timeZone, "date"),
            by: run.by ?? t("somebody"),
          })}
        </p>
      ))}
      {settling ? <Settle patientId={patientId} amount={data.balance} onClose={() => setSettling(false)} /> : null}
    </ContextSection>
  );
}

function Orders({ orders }: { orders: Brought["orders"] }) {
  const t = useT("moving");
  const { may } = useSession();
  const close = useAct("imports.closeOrder");
  return (
    <ul className="stack" aria-label={t("ordersOpen")}>
      {orders.map((order) => (
        <li key={order.id} className="row g3 top">
          <span className="grow">
            <b>{order.description}</b>
            <span className="small t3 block tab">
              {[order.reference, order.supplier, order.due_on ? t("due", { date: dateText(order.due_on) }) : null]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          {may("pos:access") ? (
            <ConfirmButton
              size="s"
              title={t("collectedTitle")}
              text={t("collectedText", { what: order.description })}
              confirm={t("collected")}
              onConfirm={() => void close.act({ id: order.id }).catch(() => {})}
            >
              {t("collected")}
            </ConfirmButton>
          ) : null}
        </li>
      ))}
      {close.error ? (
        <li>
          <Callout tone="stop">{close.error.message}</Callout>
        </li>
      ) : null}
    </ul>
  );
}

function Settle({ patientId, amount, onClose }: { patientId: string; amount: number; onClose: () => void }) {
  const t = useT("moving");
  const { currency } = usePlace();
  const settle = useAct("imports.settle");
  const [reason, setReason] = useState("");
  const go = () =>
    void settle
      .act({ patientId, amount, reason })
      .then(onClose)
      .catch(() => {});
  return (
    <Dialog
      title={t("settleTitle")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" busy={settle.busy} onClick={go}>
          {t("settleDo", { amount: formatMoney(Math.abs(amount), currency) })}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("settleText")}</p>
        <TextInput label={t("settleReason")} value={reason} onChange={setReason} onEnter={go} autoComplete="off" />
        {settle.error ? <Callout tone="stop">{settle.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
