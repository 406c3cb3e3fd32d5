/** Who this is, and what nobody may overlook. */
import { Accessibility, AlertTriangle, Bell, Car, EyeOff, ShieldAlert, Wallet } from "lucide-react";
import type { ReactNode } from "react";
import { formatMoney } from "../../../src-shared/money/money.ts";
import { ageFlag } from "../../../src-shared/patients/age.ts";
import { Avatar, Chip, dateText, usePlace, useT } from "../../ui/index.ts";
import { ageOf, initialsOf } from "./age.ts";
import type { Summary } from "./entry.ts";

export function PatientHead({ data, today, children }: { data: Summary; today: string; children: ReactNode }) {
  const t = useT("patients");
  const { patient } = data;
  const { currency } = usePlace();
  const balance = data.totals?.balance ?? 0;
  const age = ageOf(patient, today);
  const flag = ageFlag(patient.date_of_birth, today);
  return (
    <div className="phead">
      <Avatar size="l" initials={initialsOf(patient)} />
      <div className="pname">
        <h1>{[patient.title, patient.given_name, patient.family_name].filter(Boolean).join(" ")}</h1>
        <p className="t2 tab">
          {[
            `${t("years", { count: age })}, ${dateText(patient.date_of_birth)}`,
            patient.number,
            patient.phone ?? patient.phone_other ?? t("noPhone"),
          ].join(" · ")}
        </p>
      </div>
      <div className="pchips">
        {patient.allergies ? (
          <Chip tone="stop" icon={AlertTriangle}>
            {t("allergy", { what: patient.allergies })}
          </Chip>
        ) : null}
        {patient.warning ? (
          <Chip tone="look" icon={ShieldAlert}>
            {patient.warning}
          </Chip>
        ) : null}
        {patient.sight_impaired ? (
          <Chip tone="look" icon={EyeOff}>
            {t(`impaired.${patient.sight_impaired}`)}
          </Chip>
        ) : null}
        {patient.needs ? (
          <Chip tone="info" icon={Accessibility}>
            {patient.needs}
          </Chip>
        ) : null}
        {balance !== 0 ? (
          <Chip tone={balance > 0 ? "look" : "info"} icon={Wallet}>
            {t(balance > 0 ? "owes" : "hasCredit", { amount: formatMoney(Math.abs(balance), currency) })}
          </Chip>
        ) : null}
        {flag?.kind === "under16" ? (
          <Chip tone="stop" icon={ShieldAlert}>
            {t("flags.u16")}
          </Chip>
        ) : flag?.kind === "soon" ? (
          <Chip tone="info" icon={Bell}>
            {t("flags.soon", { age: flag.age, date: dateText(flag.on).replace(/ \d{4}$/, "") })}
          </Chip>
        ) : flag ? (
          <Chip tone="info">{t(flag.kind === "over70" ? "flags.o70" : "flags.o60")}</Chip>
        ) : null}
        {patient.drives ? <Chip icon={Car}>{t("drives")}</Chip> : null}
      </div>
      <div className="pacts">{children}</div>
    </div>
  );
}
