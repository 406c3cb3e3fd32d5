/** What comes of it: outcome, recall with the interval that the rules propose, and the prescription that is given. */
import { Info } from "lucide-react";
import { useMemo, useState } from "react";
import { adaptationHints } from "../../../../src-shared/exams/adaptation.ts";
import { addMonths, monthsValid } from "../../../../src-shared/exams/issued.ts";
import { isEarly, recallInterval } from "../../../../src-shared/exams/recall.ts";
import { recallQuestion } from "../../../../src-shared/exams/recall-question.ts";
import { rxOf } from "../../../../src-shared/optics/index.ts";
import { dateText, useLimits, useT } from "../../../ui/index.ts";
import { columnField } from "../columns.ts";
import { ChoiceCell } from "../fields/choice-cell.tsx";
import { FieldRow } from "../fields/field-row.tsx";
import { useCell, useCells, useItems, useOpened, usePatient, useWritten } from "../opened.ts";
import { earlyWord, labelOf, type ShownField } from "../words.ts";
import { ColumnRow } from "./column-row.tsx";
import { GivenPrescription, givenDiffers, givenKeys } from "./given.tsx";

/** The interval that the rules propose for what is written, and why. */
export function useProposal() {
  const { patient } = usePatient();
  const { entries } = useWritten();
  const diagnoses = useItems("diagnosis");
  return useMemo(
    () =>
      patient
        ? recallInterval(
            recallQuestion({
              age: patient.age,
              warning: patient.warning,
              entries,
              diagnoses: diagnoses.map(({ data }) => String(data.text)),
            }),
          )
        : null,
    [patient, entries, diagnoses],
  );
}

export function Outcome({ fields }: { fields: readonly ShownField[] }) {
  return (
    <>
      <ColumnRow name="outcome" />
      <ChangedAll />
      <ColumnRow name="recall_months" />
      <Proposal />
      <Early fields={fields} />
      <ColumnRow name="rx_months" />
      <ValidWithout />
      <ColumnRow name="purpose" />
      <Given />
    </>
  );
}

/** "No clinically significant change" beside a change that the practice's limits call one. */
function ChangedAll() {
  const t = useT("exams");
  const { last } = useOpened();
  const { columns } = useWritten();
  const { change } = useLimits();
  if (columns.outcome !== "no_change" || !last) return null;
  const hints = adaptationHints(rxOf(columns as never), rxOf(last.values as never), change);
  if (hints.length === 0) return null;
  const what = hints.map(({ code, eye }) =>
    [eye ? t(eye === "r" ? "right" : "left").toLowerCase() : "", t(`changedPart.${code}`)].filter(Boolean).join(" "),
  );
  return <p className="msg is-look notes">{t("changedAll", { what: what.join(", ") })}</p>;
}

/** How long a prescription lasts that says nothing of it: by the practice's limits, or until a shorter recall. */
function ValidWithout() {
  const t = useT("exams");
  const { measures } = useLimits();
  const { value: said } = useCell("rx_months");
  const { value: recall } = useCell("recall_months");
  if (said !== null) return null;
  const months = monthsValid("rx_months", measures);
  const count = typeof recall === "number" ? Math.min(recall, months) : months;
  return <p className="msg t3 notes">{t("validWithout", { count })}</p>;
}

function Proposal() {
  const t = useT("exams");
  const { save } = useOpened();
  const { value } = useCell("recall_months");
  const proposal = useProposal();
  if (!proposal || value === proposal.months) return null;
  const { months, because } = proposal;
  return (
    <p className="msg t2 notes">
      <Info className="i" aria-hidden />
      <span>{t("proposed", { count: months, because: t(`because.${because}`) })}</span>
      <button
        type="button"
        className="link"
        data-key="recall_months.proposed"
        data-skip="yes"
        onClick={() => save.set({ recall_months: months }, true)}
      >
        {t("takeProposed", { count: months })}
      </button>
    </p>
  );
}

/** A test before the last recall needs a code, a recall before the interval its reason (domain §4.3). */
function Early({ fields }: { fields: readonly ShownField[] }) {
  const t = useT("exams");
  const { today } = useOpened();
  const { lastRecall } = usePatient();
  const proposal = useProposal();
  const { value: months } = useCell("recall_months");
  const { value: code } = useCell("early_recall");
  const { value: reason } = useCell("recall_reason");
  const recallOn = lastRecall?.recall_on ?? null;
  const early = isEarly(recallOn, today);
  const sooner = proposal !== null && typeof months === "number" && months < proposal.months;
  if (!early && !sooner && code === null && reason === null) return null;
  const label = labelOf("early_recall");
  return (
    <>
      {early && recallOn ? (
        <p className="msg is-look notes">{t("early", { date: dateText(recallOn) })}</p>
      ) : sooner && proposal ? (
        <p className="msg is-look notes">
          {t("sooner")} {dateText(addMonths(today, proposal.months))}
        </p>
      ) : null}
      {early || code !== null ? (
        <div className="fr one choice">
          <span className="lb" aria-hidden>
            {label}
          </span>
          <span className="fc">
            <ChoiceCell field={columnField("early_recall")} cellKey="early_recall" label={label} words={earlyWord} />
          </span>
        </div>
      ) : null}
      <ColumnRow name="recall_reason" />
      {early ? fields.map((shown) => <FieldRow key={shown.field.key} shown={shown} />) : null}
    </>
  );
}

function Given() {
  const t = useT("exams");
  const { save } = useOpened();
  useCells(givenKeys);
  const [open, setOpen] = useState(false);
  const differs = givenDiffers(save);
  return (
    <>
      <div className="fr one">
        <span className="lb">{t("given")}</span>
        <span className="row g2">
          <span className={differs ? "is-look" : "t2"}>{t(differs ? "givenDiffers" : "givenSame")}</span>
          <button
            type="button"
            className="link"
            data-key="given"
            data-skip="yes"
            aria-expanded={open || differs}
            onClick={() => setOpen(!open)}
          >
            {t("giveOther")}
          </button>
        </span>
      </div>
      {open || differs ? <GivenPrescription /> : null}
    </>
  );
}
