import { Accessibility, AlertTriangle, CircleX, Info, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { restrictionOf } from "../../../src-shared/exams/issued.ts";
import { formatPower, rxOf } from "../../../src-shared/optics/index.ts";
import { Callout, Chip, ContextSection, dateText, Money, Rx, Select, translate, useT } from "../../ui/index.ts";
import { AddPrescription } from "../patients/index.tsx";
import { TakeFromBefore } from "./from-before.tsx";
import type { Start, StepProps } from "./wizard.tsx";

const icons = { block: CircleX, warn: AlertTriangle, advise: Info } as const;
const tones = { block: "is-stop", warn: "is-look", advise: "t2" } as const;

/** Who this is about, the prescription, what follows from it: always in this order, always there. */
export function WizardContext({ basket, set, preview, start }: StepProps & { start: Start }) {
  const t = useT("dispensing");
  const [adding, setAdding] = useState(false);
  const { patient, handoff } = start;
  const chosen = start.prescriptions.find((each) => each.id === basket.prescriptionId);
  const index = chosen ? start.prescriptions.indexOf(chosen) : -1;
  const before = index >= 0 ? start.prescriptions[index + 1] : undefined;
  const rx = chosen ? rxOf(chosen as never) : null;
  const restricted = restrictionOf(patient, start.today);
  const findings = preview?.findings ?? [];
  // Who may dispense is said beside the patient.
  const said = findings.filter(({ rule }) => rule !== "restricted");
  return (
    <>
      <ContextSection>
        <div className="row g2">
          <a className="name grow" href={`#/patients/${patient.id}`}>
            {patient.given_name} {patient.family_name}
          </a>
          {restricted ? (
            <Chip tone="stop" icon={ShieldAlert}>
              {t("restricted.chip")}
            </Chip>
          ) : null}
        </div>
        <p className="small t3 tab">
          {t("years", { count: patient.age })} · {dateText(patient.date_of_birth)} · {patient.number}
        </p>
        {patient.allergies ? (
          <Chip tone="stop" icon={AlertTriangle}>
            {patient.allergies}
          </Chip>
        ) : null}
        {patient.needs ? (
          <p className="msg t2">
            <Accessibility className="i" aria-hidden />
            <span>
              <span className="t3">{translate("today", "card.needs")}:</span> {patient.needs}
            </span>
          </p>
        ) : null}
        {restricted && findings.some(({ rule }) => rule === "restricted") ? (
          <Callout tone="stop" title={t(`restricted.${restricted}`)}>
            <p>{t("restricted.text")}</p>
          </Callout>
        ) : null}
      </ContextSection>
      {start.fromBefore !== 0 ? (
        <ContextSection title={t(start.fromBefore > 0 ? "owedFromBefore" : "creditFromBefore")}>
          <p className="row g3">
            <b className="grow">
              <Money minor={Math.abs(start.fromBefore)} />
            </b>
            {start.fromBefore > 0 ? <TakeFromBefore patientId={patient.id} owed={start.fromBefore} /> : null}
          </p>
          {start.fromBefore < 0 ? <p className="small t3">{t("creditUse")}</p> : null}
        </ContextSection>
      ) : null}
      {handoff ? (
        <ContextSection title={t("handoff", { name: handoff.from ?? "" })}>
          <p>
            {translate("today", `outcome.${handoff.outcome}`)}. {handoff.recommendation}
          </p>
          <HandedOver card={handoff.card} />
        </ContextSection>
      ) : null}
      <ContextSection
        title={t("rx")}
        aside={
          chosen ? (
            chosen.expires_on < start.today ? (
              <Chip tone="stop">{t("expired", { date: dateText(chosen.expires_on) })}</Chip>
            ) : (
              <Chip tone="done">{t("validTo", { date: dateText(chosen.expires_on) })}</Chip>
            )
          ) : undefined
        }
      >
        {rx && chosen ? (
          <div className="stack">
            <Rx r={rx.r} l={rx.l} previous={before ? rxOf(before as never) : null} />
            {chosen.r_inter_add !== null || chosen.l_inter_add !== null ? (
              <p className="small t2">
                {t("intermediate")}{" "}
                <span className="tab">
                  {[...new Set([chosen.r_inter_add, chosen.l_inter_add])]
                    .map((add) => (add === null ? "–" : formatPower(add)))
                    .join(" / ")}
                </span>
              </p>
            ) : null}
            <p className="small t3">
              {t("tested")} {dateText(chosen.issued_on)} {t("by", { name: chosen.prescriber })}
            </p>
            {chosen.source === "outside" && chosen.note ? <p className="small t3 pnotes">{chosen.note}</p> : null}
          </div>
        ) : (
          <p className="t2">{t("noRx")}</p>
        )}
        {start.prescriptions.length > 1 ? (
          <Select
            label={t("chooseRx")}
            value={basket.prescriptionId ?? ""}
            onChange={(prescriptionId) => set({ prescriptionId })}
            options={start.prescriptions.map((each) => ({
              value: each.id,
              label: `${dateText(each.issued_on)}, ${each.prescriber}`,
            }))}
          />
        ) : null}
        <button type="button" className="btn quiet s" onClick={() => setAdding(true)}>
          {t("addRx")}
        </button>
      </ContextSection>
      {start.lensSpec ? (
        <ContextSection title={t("lensSpec")}>
          {start.lensSpec.expires_on < start.today ? (
            <Callout tone="stop" title={t("expired", { date: dateText(start.lensSpec.expires_on) })}>
              <p>{t("lensSpecExpired")}</p>
            </Callout>
          ) : (
            <p className="small t2">
              {t("validTo", { date: dateText(start.lensSpec.expires_on) })} {t("by", { name: start.lensSpec.fitter })}
            </p>
          )}
        </ContextSection>
      ) : null}
      {said.length > 0 ? (
        <ContextSection title={t("forPower")}>
          <ul className="stack">
            {said.map((finding) => {
              const Icon = icons[finding.severity];
              return (
                <li key={finding.rule + finding.message} className={`msg ${tones[finding.severity]}`}>
                  <Icon className="i" aria-hidden />
                  {finding.message}
                </li>
              );
            })}
          </ul>
        </ContextSection>
      ) : null}
      {start.lastJob ? (
        <ContextSection title={t("lastPair")}>
          <p>
            {(JSON.parse(start.lastJob.content) as { lens: { name: string } }).lens.name}{" "}
            <span className="t3 tab">{start.lastJob.number}</span>
          </p>
        </ContextSection>
      ) : null}
      {adding ? <AddPrescription patientId={patient.id} today={start.today} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

/** What the card of the exam room says beside its recommendation, for as long as the sale takes. */
function HandedOver({ card }: { card: NonNullable<Start["handoff"]>["card"] }) {
  if (!card) return null;
  const lines = (["cautions", "tasks", "collector"] as const).filter((key) => card[key]);
  if (lines.length === 0) return null;
  return (
    <dl className="kv">
      {lines.flatMap((key) => [
        <dt key={key}>{translate("today", `card.${key}`)}</dt>,
        <dd key={`${key}-text`} className={key === "cautions" ? "is-look" : ""}>
          {card[key]}
        </dd>,
      ])}
    </dl>
  );
}
