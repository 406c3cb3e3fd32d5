/** How the eighteen demo cases are written down. */
import type { CaseStatus, Urgency } from "../../src-shared/cases/status.ts";
import type { Known } from "./patients.ts";
import type { PersonKey } from "./people.ts";
import type { BranchCode } from "./world.ts";

/** One step of a case, in order. */
export type Step =
  | { readonly patient: string }
  | { readonly staff: PersonKey; readonly says: string }
  | { readonly staff: PersonKey; readonly notes: string }
  | { readonly staff: PersonKey; readonly status: CaseStatus }
  | { readonly staff: PersonKey; readonly urgency: Urgency };

export interface CaseScript {
  readonly subject: string;
  readonly channel: "counter" | "phone" | "email" | "portal";
  readonly branch: BranchCode;
  /** Known patients by name; others are drawn from the branch. Null: nobody on file. */
  readonly patient: Known | "any" | null;
  readonly owner: PersonKey | null;
  readonly openedBy: PersonKey;
  /** Hours before now: opened, and the last step. */
  readonly hours: readonly [opened: number, last: number];
  readonly steps: readonly Step[];
}
