import { expect, test } from "vitest";
import { caseFile } from "../../src-shared/cases/entities.ts";
import { caseStatuses, urgencies } from "../../src-shared/cases/status.ts";
import { payment, product } from "../../src-shared/dispensing/entities.ts";
import { examAmendment } from "../../src-shared/exams/amendment.ts";
import { pressureMethods } from "../../src-shared/exams/items.ts";
import { examKinds, urgencies as examUrgencies } from "../../src-shared/exams/kinds.ts";
import { codesOf } from "../../src-shared/exams/reading.ts";
import { earlyRecallCodes } from "../../src-shared/exams/recall.ts";
import { outcomes } from "../../src-shared/exams/record-content.ts";
import { examFieldsBySection, sectionKeys } from "../../src-shared/exams/sections.ts";
import { attachment } from "../../src-shared/files/entities.ts";
import { jobEvent } from "../../src-shared/lab/entities.ts";
import { appointmentKinds, appointmentStates, visitStates } from "../../src-shared/scheduling/states.ts";
import { allEntities } from "../../src-shared/sync/registry.ts";
import { addTexts, translate } from "../ui/i18n.ts";
import { enGB as access } from "./access/en-GB.ts";
import { enGB as cases } from "./cases/en-GB.ts";
import { enGB as diary } from "./diary/en-GB.ts";
import { enGB as dispensing } from "./dispensing/en-GB.ts";
import { enGB as exams } from "./exams/en-GB.ts";
import { enGB as files } from "./files/en-GB.ts";
import { enGB as lab } from "./lab/en-GB.ts";
import { enGB as today } from "./today/en-GB.ts";

test("every value that a screen looks up has words", () => {
  const shown: [texts: object, values: readonly string[] | undefined][] = [
    [cases.status, caseStatuses],
    [cases.levels, urgencies],
    [cases.channels, caseFile.fields.channel.values],
    [dispensing.tenders, payment.fields.tender.values],
    [access.kinds, product.fields.kind.values],
    [exams.state, examAmendment.fields.state.values],
    [exams.sections, sectionKeys],
    [exams.options, pressureMethods],
    [exams.options, examKinds],
    [exams.earlyCodes, earlyRecallCodes.map((code) => code.replace(".", "_"))],
    [lab.stage, jobEvent.fields.kind.values],
    [today.outcome, outcomes],
    [files.kinds, attachment.fields.kind.values],
    [today.urgency, examUrgencies],
    [diary.kinds, appointmentKinds],
    [diary.states, appointmentStates],
    [diary.next, visitStates],
  ];
  for (const [texts, values = []] of shown) {
    expect(values.length).toBeGreaterThan(1);
    expect(values.filter((value) => !(value in texts))).toEqual([]);
  }
});

test("every field of an exam has a name, and every code of it words", () => {
  // The degrees of Van Herick are numbers, which are their own words.
  const known = (code: string) => code in exams.options || /^\d$/.test(code);
  for (const section of sectionKeys) {
    const names = exams.fields[section];
    for (const field of examFieldsBySection[section]) {
      expect(Object.keys(names)).toContain(field.key.slice(section.length + 1));
      expect(codesOf(field).filter((code) => !known(code))).toEqual([]);
    }
  }
});

test("a value that a newer version added is never shown as the key that it is", () => {
  addTexts("today", today);
  expect(translate("today", "outcome.refer")).toBe("Referred");
  expect(translate("today", "outcome.second_opinion")).toBe("Not known here");
});

test("what an unknown value of a closed list stands for is a value of it", () => {
  const lists = allEntities.flatMap(({ fields }) => Object.values(fields).filter(({ values }) => values));
  expect(lists.length).toBeGreaterThan(20);
  for (const { values, fallback } of lists) if (fallback !== undefined) expect(values).toContain(fallback);
});
