/** Beside the lists, in the order of every screen: prescription, its course, what to keep in mind, who belongs here. */

import { FileCheck, ScrollText } from "lucide-react";
import { rxOf } from "../../../src-shared/optics/index.ts";
import { usualPostcode } from "../../../src-shared/patients/postcode.ts";
import { Button, Chip, ContextSection, dateText, instantText, Rx, usePlace, useT } from "../../ui/index.ts";
import { AsOf } from "./as-of.tsx";
import { PowerChart } from "./chart.tsx";
import { latestConsents } from "./consents.tsx";
import { EmergencyButton } from "./emergency.tsx";
import type { Summary } from "./entry.ts";
import { FamilySection } from "./family.tsx";
import { BroughtOver } from "./import/brought.tsx";
import { MergedSection } from "./merged.tsx";

interface Acts {
  readonly addRx?: (() => void) | undefined;
  readonly consents?: (() => void) | undefined;
  readonly family?: (() => void) | undefined;
  /** Opens what their roles do not show, for who may. */
  readonly emergency?: (() => void) | undefined;
  readonly mayMerge: boolean;
}

export function PatientContext({ data, today, acts }: { data: Summary; today: string; acts: Acts }) {
  const t = useT("patients");
  return (
    <>
      {data.sees.prescriptions ? (
        <RxSection data={data} today={today} add={acts.addRx} />
      ) : (
        <ContextSection title={t("rx")}>
          <p className="t3">{t("unseen.role", { what: t("unseen.what.prescriptions").toLowerCase() })}</p>
          {acts.emergency ? <EmergencyButton open={acts.emergency} /> : null}
        </ContextSection>
      )}
      <BroughtOver patientId={data.patient.id} />
      <KeepInMind data={data} consents={acts.consents} />
      <FamilySection data={data} today={today} add={acts.family} />
      <MergedSection data={data} mayMerge={acts.mayMerge} />
      <AsOf data={data} />
    </>
  );
}

function RxSection({ data, today, add }: { data: Summary; today: string; add?: (() => void) | undefined }) {
  const t = useT("patients");
  const byDay = [...data.prescriptions].sort((a, b) =>
    a.issued_on === b.issued_on ? b.at - a.at : a.issued_on < b.issued_on ? 1 : -1,
  );
  const [rx, before] = byDay;
  const lenses = data.contactLenses[0];
  return (
    <>
      <ContextSection
        title={t("rx")}
        aside={
          rx ? (
            <Chip tone={rx.expires_on < today ? "look" : "done"}>
              {t(rx.expires_on < today ? "expired" : "validTo", { date: dateText(rx.expires_on) })}
            </Chip>
          ) : undefined
        }
      >
        {rx ? (
          <>
            <Rx {...rxOf(rx)} previous={before ? rxOf(before) : null} />
            {rx.source === "outside" ? (
              <p className="small t2 pnotes">
                {[t("outsideBy", { name: rx.prescriber, date: dateText(rx.issued_on) }), rx.note]
                  .filter(Boolean)
                  .join("\n")}
              </p>
            ) : null}
            {before ? <p className="small t3">{t("changes", { date: dateText(before.issued_on) })}</p> : null}
          </>
        ) : (
          <p className="t3">{t("noRx")}</p>
        )}
        {lenses ? (
          <p className="small t2">
            {t(lenses.expires_on < today ? "lensesExpired" : "lensesValid", { date: dateText(lenses.expires_on) })}
          </p>
        ) : null}
        {add ? (
          <Button variant="quiet" size="s" icon={ScrollText} keys="R" onClick={add}>
            {t("addRx")}
          </Button>
        ) : null}
      </ContextSection>
      {data.prescriptions.length > 1 ? (
        <ContextSection title={t("meanSphere")} aside={<span className="small t3">{t("dioptres")}</span>}>
          <PowerChart prescriptions={data.prescriptions} />
        </ContextSection>
      ) : null}
    </>
  );
}

function KeepInMind({ data, consents }: { data: Summary; consents?: (() => void) | undefined }) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  const { patient, next } = data;
  const agreed = latestConsents(data);
  const yesNo = (value: boolean | undefined) => t(value ? "yes" : "no").toLowerCase();
  const marketing = agreed.get("marketing");
  const contact = [
    t("contactText", { answer: yesNo(patient.contact_by_text) }),
    t("contactEmail", { answer: yesNo(patient.contact_by_email) }),
    marketing ? t("contactOffers", { answer: yesNo(marketing.given) }) : t("offersNotAsked"),
  ].join(", ");
  const lines: readonly (readonly [string, string | null])[] = [
    [t("recall"), next.recallOn ? dateText(next.recallOn) : t("noRecall")],
    ...(data.sees.appointments
      ? [
          [
            t("nextAppointment"),
            next.appointment
              ? `${instantText(next.appointment.starts_at, timeZone, "exact")}, ${data.branches[next.appointment.branch_id] ?? ""}`
              : t("noneBooked"),
          ] as const,
        ]
      : []),
    [t("occupation"), patient.occupation],
    [t("phoneOther"), patient.phone_other],
    [t("email"), patient.email],
    [
      t("address"),
      [patient.address, patient.postcode && usualPostcode(patient.postcode)].filter(Boolean).join(", ") || null,
    ],
    [t("doctor"), patient.doctor],
    [t("healthNumber"), patient.health_number],
    [t("contact"), contact],
  ];
  return (
    <ContextSection title={t("keep")}>
      <dl className="kv">
        {lines.flatMap(([label, value]) =>
          value === null ? [] : [<dt key={label}>{label}</dt>, <dd key={`${label}-value`}>{value}</dd>],
        )}
      </dl>
      {patient.notes ? <p className="t2 pnotes">{patient.notes}</p> : null}
      {consents ? (
        <Button variant="quiet" size="s" icon={FileCheck} keys="S" onClick={consents}>
          {t("consents")}
        </Button>
      ) : null}
    </ContextSection>
  );
}
