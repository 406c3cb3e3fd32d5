import { expect, test } from "vitest";
import { readBundle } from "./fhir.ts";
import { readLine } from "./import/table.ts";

const rules = { today: "2026-11-28", dateOrder: "dmy", positive: "owes" } as const;
const bundle = {
  resourceType: "Bundle",
  type: "collection",
  entry: [
    {
      fullUrl: "urn:uuid:1",
      resource: {
        resourceType: "Patient",
        id: "p1",
        identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }],
        name: [
          { use: "old", family: "Shaw", given: ["Margaret"] },
          { use: "official", family: "Ellison", given: ["Margaret", "Anne"], prefix: ["Mrs"] },
        ],
        telecom: [
          { system: "phone", value: "0113 496 0000", use: "home" },
          { system: "phone", value: "07700 900418", use: "mobile" },
          { system: "email", value: "margaret@example.org" },
        ],
        gender: "female",
        birthDate: "1958-12-03",
        address: [{ line: ["12 High Street"], city: "Leeds", postalCode: "LS6 2AB" }],
      },
    },
    {
      resource: {
        resourceType: "VisionPrescription",
        patient: { reference: "urn:uuid:1" },
        dateWritten: "2025-11-09",
        prescriber: { display: "P. Raman" },
        lensSpecification: [
          { eye: "right", sphere: -4.25, cylinder: -1.25, axis: 15, add: 2.25, prism: [{ amount: 2, base: "in" }] },
          { eye: "left", sphere: 0.5 },
        ],
      },
    },
    { resource: { resourceType: "Observation" } },
  ],
};

test("patients and prescriptions of a bundle are read as lines of files are", () => {
  const read = readBundle(bundle);
  expect([...(read?.others ?? [])]).toEqual([["Observation", 1]]);
  const [patient] = (read?.lines.patients ?? []).map((line) => readLine("patients", line, rules));
  expect(patient?.findings).toEqual([]);
  expect(patient?.record).toMatchObject({
    line: 1,
    key: "p1",
    title: "Mrs",
    given_name: "Margaret Anne",
    family_name: "Ellison",
    sex: "female",
    phone: "07700 900418",
    phone_other: "0113 496 0000",
    address: "12 High Street, Leeds",
    health_number: "943 476 5919",
  });
  const [prescription] = (read?.lines.prescriptions ?? []).map((line) => readLine("prescriptions", line, rules));
  expect(prescription?.record).toMatchObject({
    line: 2,
    key: "p1",
    r_sphere: -4250,
    r_cylinder: -1250,
    r_axis: 15,
    r_add: 2250,
    r_prism_h: 200,
    r_base_h: "in",
    l_sphere: 500,
    l_cylinder: null,
  });
});

test("a resource that is not as it should be is a bad line, and what is no bundle is none", () => {
  const read = readBundle({
    resourceType: "Bundle",
    entry: [{ resource: { resourceType: "Patient", name: "Margaret", birthDate: 12 } }, {}],
  });
  const [line] = read?.lines.patients ?? [];
  expect(line && readLine("patients", line, rules).record).toBeNull();
  expect(readBundle({ resourceType: "Patient" })).toBeNull();
  expect(readBundle("x")).toBeNull();
});
