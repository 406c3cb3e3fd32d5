/** How the entries of a signed record's lists are corrected and added: as they are typed in the exam, one by one. */
import { instantOf, localDate, localTime, minutesOf } from "../../../src-shared/calendar/index.ts";
import { type ExamList, pressureMethods } from "../../../src-shared/exams/items.ts";
import { translate } from "../../ui/index.ts";
import { itemWords } from "./record-items.ts";
import type { ListKind } from "./sections/item-list.tsx";
import { diagnosisKind, dropsKind, lensTrialKind, specsKind } from "./sections/list-kinds.ts";

const words = (max: number) => ({ kind: "text", max }) as const;

/** Readings stand two in a line while an exam is written; corrected they are one each. */
function pressureKind(timeZone: string, near: () => number): ListKind {
  return {
    list: "pressure",
    parts: [
      { name: "eye", shape: { kind: "choice", options: ["r", "l"] }, width: "s" },
      {
        name: "value",
        shape: { kind: "number", unit: "mmHg", min: 0, max: 800, scale: 10, quantity: "iop" },
        width: "s",
      },
      { name: "method", shape: { kind: "choice", options: pressureMethods }, width: "m" },
      { name: "time", shape: words(5), width: "s" },
      { name: "note", shape: words(400), width: "l" },
    ],
    start: () => ({ eye: "r", method: "goldmann", time: localTime(near(), timeZone) }),
    open: ({ at, ...rest }) => ({ ...rest, at, time: localTime(at as number, timeZone) }),
    compose({ eye, value = null, method, time, note = null, at: was }) {
      if (!eye) return { part: "eye" };
      if (value === null) return { part: "value" };
      if (!method) return { part: "method" };
      const wall = String(time ?? "").padStart(5, "0");
      if (minutesOf(wall) === null) return { part: "time" };
      const before = (was as number | undefined) ?? near();
      const at = instantOf(localDate(before, timeZone), wall, timeZone);
      // The time is shown in minutes: one that nobody changed stays what it was.
      return { data: { eye, value, method, note, at: localTime(before, timeZone) === wall ? before : at } };
    },
    show: (data) => itemWords("pressure", data, timeZone),
  };
}

const tests = [
  ...["reason", "history", "health", "medication", "driving", "vision", "muscle_balance", "refraction", "acuity"],
  ...["external", "internal", "outcome", "recall", "advice"],
];

const declinedKind: ListKind = {
  list: "declined",
  parts: [
    {
      name: "test",
      shape: { kind: "choice", options: tests, free: true },
      width: "m",
      words: (test) => translate("record", `expected.${test}`, { defaultValue: test }),
    },
    { name: "reason", shape: words(400), width: "l" },
    { name: "advice", shape: words(400), width: "l" },
  ],
  start: () => ({}),
  open: (data) => data,
  compose({ test, reason, advice = null }) {
    if (!test) return { part: "test" };
    return reason ? { data: { test, reason, advice } } : { part: "reason" };
  },
  show: (data) => itemWords("declined", data, ""),
};

/** Lists whose entries are corrected in lines. Drawings are drawn on, and a supervisor's word stays what it was. */
export type AmendedList = Exclude<ExamList, "stroke" | "supervision">;
export const isAmendedList = (list: string): list is AmendedList =>
  ["pressure", "drops", "specs", "lens_trial", "diagnosis", "declined"].includes(list);

/** `at`: when the exam was; what is added happened then, unless somebody says otherwise. */
export function amendKinds(timeZone: string, at: number): Readonly<Record<AmendedList, ListKind>> {
  const near = () => at;
  return {
    pressure: pressureKind(timeZone, near),
    drops: dropsKind(timeZone, near),
    specs: specsKind,
    lens_trial: lensTrialKind(false),
    diagnosis: diagnosisKind,
    declined: declinedKind,
  };
}
