/** A contact lens specification: what it takes to replicate the lenses, until it expires (domain §4.2). */
import type { ContactLens } from "../../../../src-shared/exams/contact-lens.ts";
import { formatAxis, formatPower } from "../../../../src-shared/optics/index.ts";
import { dateText, useT } from "../../../ui/index.ts";
import type { PaperSize } from "./paper-size.ts";
import { footOf, type Paper, PatientFacts } from "./prescription-sheet.tsx";
import { Facts, Sheet, SignatureLine } from "./sheet.tsx";

export function LensSheet({ paper, size }: { paper: Paper; size: PaperSize }) {
  const t = useT("papers");
  const { spec } = paper;
  if (!spec) return null;
  const { r, l, schedule, solution } = spec.lenses;
  return (
    <Sheet size={size} title={t("lensTitle")} foot={footOf(paper, t("lensTitle"), spec.fitted_on)} from={paper}>
      <h1>{t("lensTitle")}</h1>
      <PatientFacts
        paper={paper}
        more={[
          [t("fitted"), dateText(spec.fitted_on)],
          [t("specExpires"), dateText(spec.expires_on)],
        ]}
      />
      <table className="sheet-rx is-lenses">
        <thead>
          <tr>
            <td />
            {["baseCurve", "diameter", "power", "axis", "addition"].map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <LensRows name={t("right")} lens={r} />
        <LensRows name={t("left")} lens={l} />
      </table>
      <Facts
        rows={[
          schedule ? [t("schedule"), schedule] : null,
          solution ? [t("solution"), solution] : null,
          spec.note ? [t("clinicalNotes"), spec.note] : null,
        ]}
      />
      <p className="sheet-small">{t("specEnds")}</p>
      <SignatureLine
        label={t("fitter")}
        name={spec.fitter}
        registration={spec.fitter_registration}
        date={dateText(spec.fitted_on)}
      />
    </Sheet>
  );
}

/** What the lens is, over all columns, then its numbers: both fit on a narrow roll too. */
function LensRows({ name, lens }: { name: string; lens: ContactLens | null }) {
  const t = useT("papers");
  if (!lens) return null;
  const replaced = ({ replace_days: count }: ContactLens) => (count === null ? "" : t("replaced", { count }));
  const millimetres = (value: number | null) => (value === null ? "" : (value / 100).toFixed(2));
  const toric = lens.cylinder
    ? `${formatPower(lens.cylinder)}×${lens.axis === null ? "?" : formatAxis(lens.axis)}`
    : "";
  const more = [lens.material, lens.design, lens.colour, replaced(lens)].filter(Boolean).join(", ");
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" rowSpan={2}>
          {name}
        </th>
        <td colSpan={5}>
          <b>{lens.brand}</b>
          {more ? `, ${more}` : ""}
        </td>
      </tr>
      <tr>
        <td>{millimetres(lens.base_curve)}</td>
        <td>{millimetres(lens.diameter)}</td>
        <td>{lens.sphere === null ? "" : formatPower(lens.sphere, { zero: "Plano" })}</td>
        <td>{toric}</td>
        <td>{lens.add ?? ""}</td>
      </tr>
    </tbody>
  );
}
