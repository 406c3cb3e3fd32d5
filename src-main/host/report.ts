import { Refusal } from "../../src-shared/sync/ports.ts";

/** What a start that failed says: a refusal in its own words, anything else as the mistake of ours that it is. */
export function reportOf(error: unknown): { code: string; message: string } {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: "UNEXPECTED",
    message: `Horopter could not start because of a mistake in it. Your data was left as it is. Please report this:\n${detail}`,
  };
}
