/**
 * The prescription or statement that a patient is given right after a sight test (domain §4.1; SI 1989/1230). What a
 * pupil distance is never part of: it belongs to dispensing.
 */
import { needsVertexDistance } from "../../../../src-shared/exams/paper.ts";
import { formatPower, rxOf } from "../../../../src-shared/optics/index.ts";
import type { Output } from "../../../api/index.ts";
import { dateText, useT } from "../../../ui/index.ts";
import type { PaperSize } from "./paper-size.ts";
import { RxTable } from "./rx-table.tsx";
import { Facts, Sheet, SignatureLine } from "./sheet.tsx";

export type Paper = Output<"exams.paper">;

export function PrescriptionSheet({ paper, size }: { paper: Paper; size: PaperSize }) {
  const t = useT("papers");
  const { prescription, summary } = paper;
  const rx = prescription ? rxOf(prescription as never) : null;
  const signer = prescription?.practitioner ?? paper.examiner;
  const title = t(rx ? "rxTitle" : "statementTitle");
  const statement = statementOf(summary.outcome);
  const intermediate = intermediateText(prescription, { r: t("right"), l: t("left") });
  return (
    <Sheet size={size} title={title} foot={footOf(paper, title, summary.examined_on)} from={paper}>
      <h1>{title}</h1>
      <PatientFacts
        paper={paper}
        more={[
          [t("examined"), dateText(summary.examined_on)],
          prescription ? [t("expires"), dateText(prescription.expires_on)] : null,
          summary.recall_on ? [t("recall"), dateText(summary.recall_on)] : null,
        ]}
      />
      {rx ? <RxTable rx={rx} size={size} /> : null}
      <Facts
        rows={[
          intermediate ? [t("intermediate"), intermediate] : null,
          rx && prescription?.bvd && needsVertexDistance(rx)
            ? [t("bvd"), t("millimetres", { value: (prescription.bvd / 10).toFixed(1) })]
            : null,
          prescription?.purpose ? [t("purpose"), prescription.purpose] : null,
        ]}
      />
      <p className="sheet-statement">{t(`statements.${statement}`)}</p>
      {prescription?.restricted ? (
        <p className="sheet-restricted">
          <b>{t("restrictedTitle")}.</b> {t(`restricted.${prescription.restricted}`)} {t("restrictedRule")}
        </p>
      ) : null}
      {paper.corrected ? <p>{t("corrected")}</p> : null}
      <SignatureLine
        label={t("practitioner")}
        name={signer?.display_name ?? summary.optometrist}
        title={signer?.job_title ?? null}
        registration={signer?.registration_number ?? null}
        date={dateText(prescription?.issued_on ?? summary.examined_on)}
      />
      {rx ? <p className="sheet-small">{t("free")}</p> : null}
    </Sheet>
  );
}

/** What is added for between: once where both eyes have the same. */
function intermediateText(
  prescription: Paper["prescription"],
  name: { readonly r: string; readonly l: string },
): string {
  const { r_inter_add: r = null, l_inter_add: l = null } = prescription ?? {};
  if (r !== null && r === l) return formatPower(r);
  return [r === null ? null : `${name.r} ${formatPower(r)}`, l === null ? null : `${name.l} ${formatPower(l)}`]
    .filter(Boolean)
    .join(", ");
}

/** What is said with the outcome (domain §4.1). */
function statementOf(outcome: string): string {
  if (outcome === "no_rx") return "no_rx_needed";
  if (outcome === "no_change") return "no_significant_change";
  if (outcome === "refer") return "referred";
  return outcome === "retest" ? "retest" : "prescription";
}

type Named = Pick<NonNullable<Paper["patient"]>, "title" | "given_name" | "family_name" | "address" | "postcode">;

/** What stands at the foot of a page: whose it is, what, and of which day. */
export function footOf({ patient }: { readonly patient: Named | null }, title: string, day: string): string {
  return [patientName(patient), title, dateText(day)].filter(Boolean).join(" · ");
}

function patientName(patient: Named | null): string {
  return patient ? [patient.title, patient.given_name, patient.family_name].filter(Boolean).join(" ") : "";
}

/** Name and address as on an envelope; the date of birth of who was under 16 on the day of the test (SI 1989/1230). */
export function PatientFacts({
  paper: { patient },
  more,
}: {
  paper: Pick<Paper, "patient">;
  more: readonly (readonly [string, string] | null)[];
}) {
  const t = useT("papers");
  const born = patient && patient.ageThen < 16 ? patient.date_of_birth : null;
  return (
    <div className="sheet-who">
      {patient ? <Who patient={patient} /> : null}
      <Facts rows={[born ? [t("born"), dateText(born)] : null, ...more]} />
    </div>
  );
}

/** Name and address, a line each. */
export function Who({ patient }: { patient: Named }) {
  const t = useT("papers");
  const lines = [...(patient.address ?? "").split("\n"), patient.postcode ?? ""].map((each) => each.trim());
  return (
    <address aria-label={t("patient")}>
      <b>{patientName(patient)}</b>
      {[...new Set(lines)].filter(Boolean).map((each) => (
        <span key={each}>{each}</span>
      ))}
    </address>
  );
}
