import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { addTexts } from "../../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import { LensSheet } from "./lens-sheet.tsx";
import type { PaperSize } from "./paper-size.ts";
import { type Paper, PrescriptionSheet } from "./prescription-sheet.tsx";

addTexts("papers", enGB);

const prescription = {
  id: "11".repeat(16),
  r_sphere: -4250,
  r_cylinder: -1250,
  r_axis: 15,
  r_prism_h: 200,
  r_base_h: "in",
  l_sphere: 0,
  r_add: 2250,
  l_add: 2250,
  bvd: 120,
  issued_on: "2026-11-28",
  expires_on: "2028-11-28",
  purpose: null,
  restricted: null,
  practitioner: { display_name: "Priya Raman", registration_number: "01-90233", job_title: "Optometrist" },
};
const paper = (more: Record<string, unknown> = {}) =>
  ({
    examId: "00".repeat(16),
    practice: { name: "Aldous & Wren" },
    branch: {
      name: "Leeds Park Row",
      address: "14 Park Row\nLeeds LS1",
      phone: "0113 496 0101",
      time_zone: "Europe/London",
    },
    patient: {
      title: "Mrs",
      given_name: "Margaret",
      family_name: "Ellison",
      address: "41 Hollin Lane\nLeeds",
      postcode: "LS16 5LD",
      date_of_birth: "1958-12-03",
      ageThen: 67,
      // What dispensing measured, should a query ever bring it along.
      pd_r: 315,
      pd_l: 305,
      pd: 620,
    },
    summary: { outcome: "new_rx", examined_on: "2026-11-28", recall_on: "2028-11-28", optometrist: "Priya Raman" },
    prescription: { ...prescription, pd: 620, pd_r: 315, pd_l: 305 },
    examiner: null,
    spec: null,
    corrected: false,
    ...more,
  }) as unknown as Paper;
const text = (shown: Paper, size: PaperSize = "a4") =>
  renderToStaticMarkup(<PrescriptionSheet paper={shown} size={size} />)
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");

describe("a printed prescription", () => {
  test("says who, by whom, when and what, prism and addition included", () => {
    const said = text(paper());
    for (const words of [
      "Aldous &amp; Wren",
      "Leeds Park Row 14 Park Row, Leeds LS1 0113 496 0101",
      "Mrs Margaret Ellison",
      "41 Hollin Lane Leeds LS16 5LD",
      "28 Nov 2026",
      "28 Nov 2028",
      "−4.25 −1.25 015 2.00Δ in +2.25",
      "Plano DS",
      "Practitioner: Priya Raman , optometrist Registration number 01-90233 28 Nov 2026 Date",
    ])
      expect(said).toContain(words);
  });
  test("on a roll of 80 mm says the same, prism under its eye", () => {
    const said = text(paper(), "roll");
    expect(said).toContain("Right −4.25 −1.25 015 +2.25 Prism 2.00Δ in");
    const letters = (all: string) => [...all.replace(/Prism(, base)?/, "")].sort().join("").trim();
    expect(letters(said)).toBe(letters(text(paper())));
  });
  test("never states a pupil distance, whatever came along", () => {
    const markup = renderToStaticMarkup(<PrescriptionSheet paper={paper()} size="a5" />);
    expect(markup).not.toMatch(/31\.5|30\.5|62\.0|\bPD\b|pupil/i);
  });
  test("states the date of birth of who was under 16 on the day of the test, and of nobody else", () => {
    expect(text(paper())).not.toContain("3 Dec 1958");
    const child = { ...paper().patient, ageThen: 15, date_of_birth: "2011-01-02" };
    expect(text(paper({ patient: child }))).toContain("Date of birth 2 Jan 2011");
  });
  test("states the vertex distance where a power makes it matter", () => {
    expect(text(paper())).toContain("Back vertex distance 12.0 mm");
    expect(text(paper({ prescription: { ...prescription, r_sphere: -2000 } }))).not.toContain("vertex");
    expect(text(paper({ prescription: { ...prescription, r_sphere: -4000, r_cylinder: -1000 } }))).toContain("vertex");
  });
  test("says whom the law restricts, what it is for, and that it replaces another", () => {
    const said = text(
      paper({
        prescription: { ...prescription, restricted: "under_16", purpose: "Music stand, 60 cm" },
        corrected: true,
      }),
    );
    expect(said).toContain("Restricted. The patient is under 16. Only a registered optician");
    expect(said).toContain("For a specific purpose Music stand, 60 cm");
    expect(said).toContain("This replaces what was issued before");
    expect(text(paper())).not.toContain("Restricted");
  });
  test.each([
    ["no_rx", "No spectacles are needed"],
    ["no_change", "no clinically significant change"],
    ["refer", "have referred the patient"],
    ["retest", "A further test is needed"],
  ])("after the outcome %s it is or has the statement", (outcome, words) => {
    const summary = { ...paper().summary, outcome };
    expect(text(paper({ summary }))).toContain(words);
    const statement = text(paper({ summary, prescription: null }));
    expect(statement).toContain("Statement after a sight test");
    expect(statement).not.toContain("Sphere");
  });
});

test("a contact lens specification holds what replicates the lens, and when it ends", () => {
  const lens = { brand: "Acuvue Oasys", material: "senofilcon A", design: null, base_curve: 840, diameter: 1400 };
  const spec = {
    id: "22".repeat(16),
    lenses: {
      r: { ...lens, sphere: -3000, cylinder: -750, axis: 90, add: "Low" },
      l: null,
      schedule: "Daily",
      solution: null,
    },
    fitted_on: "2026-11-28",
    expires_on: "2027-11-28",
    fitter: "Priya Raman",
    fitter_registration: "01-90233",
    note: "Never overnight",
  };
  const said = renderToStaticMarkup(<LensSheet paper={paper({ spec })} size="a4" />)
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
  for (const words of [
    "Acuvue Oasys , senofilcon A",
    "8.40 14.00 −3.00 −0.75×090 Low",
    "28 Nov 2027",
    "Fitted by: Priya Raman Registration number 01-90233 28 Nov 2026 Date",
    "Clinical notes Never overnight",
    "Leeds Park Row",
    "Wearing schedule Daily",
    "41 Hollin Lane",
  ])
    expect(said).toContain(words);
});
