import { expect, test } from "vitest";
import { readExamContent } from "../../../../src-shared/exams/record-content.ts";
import { addTexts } from "../../../ui/index.ts";
import { enGB as exams } from "../en-GB.ts";
import { enGB as record } from "../record-en-GB.ts";
import { enGB } from "./en-GB.ts";
import { headingIn, letterText, partsWith } from "./letter-text.ts";

addTexts("exams", exams);
addTexts("papers", enGB);
addTexts("record", record);

const content = readExamContent(
  JSON.stringify({
    ...{ version: 2, patient_id: "p", optometrist_id: "o", started_at: 0 },
    exam: { outcome: "refer", recall_months: 12, recommendation: null, bvd: null, r_sphere: null, l_sphere: null },
    entries: {
      "vision.own.r": "6/9",
      "vision.own.l": "6/12",
      "anterior.conjunctiva.r": "clear",
      "anterior.conjunctiva.l": "clear",
      "anterior.cornea.r": "clear",
      "anterior.cornea.l": "clear",
      "anterior.iris.r": "clear",
      "anterior.iris.l": "naevus at 4",
    },
  }),
);
const basis = {
  content,
  patient: {
    ...{ name: "Mrs Margaret Ellison", born: "1958-12-03", address: "41 Hollin Lane, Leeds, LS16 5LD" },
    ...{ phone: "07700 900418", healthNumber: "943 476 5919" },
  },
  ...{
    toName: "Dr Shah",
    urgency: "urgent" as const,
    reason: "The left vision has dropped.",
    examinedOn: "2026-11-28",
  },
  ...{ branch: "Aldous & Wren, Leeds Park Row", zone: "Europe/London" },
} as const;

test("a letter says whom it is about and how to reach them, how soon and why, and what was found", () => {
  const lines = letterText(basis, partsWith(content, "Europe/London")).split("\n");
  for (const words of [
    "Dear Dr Shah,",
    "Re: Mrs Margaret Ellison, born 3 Dec 1958",
    "41 Hollin Lane, Leeds, LS16 5LD",
    "Telephone 07700 900418",
    "Health number 943 476 5919",
    "Yours sincerely,",
  ])
    expect(lines).toContain(words);
  expect(lines.join(" ")).toContain("Please see the patient urgently, within days. The left vision has dropped.");
  // What both eyes share is said once, and fields that say the same are said together.
  const anterior = lines.find((line) => line.startsWith("Anterior eye."));
  expect(anterior).toMatch(/Conjunctiva, cornea: both eyes Clear\. Iris: right Clear, left naevus at 4\.$/);
});

test("of a letter our own headings are set as such, and nothing of what its writer wrote", () => {
  const bold = (line: string) => line.slice(0, headingIn(line));
  expect(bold("Findings")).toBe("Findings");
  expect(bold("Re: Mrs Margaret Ellison, born 3 Dec 1958")).toBe("Re: Mrs Margaret Ellison, born 3 Dec 1958");
  expect(bold("Vision. With own glasses: right 6/9, left 6/12.")).toBe("Vision.");
  for (const line of ["Vision has dropped", "Dear Dr Shah,", "", "Yours sincerely,"]) expect(bold(line)).toBe("");
});
