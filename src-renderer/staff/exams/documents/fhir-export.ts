/** A prescription or specification as a file that other systems read. */
import { type FhirPrescription, fhirText } from "../../../../src-shared/exams/fhir.ts";
import { rxOf } from "../../../../src-shared/optics/index.ts";
import type { Paper } from "./prescription-sheet.tsx";

/** What stands on the paper; null where that is a statement alone. */
export function exported(paper: Paper, what: "prescription" | "lenses"): FhirPrescription | null {
  const { patient, prescription, spec } = paper;
  const who = {
    name: patient ? `${patient.given_name} ${patient.family_name}` : "",
    dateOfBirth: patient?.date_of_birth ?? null,
  };
  if (what === "lenses")
    return spec
      ? {
          kind: "lenses",
          id: spec.id,
          patient: who,
          prescriber: { name: spec.fitter, registration: spec.fitter_registration },
          issuedOn: spec.fitted_on,
          expiresOn: spec.expires_on,
          at: spec.at,
          note: spec.note,
          lenses: spec.lenses,
        }
      : null;
  if (!prescription) return null;
  return {
    kind: "glasses",
    id: prescription.id,
    patient: who,
    prescriber: {
      name: prescription.prescriber,
      registration: prescription.practitioner?.registration_number ?? null,
    },
    issuedOn: prescription.issued_on,
    expiresOn: prescription.expires_on,
    at: prescription.at,
    note: prescription.note,
    ...rxOf(prescription as never),
    intermediate: { r: prescription.r_inter_add, l: prescription.l_inter_add },
    statement: prescription.statement,
    bvd: prescription.bvd,
    purpose: prescription.purpose,
    restricted: prescription.restricted as "under_16" | "SI" | "SSI" | null,
  };
}

/** Hands the resource to the browser as a file; answers with the file's name. */
export function download(prescription: FhirPrescription): string {
  const name = `${prescription.kind === "glasses" ? "prescription" : "contact-lenses"}-${prescription.issuedOn}.json`;
  const blob = new Blob([fhirText(prescription)], { type: "application/fhir+json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
}
