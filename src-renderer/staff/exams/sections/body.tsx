/** What stands in each section, in the order in which it is written. */
import { memo, useMemo } from "react";
import { translate, usePlace, useT } from "../../../ui/index.ts";
import { Imaging } from "../imaging.tsx";
import { useCell, useOpened, usePatient } from "../opened.ts";
import type { ShownSection } from "../words.ts";
import { ColumnRow } from "./column-row.tsx";
import { DrawnEyes } from "./drawn-eyes.tsx";
import { BelowDrivingStandard } from "./driving.tsx";
import { CorneaFindings } from "./eye-findings.tsx";
import { ItemList } from "./item-list.tsx";
import { diagnosisKind, dropsKind, lensTrialKind, specsKind } from "./list-kinds.ts";
import { Outcome } from "./outcome.tsx";
import { PlainFields } from "./plain.tsx";
import { PressureReadings } from "./pressure.tsx";
import { isGridField, RefractionGrid } from "./refraction.tsx";
import type { SectionActs } from "./section.tsx";

export const SectionBody = memo(function SectionBody({ shown, acts }: { shown: ShownSection; acts: SectionActs }) {
  const { section, questions } = shown;
  return (
    <>
      <BuiltIn section={section} shown={shown} acts={acts} />
      {section === "outcome" ? null : <PlainFields fields={rest(shown)} acts={acts} headed={isRefraction(shown)} />}
      <After section={section} />
      {questions.length > 0 ? <PlainFields fields={questions} /> : null}
    </>
  );
});

/** What comes before the plain fields of a section. */
function BuiltIn({ section, shown, acts }: { section: string; shown: ShownSection; acts: SectionActs }) {
  const t = useT("exams");
  switch (section) {
    case "history":
      return (
        <>
          <ColumnRow name="reason" autoFocus />
          <ColumnRow name="history" />
        </>
      );
    case "specs":
    case "objective":
    case "subjective":
      return (
        <>
          <PlainFields fields={shown.fields.filter(({ field }) => leads(section, field.key))} acts={acts} />
          <RefractionGrid section={section} fields={shown.fields} rowLabel={t("options.distance")} />
        </>
      );
    case "pressure":
      return <PressureReadings />;
    case "diagnosis":
      return (
        <>
          <ItemList kind={diagnosisKind} />
          <ColumnRow name="advice" />
          <BelowDrivingStandard />
        </>
      );
    case "outcome":
      return <Outcome fields={shown.fields} />;
    default:
      return null;
  }
}

/** What is said of a refraction before its powers: how it was measured, what the glasses are for. */
const leads = (section: string, key: string) => key === `${section}.method` || key === `${section}.use`;

const isRefraction = ({ section, fields }: ShownSection) =>
  fields.some(({ field }) => field.key === `${section}.sphere`);

function rest(shown: ShownSection) {
  const { section, fields } = shown;
  if (!isRefraction(shown)) return fields;
  return fields
    .filter(({ field }) => !leads(section, field.key))
    .flatMap((each) => {
      if (!isGridField(section, each.field.key)) return [each];
      // The acuity of each eye stands in the grid, the one of both below it.
      return each.field.eyes === "rlb" ? [bothOnly(each)] : [];
    });
}
function bothOnly(shown: ShownSection["fields"][number]): ShownSection["fields"][number] {
  return {
    label: `${shown.label}, ${translate("exams", "both").toLowerCase()}`,
    field: { ...shown.field, key: `${shown.field.key}.b`, eyes: "none" },
  };
}

function SectionImaging() {
  const { id } = useOpened();
  const { patient } = usePatient();
  return patient ? <Imaging exam={{ id, patient_id: patient.id }} /> : null;
}

/** What the card says by itself, out of the patient's record: language, hearing, wheelchair (domain §6.3). */
function Needs() {
  const t = useT("exams");
  const { patient } = usePatient();
  if (!patient) return null;
  return (
    <div className="fr one">
      <span className="lb">{t("needs")}</span>
      <span className="row g2">
        <span className={patient.needs ? "" : "t3"}>{patient.needs ?? t("needsNone")}</span>
        <a className="link small" href={`#/patients/${patient.id}`}>
          {t("needsWhere")}
        </a>
      </span>
    </div>
  );
}

/** What comes behind them. */
function After({ section }: { section: string }) {
  const { timeZone } = usePlace();
  const drops = useMemo(() => dropsKind(timeZone), [timeZone]);
  const rigid = useCell("contact_lenses.wear").value === "rigid";
  switch (section) {
    case "history":
      return <ColumnRow name="kind" />;
    case "specs":
      return <ItemList kind={specsKind} />;
    case "subjective":
      return <ColumnRow name="bvd" />;
    case "keratometry":
      return <CorneaFindings />;
    case "contact_lenses":
      return <ItemList kind={lensTrialKind(rigid)} />;
    case "fields":
      return <SectionImaging />;
    case "drops":
      return <ItemList kind={drops} />;
    case "anterior":
    case "posterior":
      return <DrawnEyes diagram={section} />;
    case "handover":
      return (
        <>
          <ColumnRow name="recommendation" />
          <Needs />
        </>
      );
    default:
      return null;
  }
}
