/** Closed lists around an exam; a value that is added takes a migration. */

/** What the visit is for; it decides which sections are shown at first. */
export const examKinds = [
  "sight_test",
  "child_test",
  "contact_lens_fit",
  "contact_lens_aftercare",
  "extra_tests",
  "other",
] as const;
export type ExamKind = (typeof examKinds)[number];

/** What a visit is for unless somebody says otherwise: what was booked; a sight test under 16 is a child's. */
export function kindOfVisit(booked: string | null, age: number): ExamKind {
  const kind = examKinds.find((each) => each === booked) ?? "sight_test";
  return kind === "sight_test" && age < 16 ? "child_test" : kind;
}

/** How a question of the practice's own is answered. */
export const questionKinds = ["text", "choice", "many", "yes_no", "number"] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** How soon: `emergency` the same day, `urgent` within days (domain: handover, §6.3). */
export const urgencies = ["routine", "soon", "urgent", "emergency"] as const;
export type Urgency = (typeof urgencies)[number];

export const eyesOf = ["r", "l", "b"] as const;
