import { expect, test } from "vitest";
import { extensionBase } from "../exams/fhir.ts";
import { builtInTables } from "../optics/index.ts";
import { readBundle } from "./fhir.ts";
import { readLine } from "./import/table.ts";

const rules = { today: "2026-11-28", limits: builtInTables, dateOrder: "dmy", positive: "owes" } as const;
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
          {
            eye: "right",
            sphere: -4.25,
            cylinder: -1.25,
            axis: 15,
            add: 2.25,
            prism: [{ amount: 2, base: "in" }],
            extension: [
              { url: `${extensionBase}use`, valueCode: "distance" },
              { url: `${extensionBase}intermediate-add`, valueDecimal: 1.25 },
            ],
          },
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
    r_inter_add: 1250,
    l_inter_add: null,
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

const margaret = {
  resourceType: "Patient",
  id: "p1",
  identifier: [{ system: "urn:old-system", value: "A-1" }],
  name: [{ family: "Ellison", given: ["Margaret"] }],
  birthDate: "1958-12-03",
};
const written = (patient: object, more: object = {}) => ({
  resourceType: "VisionPrescription",
  dateWritten: "2025-11-09T10:00:00+00:00",
  lensSpecification: [{ eye: "right", sphere: -1.25 }],
  patient,
  ...more,
});
const keysOf = (read: ReturnType<typeof readBundle>) => ({
  patients: read?.lines.patients.map(({ values }) => values.get("key")),
  prescriptions: read?.lines.prescriptions.map(({ values }) => values.get("key")),
});

test.each([
  ["its address", { reference: "urn:uuid:9" }],
  ["type and id", { reference: "Patient/p1" }],
  ["a server's address", { reference: "https://old.example/fhir/Patient/p1/_history/3" }],
  ["its number", { identifier: { value: "A-1" } }],
])("a prescription finds its patient by %s", (_, patient) => {
  const entry = [{ fullUrl: "urn:uuid:9", resource: margaret }, { resource: written(patient) }];
  expect(keysOf(readBundle({ resourceType: "Bundle", entry }))).toEqual({ patients: ["p1"], prescriptions: ["p1"] });
});

test("a patient without an id is known by where the bundle keeps them", () => {
  const { id: _, identifier: __, ...nameless } = margaret;
  const entry = [{ fullUrl: "urn:uuid:9", resource: nameless }, { resource: written({ reference: "urn:uuid:9" }) }];
  expect(keysOf(readBundle({ resourceType: "Bundle", entry })).prescriptions).toEqual(["9"]);
});

test("a patient who stands inside their prescriptions comes once, and none who stands in the bundle too", () => {
  const { id: _, ...person } = margaret;
  const inside = (contained: object) => written({ reference: "#a" }, { contained: [{ ...contained, id: "a" }] });
  const alone = [inside(person), inside(person), inside({ ...person, identifier: undefined, birthDate: "1990-01-01" })];
  const read = readBundle({ resourceType: "Bundle", entry: alone.map((resource) => ({ resource })) });
  expect(keysOf(read)).toEqual({ patients: ["A-1", "in entry 3"], prescriptions: ["A-1", "A-1", "in entry 3"] });
  expect(read?.lines.patients[0]?.values.get("family_name")).toBe("Ellison");
  const known = [margaret, inside(person)].map((resource) => ({ resource }));
  expect(keysOf(readBundle({ resourceType: "Bundle", entry: known }))).toEqual({
    patients: ["p1"],
    prescriptions: ["p1"],
  });
});

test("one resource a line is read as a bundle is, by the lines of the file; so is a bundle a line", () => {
  const lines = [JSON.stringify(margaret), "", JSON.stringify(written({ reference: "Patient/p1" }))].join("\r\n");
  const read = readBundle(lines);
  expect(keysOf(read)).toEqual({ patients: ["p1"], prescriptions: ["p1"] });
  expect(read?.lines.prescriptions[0]?.line).toBe(3);
  expect(keysOf(readBundle(`${JSON.stringify(bundle)}\n${JSON.stringify(margaret)}`)).patients).toEqual(["p1", "p1"]);
  expect(readBundle(`${JSON.stringify(margaret)}\n{"resourceType": "Pat`)).toBeNull();
});

test("a prescription of contact lenses is no prescription of glasses", () => {
  const lens = { product: { coding: [{ code: "contact" }] }, eye: "right", sphere: -1 };
  const only = written({ reference: "Patient/p1" }, { lensSpecification: [lens] });
  const both = written(
    { reference: "Patient/p1" },
    { lensSpecification: [lens, { product: { coding: [{ code: "lens" }] }, eye: "right", sphere: -1.25 }] },
  );
  const read = readBundle({
    resourceType: "Bundle",
    entry: [margaret, only, both].map((resource) => ({ resource })),
  });
  expect([...(read?.others ?? [])]).toEqual([["contact lens specification", 1]]);
  expect(read?.lines.prescriptions.map(({ values }) => values.get("r_sphere"))).toEqual(["-1.250"]);
});

const brought = (more: object) => {
  const resource = written({ reference: "Patient/p1" }, more);
  const read = readBundle({ resourceType: "Bundle", entry: [{ resource: margaret }, { resource }] });
  const [line] = read?.lines.prescriptions ?? [];
  return { others: [...(read?.others ?? [])], record: line ? readLine("prescriptions", line, rules).record : null };
};

test.each(["entered-in-error", "cancelled", "draft"])("a prescription that is %s is in nobody's hands", (status) => {
  expect(brought({ status })).toEqual({
    others: [["prescription that was withdrawn or never signed", 1]],
    record: null,
  });
  expect(brought({ status: "active" }).record).toMatchObject({ r_sphere: -1250 });
});

test("what another Horopter wrote comes along: expiry, vertex distance, purpose, what is for between or near", () => {
  const url = (name: string) => `${extensionBase}${name}`;
  const use = (valueCode: string) => ({ extension: [{ url: url("use"), valueCode }] });
  const note = [{ text: "Tint for light sensitivity" }];
  const { record } = brought({
    extension: [
      { url: url("expires"), valueDate: "2026-11-09" },
      { url: url("back-vertex-distance"), valueDecimal: 12.5 },
      { url: url("purpose"), valueString: "Music stand" },
    ],
    lensSpecification: [
      { eye: "right", sphere: 0.75, cylinder: -0.5, axis: -30, ...use("near"), note },
      {
        ...{ eye: "right", sphere: -1.25, cylinder: -0.5, axis: -30, note },
        extension: [{ url: url("intermediate-add"), valueDecimal: 1 }],
      },
      { eye: "left", sphere: -1 },
    ],
  });
  expect(record).toMatchObject({
    ...{ r_sphere: -1250, r_cylinder: -500, r_axis: 150, l_sphere: -1000, bvd: 125, expires_on: "2026-11-09" },
    r_inter_add: 1000,
    note: ["Music stand", "Also right, near: +0.750/-0.500x150", "Tint for light sensitivity"].join("\n"),
  });
});
