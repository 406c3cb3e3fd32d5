import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftRow, entryRow } from "./content.fixture.ts";
import { canonicalExam } from "./content.ts";
import { addMonths, type Issue, lensSpecOf, prescriptionMonths, prescriptionOf, restrictionOf } from "./issued.ts";
import { readExamContent } from "./record-content.ts";

const issue: Issue = {
  record: { exam_id: "e", patient_id: "p", branch_id: "b" },
  patient: { date_of_birth: "1958-12-03", sight_impaired: null },
  issuer: { id: "u", display_name: "Priya Raman", registration_number: "01-23456" },
  issuerId: "u",
  day: "2026-11-28",
  at: 1,
  note: null,
};
const content = (exam: Record<string, unknown> = {}, entries: Record<string, unknown> = {}) =>
  readExamContent(
    canonicalExam({
      exam: draftRow(exam),
      entries: Object.entries(entries).map(([key, value]) => entryRow(key, value)),
      items: [],
    }),
  );

describe("a prescription", () => {
  test("is valid for two years, whenever the patient is tested again", () => {
    const expires = (exam: Record<string, unknown>) => prescriptionOf(content(exam), issue)?.expires_on;
    expect(expires({})).toBe("2028-11-28");
    for (const recall_months of [3, 6, 12, 24, 36]) expect(expires({ recall_months })).toBe("2028-11-28");
  });
  test("of a child is valid as long; what is restricted is who dispenses it", () => {
    const patient = { date_of_birth: "2019-05-01", sight_impaired: null };
    expect(prescriptionOf(content({ recall_months: 12 }), { ...issue, patient })).toMatchObject({
      expires_on: "2028-11-28",
      restricted: "under_16",
    });
  });
  test("ends sooner where the optometrist says so, and never later than the law has it", () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }), (stated) => {
        const months = prescriptionMonths(stated, 24);
        expect(months).toBe(stated !== null && stated < 24 ? stated : 24);
      }),
    );
    expect(prescriptionOf(content({ recall_months: 12, rx_months: 6 }), issue)?.expires_on).toBe("2027-05-28");
  });
  test("is none where no sphere is stated; plano is stated", () => {
    expect(prescriptionOf(content({ r_sphere: null, l_sphere: null }), issue)).toBeNull();
    expect(prescriptionOf(content({ r_sphere: 0, l_sphere: null }), issue)).toMatchObject({ r_sphere: 0 });
  });
  test.each([
    ["new_rx", "prescription"],
    ["small_change", "prescription"],
    ["no_change", "no_significant_change"],
    ["no_rx", "no_rx_needed"],
    ["refer", "referred"],
  ])("after the outcome %s says %s", (outcome, statement) => {
    expect(prescriptionOf(content({ outcome }), issue)).toMatchObject({ statement });
  });
  test("is restricted by the age on the day of the test, not on any later one", () => {
    const patient = { date_of_birth: "2010-11-28", sight_impaired: null };
    expect(restrictionOf(patient, "2026-11-27")).toBe("under_16");
    expect(restrictionOf(patient, "2026-11-28")).toBeNull();
    expect(restrictionOf({ ...patient, sight_impaired: "SSI" }, "2026-11-28")).toBe("SSI");
    expect(restrictionOf({ ...patient, sight_impaired: "SSI" }, "2026-11-27")).toBe("under_16");
  });
});

describe("a specification of contact lenses", () => {
  const lens = {
    brand: "Acuvue Oasys",
    base_curve: 840,
    diameter: 1400,
    sphere: -3000,
    cylinder: null,
    axis: null,
  };
  test("names both lenses as they are replicated, who fitted them, and when it ends", () => {
    const said = { "contact_lenses.lens.r": lens, "contact_lenses.schedule": "Daily, 12 h" };
    expect(lensSpecOf(content({}, said), issue)).toMatchObject({
      lenses: {
        r: { ...lens, material: null, add: null, colour: null, replace_days: null },
        l: null,
        schedule: "Daily, 12 h",
        solution: null,
      },
      fitted_on: "2026-11-28",
      expires_on: "2027-11-28",
      fitter: "Priya Raman",
      fitter_registration: "01-23456",
    });
    expect(lensSpecOf(content({}, { ...said, "contact_lenses.expiry_months": 6 }), issue)?.expires_on).toBe(
      "2027-05-28",
    );
  });
  test("holds the advice as its clinical notes, after why it was corrected", () => {
    const said = { "contact_lenses.lens.r": lens, "contact_lenses.advice": "Never overnight; dry eye at 3 and 9" };
    expect(lensSpecOf(content({}, said), issue)?.note).toBe("Never overnight; dry eye at 3 and 9");
    const corrected = { ...issue, note: "Corrected: axis" };
    expect(lensSpecOf(content({}, said), corrected)?.note).toBe("Corrected: axis\nNever overnight; dry eye at 3 and 9");
  });
  test("is none where no lens was specified", () => {
    expect(lensSpecOf(content({}, { "contact_lenses.solution": "Biotrue" }), issue)).toBeNull();
  });
});

test("months end where the later month does", () => {
  expect(addMonths("2026-08-31", 6)).toBe("2027-02-28");
  expect(addMonths("2027-08-31", 6)).toBe("2028-02-29");
  expect(addMonths("2026-11-28", 14)).toBe("2028-01-28");
});
