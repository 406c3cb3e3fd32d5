/** The first dispensing checks (domain §3.8): deterministic, each with its rule, severity and what to do. Pure. */
import {
  type EyeRx,
  strongestMeridian,
  transpose,
  type VertexLimits,
  vertexDemand,
  vertexLimits,
} from "../optics/index.ts";

export interface Finding {
  readonly rule: string;
  readonly severity: "block" | "warn" | "advise";
  readonly message: string;
}

export interface LensLimits {
  readonly design: string;
  readonly index: number;
  readonly sphere_min: number;
  readonly sphere_max: number;
  readonly cylinder_max: number;
}

export interface DispenseQuestion {
  readonly today: string;
  readonly prescription: {
    readonly patientId: string;
    readonly expiresOn: string;
    readonly r: EyeRx;
    readonly l: EyeRx;
    readonly bvd: number | null;
  };
  readonly patient: { readonly id: string; readonly age: number; readonly sightImpaired: string | null };
  readonly seller: { readonly registered: boolean };
  readonly lens: LensLimits | null;
  readonly measurements: {
    readonly pd_r?: number | undefined;
    readonly pd_l?: number | undefined;
    readonly height_r?: number | undefined;
    readonly height_l?: number | undefined;
    readonly bvd?: number | undefined;
  };
}

const needsAdd = new Set(["varifocal", "bifocal", "occupational"]);
const needsHeights = new Set(["varifocal", "occupational"]);

/** Everything that is to be said of a pair. `vertex`: from which power on the practice wants the vertex distance. */
export function checkDispense(question: DispenseQuestion, vertex: VertexLimits = vertexLimits): Finding[] {
  return [
    ...checkPerson(question),
    ...checkLens(question),
    ...checkMeasurements(question, vertex),
    ...adviseIndex(question),
  ];
}
export function blocks(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === "block");
}

function checkPerson({ today, prescription, patient, seller }: DispenseQuestion): Finding[] {
  const findings: Finding[] = [];
  if (prescription.patientId !== patient.id) {
    findings.push({ rule: "other-patient", severity: "block", message: "This prescription is another patient's." });
  }
  if (prescription.expiresOn < today) {
    findings.push({
      rule: "expired",
      severity: "block",
      message: "The prescription has expired. Book a sight test, or ask an optometrist to extend it.",
    });
  }
  if ((patient.age < 16 || patient.sightImpaired) && !seller.registered) {
    findings.push({
      rule: "restricted",
      severity: "block",
      message: "Under 16 or sight impaired: a registered optician has to dispense this. Ask a colleague to sign in.",
    });
  }
  return findings;
}

/** A lens fits if either way of writing the power lies inside what it is made in. */
export function fitsEnvelope(eye: EyeRx, lens: LensLimits): boolean {
  if (eye.sphere === null) return true;
  return [eye, transpose(eye)].some(
    (form) =>
      (form.sphere ?? 0) >= lens.sphere_min &&
      (form.sphere ?? 0) <= lens.sphere_max &&
      Math.abs(form.cylinder ?? 0) <= lens.cylinder_max,
  );
}

function checkLens({ prescription, lens }: DispenseQuestion): Finding[] {
  if (!lens) return [];
  const findings: Finding[] = [];
  for (const [name, eye] of [
    ["Right", prescription.r],
    ["Left", prescription.l],
  ] as const) {
    if (!fitsEnvelope(eye, lens)) {
      findings.push({
        rule: "envelope",
        severity: "block",
        message: `${name}: the power is outside what this lens is made in (${lens.sphere_min / 1000} to +${lens.sphere_max / 1000}, cylinder to ${lens.cylinder_max / 1000}).`,
      });
    }
  }
  if (needsAdd.has(lens.design) && !(prescription.r.add && prescription.l.add)) {
    findings.push({
      rule: "add-missing",
      severity: "block",
      message: "This design needs a reading addition, and the prescription has none.",
    });
  }
  return findings;
}

function checkMeasurements({ prescription, lens, measurements }: DispenseQuestion, vertex: VertexLimits): Finding[] {
  const findings: Finding[] = [];
  if (lens && needsHeights.has(lens.design)) {
    const { pd_r, pd_l, height_r, height_l } = measurements;
    if (!pd_r || !pd_l || !height_r || !height_l) {
      findings.push({
        rule: "fitting",
        severity: "block",
        message: "This design needs both monocular pupil distances and both fitting heights.",
      });
    }
  }
  const demand = vertexDemand([prescription.r, prescription.l], vertex);
  if (demand !== "none" && !prescription.bvd && !measurements.bvd) {
    const from = Math.min(vertex.offerFrom, vertex.recordFrom) / 1000;
    findings.push({
      rule: "vertex",
      severity: "warn",
      message: `Over ±${from.toFixed(2)}: confirm the vertex distance in the chosen frame.`,
    });
  }
  return findings;
}

/** Index by the strongest meridian, milli-dioptres and thousandths (domain §3.8, general knowledge, editable later). */
const indexSteps = [
  [2000, 1500],
  [4000, 1560],
  [6000, 1600],
  [8000, 1670],
] as const;
export function advisedIndex(r: EyeRx, l: EyeRx): number {
  const strongest = Math.max(...[r, l].map((eye) => Math.abs(strongestMeridian(eye)?.power ?? 0)));
  return indexSteps.find(([power]) => strongest <= power)?.[1] ?? 1740;
}
function adviseIndex({ prescription, lens }: DispenseQuestion): Finding[] {
  const advised = advisedIndex(prescription.r, prescription.l);
  if (!lens || lens.index >= advised) return [];
  return [
    {
      rule: "index",
      severity: "advise",
      message: `At this power an index of ${(advised / 1000).toFixed(2)} or higher is advised.`,
    },
  ];
}
