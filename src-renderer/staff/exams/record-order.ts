import { examFieldsBySection, sectionKeys } from "../../../src-shared/exams/sections.ts";

/** Lines of a record in the order in which an exam asks; columns stand where their section has them. */
export const orderOfLines: readonly string[] = [
  "kind",
  "reason",
  "history",
  ...["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add", "va"].map(
    (cell) => `given.${cell}`,
  ),
  "bvd",
  "rx_months",
  "purpose",
  "findings",
  ...sectionKeys.flatMap((section) => examFieldsBySection[section]).map(({ key }) => key),
  "advice",
  "outcome",
  "recall_months",
  "early_recall",
  "recall_reason",
  "recommendation",
];
