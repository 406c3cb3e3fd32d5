/** What a patient owes from the system before, taken at the till. */
import { useState } from "react";
import { useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, go, Money, useQueryParam, useShortcuts, useT } from "../../ui/index.ts";
import { minorOf, type TenderRow } from "./basket.ts";
import { TenderRows } from "./step-checkout.tsx";

/** Opens the payment; the receipt follows. `owed` in minor units, more than nothing. */
export function TakeFromBefore({ patientId, owed }: { patientId: string; owed: number }) {
  const t = useT("dispensing");
  // Whoever comes from the patient to have it paid finds it open.
  const asked = useQueryParam("owed") === "1";
  const [open, setOpen] = useState(asked);
  useShortcuts([{ keys: "B", label: t("takeFromBefore"), group: t("title"), run: () => setOpen(true) }]);
  return (
    <>
      <Button size="s" keys="B" onClick={() => setOpen(true)}>
        {t("takeFromBefore")}
      </Button>
      {open ? <PayFromBefore patientId={patientId} owed={owed} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function PayFromBefore({ patientId, owed, onClose }: { patientId: string; owed: number; onClose: () => void }) {
  const t = useT("dispensing");
  const pay = useAct("dispensing.payFromBefore");
  const [rows, setRows] = useState<readonly TenderRow[]>([
    { id: 1, tender: "card", amount: (owed / 100).toFixed(2), reference: "" },
  ]);
  const paid = rows.reduce((sum, { amount }) => sum + minorOf(amount), 0);
  const submit = () =>
    void pay
      .act({
        patientId,
        tenders: rows
          .filter(({ amount }) => amount.trim() !== "")
          .map(({ tender, amount, reference }) => ({ tender, amount: minorOf(amount), reference: reference || null })),
      })
      .then(({ saleId }) => {
        onClose();
        go(`/till/receipt/${saleId}?new=1`);
      })
      .catch(() => {});
  return (
    <Dialog
      title={t("fromBefore")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          keys="Ctrl Enter"
          busy={pay.busy}
          {...(paid > 0 ? {} : { waits: t("needAmount") })}
          onClick={submit}
        >
          {t("payDo")} <Money minor={Math.min(paid, owed)} />
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) submit();
        }}
      >
        <p className="pad t2">
          {t("fromBeforeText")} <Money minor={owed} />
        </p>
        <TenderRows rows={rows} set={({ tenders }) => setRows(tenders)} due={owed} deposit={0} />
        <p className="pad t2">
          {paid > owed ? t("changeDue") : t("left_")}{" "}
          <b>
            <Money minor={Math.abs(owed - paid)} />
          </b>
        </p>
        {pay.error ? <Callout tone="stop">{pay.error.message}</Callout> : null}
      </form>
    </Dialog>
  );
}
