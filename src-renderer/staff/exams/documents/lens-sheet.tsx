/** A contact lens specification: what it takes to replicate the lenses, until it expires (domain §4.2). */
import type { ContactLens } from "../../../../src-shared/exams/contact-lens.ts";
import { formatAxis, formatPower } from "../../../../src-shared/optics/index.ts";
import { dateText, useT } from "../../../ui/index.ts";
import { type Paper, PatientFacts } from "./prescription-sheet.tsx";
import { Facts, type PaperSize, Sheet, SignatureLine } from "./sheet.tsx";

export function LensSheet({ paper, size }: { paper: Paper; size: PaperSize }) {
  const t = useT("papers");
  const { spec } = paper;
  if (!spec) return null;
  const { r, l, schedule, solution } = spec.lenses;
  return (
    <Sheet size={size} title={t("lensTitle")} from={paper}>
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
            {["lens", "baseCurve", "diameter", "power", "axis", "addition"].map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <LensRow name={t("right")} lens={r} />
          <LensRow name={t("left")} lens={l} />
        </tbody>
      </table>
      <Facts rows={[schedule ? [t("schedule"), schedule] : null, solution ? [t("solution"), solution] : null]} />
      <SignatureLine label={t("fitter")} name={spec.fitter} registration={spec.fitter_registration} />
    </Sheet>
  );
}

function LensRow({ name, lens }: { name: string; lens: ContactLens | null }) {
  const t = useT("papers");
  if (!lens) return null;
  const replaced = ({ replace_days: count }: ContactLens) => (count === null ? "" : t("replaced", { count }));
  const millimetres = (value: number | null) => (value === null ? "" : (value / 100).toFixed(2));
  const toric = lens.cylinder
    ? `${formatPower(lens.cylinder)}×${lens.axis === null ? "?" : formatAxis(lens.axis)}`
    : "";
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{[lens.brand, lens.material, lens.design, lens.colour, replaced(lens)].filter(Boolean).join(", ")}</td>
      <td>{millimetres(lens.base_curve)}</td>
      <td>{millimetres(lens.diameter)}</td>
      <td>{lens.sphere === null ? "" : formatPower(lens.sphere, { zero: "Plano" })}</td>
      <td>{toric}</td>
      <td>{lens.add ?? ""}</td>
    </tr>
  );
}
