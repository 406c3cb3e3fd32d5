/** What the patient agreed to: asked per purpose, kept for good, the latest answer counts. */
import { useState } from "react";
import { consentPurposes } from "../../../src-shared/patients/lists.ts";
import { useAct } from "../../api/index.ts";
import { Button, Callout, Chip, Dialog, Select, TextInput, useT, When } from "../../ui/index.ts";
import type { Summary } from "./entry.ts";

type Consent = Summary["consents"][number];
type Purpose = Consent["purpose"];
const ways = ["in_person", "phone", "paper", "portal", "other"] as const;

export function latestConsents({ consents }: Summary): ReadonlyMap<Purpose, Consent> {
  // Newest first: the first of a purpose counts.
  return new Map([...consents].reverse().map((row) => [row.purpose, row]));
}

export function Consents({ data, onClose }: { data: Summary; onClose: () => void }) {
  const t = useT("patients");
  const record = useAct("patients.consent");
  const [how, setHow] = useState<(typeof ways)[number]>("in_person");
  const [note, setNote] = useState("");
  const latest = latestConsents(data);
  const say = (purpose: Purpose, given: boolean) =>
    void record
      .act({ patientId: data.patient.id, purpose, given, how, note: note || null })
      .then(() => setNote(""))
      .catch(() => {});
  return (
    <Dialog title={t("consents")} open onClose={onClose}>
      <div className="stack">
        <div className="grid2">
          <Select
            label={t("howSaid")}
            value={how}
            onChange={(value) => setHow(value as typeof how)}
            options={ways.map((value) => ({ value, label: t(`how.${value}`) }))}
          />
          <TextInput label={t("consentNote")} value={note} onChange={setNote} autoComplete="off" />
        </div>
        <ul className="consents">
          {consentPurposes.map((purpose) => {
            const now = latest.get(purpose);
            return (
              <li key={purpose}>
                <span className="grow">
                  <b>{t(`purpose.${purpose}`)}</b>
                  <span className="small t3 block">
                    {now ? (
                      <>
                        {t(`how.${now.how}`)}, <When at={now.at} mode="date" />
                        {now.user_id ? `, ${data.names[now.user_id] ?? ""}` : ""}
                      </>
                    ) : (
                      t("neverAsked")
                    )}
                  </span>
                </span>
                {now ? <Chip tone={now.given ? "done" : "look"}>{t(now.given ? "agreed" : "refused")}</Chip> : null}
                <Button size="s" onClick={() => say(purpose, !now?.given)}>
                  {t(now?.given ? "withdraw" : "give")}
                </Button>
                {now ? null : (
                  <Button size="s" onClick={() => say(purpose, false)}>
                    {t("refuse")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
        {record.error ? <Callout tone="stop">{record.error.message}</Callout> : null}
        {data.consents.length > 0 ? (
          <details>
            <summary>{t("consentHistory", { count: data.consents.length })}</summary>
            <ul className="small t2 stack">
              {data.consents.map((row) => (
                <li key={row.id}>
                  <When at={row.at} /> ·{" "}
                  {t(row.given ? "consentGiven" : "consentWithdrawn", { what: t(`purpose.${row.purpose}`) })} ·{" "}
                  {t(`how.${row.how}`)}
                  {row.user_id ? ` · ${data.names[row.user_id] ?? ""}` : ""}
                  {row.note ? ` · ${row.note}` : ""}
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
    </Dialog>
  );
}
