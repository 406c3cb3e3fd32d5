/**
 * The prescription or statement that a patient is given right after a sight test (domain §4.1; SI 1989/1230). What a
 * pupil distance is never part of: it belongs to dispensing.
 */
import { needsVertexDistance } from "../../../../src-shared/exams/paper.ts";
import { type EyeRx, formatAxis, formatPower, rxOf } from "../../../../src-shared/optics/index.ts";
import type { Output } from "../../../api/index.ts";
import { dateText, useT } from "../../../ui/index.ts";
import { Facts, oneLine, type PaperSize, Sheet, SignatureLine } from "./sheet.tsx";

export type Paper = Output<"exams.paper">;

const prism = (amount: number | null, base: string | null) =>
  amount ? `${(amount / 100).toFixed(2)}Δ ${base ?? ""}` : "";

function EyeRow({ name, eye }: { name: string; eye: EyeRx }) {
  const stated = eye.sphere !== null;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{stated ? formatPower(eye.sphere as number, { zero: "Plano" }) : ""}</td>
      <td>{eye.cylinder ? formatPower(eye.cylinder) : stated ? "DS" : ""}</td>
      <td>{eye.cylinder && eye.axis !== null ? formatAxis(eye.axis) : ""}</td>
      <td>{[prism(eye.prism_h, eye.base_h), prism(eye.prism_v, eye.base_v)].filter(Boolean).join(", ")}</td>
      <td>{eye.add ? formatPower(eye.add) : ""}</td>
    </tr>
  );
}

export function PrescriptionSheet({ paper, size }: { paper: Paper; size: PaperSize }) {
  const t = useT("papers");
  const { prescription, summary } = paper;
  const rx = prescription ? rxOf(prescription as never) : null;
  const signer = prescription?.practitioner ?? paper.examiner;
  const title = t(rx ? "rxTitle" : "statementTitle");
  const statement = statementOf(summary.outcome);
  const intermediate = intermediateText(prescription, { r: t("right"), l: t("left") });
  return (
    <Sheet size={size} title={title} from={paper}>
      <h1>{title}</h1>
      <PatientFacts
        paper={paper}
        more={[
          [t("examined"), dateText(summary.examined_on)],
          prescription ? [t("expires"), dateText(prescription.expires_on)] : null,
        ]}
      />
      {rx ? (
        <table className="sheet-rx">
          <thead>
            <tr>
              <td />
              {["Sphere", "Cyl", "Axis", "Prism, base", "Add"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <EyeRow name={t("right")} eye={rx.r} />
            <EyeRow name={t("left")} eye={rx.l} />
          </tbody>
        </table>
      ) : null}
      <Facts
        rows={[
          intermediate ? [t("intermediate"), intermediate] : null,
          rx && prescription?.bvd && needsVertexDistance(rx)
            ? [t("bvd"), t("millimetres", { value: (prescription.bvd / 10).toFixed(1) })]
            : null,
          prescription?.purpose ? [t("purpose"), prescription.purpose] : null,
          summary.recall_on ? [t("recall"), dateText(summary.recall_on)] : null,
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
        registration={signer?.registration_number ?? null}
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

/** Name and address; the date of birth of who was under 16 on the day of the test (SI 1989/1230). */
export function PatientFacts({
  paper: { patient },
  more,
}: {
  paper: Pick<Paper, "patient">;
  more: readonly (readonly [string, string] | null)[];
}) {
  const t = useT("papers");
  if (!patient) return <Facts rows={more} />;
  const name = [patient.title, patient.given_name, patient.family_name].filter(Boolean).join(" ");
  const address = [oneLine(patient.address), patient.postcode].filter(Boolean).join(", ");
  return (
    <Facts
      rows={[
        [t("patient"), <b key="name">{name}</b>],
        address ? [t("address"), address] : null,
        patient.ageThen < 16 ? [t("born"), dateText(patient.date_of_birth)] : null,
        ...more,
      ]}
    />
  );
}
