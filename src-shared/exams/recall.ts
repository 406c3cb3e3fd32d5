/**
 * When a patient should be seen again: the intervals of the memorandum of understanding of 2002 for England and Wales,
 * and the codes that a test earlier than them needs (domain §4.3, [S38]). A default; the clinician decides.
 */

/** 3.1 to 3.3: symptoms that led to a referral, to another prescription, to neither. */
export const earlyRecallCodes = ["1", "2", "3.1", "3.2", "3.3", "4", "5", "6"] as const;

export interface RecallQuestion {
  /** Completed years on the day of the test. */
  readonly age: number;
  readonly diabetic: boolean;
  readonly glaucoma: boolean;
  /** A parent, brother, sister or child has it. */
  readonly glaucomaInFamily: boolean;
  readonly ocularHypertension: boolean;
  /** A squint, amblyopia or another anomaly of binocular vision, or a refractive error corrected in a child. */
  readonly binocularAnomaly: boolean;
  readonly fastMyopia: boolean;
}

export interface RecallInterval {
  readonly months: number;
  /** Which rule gave it, a key of the texts. */
  readonly because:
    | "child"
    | "child_binocular"
    | "child_myopia"
    | "adult"
    | "over_70"
    | "family_glaucoma"
    | "hypertension"
    | "diabetes"
    | "glaucoma";
}

/** The shortest interval of all rules that hold, in months. */
export function recallInterval(question: RecallQuestion): RecallInterval {
  const { age } = question;
  const rules: RecallInterval[] = [
    age < 16
      ? { months: 12, because: "child" }
      : age >= 70
        ? { months: 12, because: "over_70" }
        : { months: 24, because: "adult" },
  ];
  if (age < 16 && question.binocularAnomaly) rules.push({ months: 6, because: "child_binocular" });
  if (age >= 7 && age < 16 && question.fastMyopia) rules.push({ months: 6, because: "child_myopia" });
  if (age >= 40 && question.glaucomaInFamily) rules.push({ months: 12, because: "family_glaucoma" });
  if (question.ocularHypertension) rules.push({ months: 12, because: "hypertension" });
  if (question.diabetic) rules.push({ months: 12, because: "diabetes" });
  if (question.glaucoma) rules.push({ months: 12, because: "glaucoma" });
  return rules.reduce((shortest, rule) => (rule.months < shortest.months ? rule : shortest));
}

/** Whether a test on this day comes before the interval that was set at the last one, so that it needs a code. */
export function isEarly(recallOn: string | null, today: string): boolean {
  return recallOn !== null && today < recallOn;
}
