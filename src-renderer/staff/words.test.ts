import { expect, test } from "vitest";
import { caseFile } from "../../src-shared/cases/entities.ts";
import { caseStatuses, urgencies } from "../../src-shared/cases/status.ts";
import { payment, product } from "../../src-shared/dispensing/entities.ts";
import { examAmendment } from "../../src-shared/exams/entities.ts";
import { urgencies as examUrgencies } from "../../src-shared/exams/kinds.ts";
import { outcomes } from "../../src-shared/exams/record-content.ts";
import { jobEvent } from "../../src-shared/lab/entities.ts";
import { appointmentKinds, appointmentStates, visitStates } from "../../src-shared/scheduling/states.ts";
import { allEntities } from "../../src-shared/sync/registry.ts";
import { addTexts, translate } from "../ui/i18n.ts";
import { enGB as access } from "./access/en-GB.ts";
import { enGB as cases } from "./cases/en-GB.ts";
import { enGB as diary } from "./diary/en-GB.ts";
import { enGB as dispensing } from "./dispensing/en-GB.ts";
import { enGB as exams } from "./exams/en-GB.ts";
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
    [lab.stage, jobEvent.fields.kind.values],
    [today.outcome, outcomes],
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
