/** Beside the record: who signed it, what was handed over, and what was said about it since. */
import { CheckCheck, CloudUpload, FileText, Glasses, Mail, Printer } from "lucide-react";
import type { Output } from "../../api/index.ts";
import { Chip, ContextSection, dateText, instantText, usePlace, useT, When } from "../../ui/index.ts";
import { Changes } from "./record-changes.tsx";
import { WritersList } from "./record-writers.tsx";

type Shown = Output<"exams.record">;

export function RecordSide({ record }: { record: Shown }) {
  return (
    <>
      <Signature record={record} />
      <Writers record={record} />
      <Issued record={record} />
      <Amendments record={record} />
    </>
  );
}

function Signature({ record }: { record: Shown }) {
  const t = useT("record");
  const countersigned = record.preparedBy !== null;
  return (
    <ContextSection title={t("signature")}>
      <dl className="rec-signature">
        {countersigned ? (
          <div>
            <dt>{t("preparedBy")}</dt>
            <dd>
              {record.preparedBy}
              {record.submissions.map(({ id, author, at }) => (
                <span key={id} className="small t3 block">
                  {t("firstSigned", { name: author })}, <When at={at} mode="date" /> <When at={at} mode="time" />
                </span>
              ))}
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{t(countersigned ? "countersignedBy" : "signedBy")}</dt>
          <dd>
            {record.signedBy} <span className="t3 tab">{record.registration}</span>
          </dd>
        </div>
        <div>
          <dt>
            <When at={record.signedAt} mode="date" />
          </dt>
          <dd>
            <When at={record.signedAt} mode="time" />
          </dd>
        </div>
      </dl>
      <p className="row">
        <Chip tone={record.final ? "done" : "info"} icon={record.final ? CheckCheck : CloudUpload}>
          {t(record.final ? "final" : "provisional")}
        </Chip>
      </p>
      <details className="rec-hash">
        <summary>{t("fingerprint")}</summary>
        <code>{record.sha256}</code>
      </details>
    </ContextSection>
  );
}

function Writers({ record }: { record: Shown }) {
  const t = useT("record");
  const { timeZone } = usePlace();
  if (Object.keys(record.writers).length === 0) return null;
  return (
    <ContextSection title={t("writers")}>
      <WritersList record={record} zone={timeZone} />
    </ContextSection>
  );
}

function Issued({ record }: { record: Shown }) {
  const t = useT("record");
  const { issued, referrals, examId } = record;
  const paper = (what: string) => `#/paper/${examId}?what=${what}`;
  const rx = issued?.prescription;
  const spec = issued?.spec;
  return (
    <ContextSection title={t("issued")}>
      <ul className="rec-issued">
        <li>
          <a href={paper("prescription")}>
            <Glasses className="i s" aria-hidden /> {t(rx ? "prescription" : "statement")}
          </a>
          {rx ? <span className="t3">{t("validUntil", { date: dateText(rx.expires_on) })}</span> : null}
        </li>
        {spec ? (
          <li>
            <a href={paper("lenses")}>
              <FileText className="i s" aria-hidden /> {t("lensSpec")}
            </a>
            <span className="t3">{t("validUntil", { date: dateText(spec.expires_on) })}</span>
          </li>
        ) : null}
        {referrals.map((letter) => (
          <li key={letter.id}>
            <a href={paper(letter.id)}>
              <Mail className="i s" aria-hidden /> {t("letterTo", { name: letter.to_name })}
            </a>
            <span className="t3">
              <When at={letter.at} mode="date" />
            </span>
          </li>
        ))}
        <li>
          <a href={paper("record")}>
            <Printer className="i s" aria-hidden /> {t("printRecord")}
          </a>
        </li>
      </ul>
    </ContextSection>
  );
}

function Amendments({ record }: { record: Shown }) {
  const t = useT("record");
  const { timeZone } = usePlace();
  // What waits for a decision stands above the record.
  const said = record.amendments.filter(({ status }) => status !== "open");
  return (
    <ContextSection title={t("amendments")}>
      {said.length === 0 ? <p className="t3">{t("noAmendments")}</p> : null}
      <ol className="rec-amendments">
        {said.map((amendment) => (
          <li key={amendment.id}>
            <p className="row g2">
              <b>{amendment.author}</b>
              <span className="t3 tab">{instantText(amendment.at, timeZone, "exact")}</span>
              {amendment.status === null ? null : <Chip>{t(amendment.status)}</Chip>}
              {amendment.decision ? <Chip>{t(amendment.decision)}</Chip> : null}
              {amendment.final ? null : (
                <Chip tone="info" icon={CloudUpload}>
                  {t("notFinal")}
                </Chip>
              )}
            </p>
            {amendment.status === null ? <p className="t2">{t("because", { reason: amendment.reason })}</p> : null}
            {amendment.text ? <p className="typed">{amendment.text}</p> : null}
            {amendment.changes.length > 0 ? <Changes changes={amendment.changes} content={record.amended} /> : null}
          </li>
        ))}
      </ol>
    </ContextSection>
  );
}
