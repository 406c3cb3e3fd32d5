import { expect, test } from "vitest";
import { builtInTables, emptyEye } from "../optics/index.ts";
import { type GlassesPrescription, visionPrescription } from "./fhir.ts";
import { readVisionPrescriptions } from "./fhir-read.ts";

const eye = { ...emptyEye, sphere: -16_000, add: 2000 };
const prescription: GlassesPrescription = {
  kind: "glasses",
  id: "1",
  patient: { name: "Derek Sutcliffe", dateOfBirth: "1961-02-11" },
  prescriber: { name: "P. Raman", registration: null },
  issuedOn: "2026-01-05",
  expiresOn: null,
  at: null,
  note: null,
  r: eye,
  l: eye,
  intermediate: { r: 1000, l: null },
  bvd: 60,
  purpose: null,
  restricted: null,
  statement: null,
};
const { rx, measures } = builtInTables;
const { bvd } = measures.quantities;
const sphere = { ...rx, sphere: { ...rx.sphere, block: [-15_000, 15_000] as const, warn: [-6_000, 6_000] as const } };
const near = { ...measures, quantities: { ...measures.quantities, bvd: { ...bvd, block: [80, 180] as const } } };
const read = (change: Partial<GlassesPrescription>, limits = builtInTables) => {
  const answer = readVisionPrescriptions(JSON.stringify(visionPrescription({ ...prescription, ...change })), limits);
  return answer.ok ? null : answer.message;
};

test("a prescription of another system is held against the practice's own limits", () => {
  expect(read({})).toBeNull();
  expect(read({}, { ...builtInTables, rx: sphere })).toBe("Right: Sphere is outside −15.00 to +15.00.");
  expect(read({}, { ...builtInTables, measures: near })).toBe("Vertex distance is outside 8 to 18 mm.");
});

test("what is impossible of an add for between is refused as any add is", () => {
  expect(read({ intermediate: { r: 6250, l: null } })).toBe("Right intermediate: Add is outside +0.25 to +6.00.");
});
