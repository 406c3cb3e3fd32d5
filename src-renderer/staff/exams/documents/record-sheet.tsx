/** The record as the patient's copy: as amended, with who signed it and every amendment's reason at its end. */
import type { Output } from "../../../api/index.ts";
import { dateText, instantText, useT } from "../../../ui/index.ts";
import { RecordBody } from "../record-body.tsx";
import { Changes } from "../record-changes.tsx";
import { Facts, Sheet } from "./sheet.tsx";

export function RecordSheet({ record }: { record: Output<"exams.record"> }) {
  const t = useT("papers");
  const words = useT("record");
  const { patient, branch } = record;
  const zone = branch?.time_zone ?? "Europe/London";
  const said = record.amendments.filter(({ status }) => status === null);
  const last = said.at(-1);
  return (
    <Sheet size="a4" title={t("recordTitle")} from={record}>
      <h1>{t("recordTitle")}</h1>
      <Facts
        rows={[
          patient ? [t("patient"), <b key="name">{`${patient.given_name} ${patient.family_name}`}</b>] : null,
          patient ? [t("born"), dateText(patient.date_of_birth)] : null,
          [t("examined"), instantText(record.signedAt, zone, "date")],
          [t("practitioner"), [record.signedBy, record.registration].filter(Boolean).join(" · ")],
          record.preparedBy ? [words("preparedBy"), record.preparedBy] : null,
        ]}
      />
      {last ? <p className="sheet-small">{t("amendedTo", { when: instantText(last.at, zone, "exact") })}</p> : null}
      <RecordBody shown={record.amended} signed={record.signed} names={{}} zone={zone} />
      {said.length > 0 ? (
        <section className="sheet-amendments">
          <h2>{words("amendments")}</h2>
          {said.map((amendment) => (
            <div key={amendment.id}>
              <p>
                <b>{amendment.author}</b>, {instantText(amendment.at, zone, "exact")}: {amendment.reason}
              </p>
              {amendment.text ? <p>{amendment.text}</p> : null}
              {amendment.changes.length > 0 ? <Changes changes={amendment.changes} content={record.amended} /> : null}
            </div>
          ))}
        </section>
      ) : null}
      <p className="sheet-small sheet-hash">
        {t("fingerprint")}: {record.sha256}
      </p>
    </Sheet>
  );
}
