/** Why there is no engine although there is data, in words for the screen that then stands in place of all others. */
import { ReplicaError } from "../../../replica/open.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";

export interface StartProblem {
  readonly code: string;
  readonly message: string;
}

/** The words of a failure that a person can do something about; null for a mistake of ours. */
export function problemOf(error: unknown): StartProblem | null {
  if (error instanceof Refusal || error instanceof ReplicaError) return { code: error.code, message: error.message };
  return null;
}
