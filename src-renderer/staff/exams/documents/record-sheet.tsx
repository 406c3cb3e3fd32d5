/** The record as the patient's copy: as amended, with who signed it and every amendment's reason at its end. */
import { localDate } from "../../../../src-shared/calendar/index.ts";
import type { Output } from "../../../api/index.ts";
import { dateText, instantText, useT } from "../../../ui/index.ts";
import { RecordBody } from "../record-body.tsx";
import { Changes } from "../record-changes.tsx";
import { amendmentsByKey, WritersList } from "../record-writers.tsx";
import { wordOf } from "../words.ts";
import { footOf, Who } from "./prescription-sheet.tsx";
import { Facts, Sheet } from "./sheet.tsx";

export function RecordSheet({ record }: { record: Output<"exams.record"> }) {
  const t = useT("papers");
  const words = useT("record");
  const { patient, branch } = record;
  const zone = branch?.time_zone ?? "Europe/London";
  const said = record.amendments.filter(({ status }) => status === null);
  const last = said.at(-1);
  // What others wrote without seeing the signature is part of what is known, whatever was decided on it.
  const open = record.amendments.filter(({ status }) => status === "open" || status === "set_aside");
  return (
    <Sheet
      size="a4"
      title={t("recordTitle")}
      foot={[
        footOf(record, t("recordTitle"), localDate(record.signedAt, zone)),
        patient ? `${t("born")} ${dateText(patient.date_of_birth)}` : null,
      ]
        .filter(Boolean)
        .join(" · ")}
      from={record}
    >
      <h1>{t("recordTitle")}</h1>
      <div className="sheet-who">
        {patient ? <Who patient={patient} /> : null}
        <Facts
          rows={[
            patient ? [t("born"), dateText(patient.date_of_birth)] : null,
            patient?.phone ? [t("contacts"), patient.phone] : null,
            patient?.health_number ? [t("healthNumber"), patient.health_number] : null,
          ]}
        />
      </div>
      <Facts
        rows={[
          [t("examined"), instantText(record.signedAt, zone, "date")],
          [t("practitioner"), [record.signedBy, record.registration].filter(Boolean).join(" · ")],
          record.preparedBy
            ? [
                words("preparedBy"),
                record.submissions.map(({ author, at }) => `${author}, ${instantText(at, zone, "full")}`).join("; ") ||
                  record.preparedBy,
              ]
            : null,
          [
            words(record.preparedBy ? "countersignedBy" : "signedBy"),
            `${record.signedBy}, ${instantText(record.signedAt, zone, "full")}`,
          ],
          [words("state"), words(record.final ? "final" : "provisional")],
        ]}
      />
      {last ? <p className="sheet-small">{t("amendedTo", { when: instantText(last.at, zone, "full") })}</p> : null}
      <RecordBody
        examId={record.examId}
        shown={record.amended}
        signed={record.signed}
        names={{}}
        zone={zone}
        by={amendmentsByKey(record, zone)}
      />
      {said.length > 0 ? (
        <section className="sheet-amendments">
          <h2>{words("amendments")}</h2>
          {said.map((amendment) => (
            <div key={amendment.id}>
              <p>
                <b>{amendment.author}</b>, {instantText(amendment.at, zone, "full")}: {amendment.reason}
              </p>
              {amendment.text ? <p>{amendment.text}</p> : null}
              {amendment.changes.length > 0 ? <Changes changes={amendment.changes} content={record.amended} /> : null}
            </div>
          ))}
        </section>
      ) : null}
      {open.length > 0 ? (
        <section className="sheet-amendments">
          <h2>{t("undecided")}</h2>
          {open.map((proposal) => (
            <div key={proposal.id}>
              <p>
                <b>{proposal.author}</b>, {instantText(proposal.at, zone, "full")}:{" "}
                {words(proposal.state === "concurrent" ? "concurrent" : "proposed")}
                {proposal.status === "set_aside" ? ` (${words("set_aside")})` : ""}
              </p>
              {proposal.text ? <p>{proposal.text}</p> : null}
              {proposal.changes.length > 0 ? <Changes changes={proposal.changes} content={record.amended} /> : null}
            </div>
          ))}
        </section>
      ) : null}
      {Object.keys(record.writers).length > 0 ? (
        <section>
          <h2>{words("writers")}</h2>
          <WritersList record={record} zone={zone} />
        </section>
      ) : null}
      {record.attachments.length > 0 ? (
        <section>
          <h2>{words("attachments")}</h2>
          <ul>
            {record.attachments.map(({ id, name, eye, taken_at: at }) => (
              <li key={id}>
                {[name, eye ? wordOf(eye).toLowerCase() : null, at === null ? null : instantText(at, zone, "full")]
                  .filter(Boolean)
                  .join(", ")}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {record.referrals.length > 0 ? (
        <section>
          <h2>{t("letters")}</h2>
          <ul>
            {record.referrals.map((letter) => (
              <li key={letter.id}>
                {[
                  letter.to_name,
                  t(`refer.urgencies.${letter.urgency}`),
                  letter.reason,
                  letter.author,
                  instantText(letter.at, zone, "full"),
                ].join(", ")}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p className="sheet-small sheet-hash">
        {t("fingerprint")}: {record.sha256}
      </p>
    </Sheet>
  );
}
