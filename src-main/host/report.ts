import { Refusal } from "../../src-shared/sync/ports.ts";

/** What a start that failed says: a refusal in its own words, anything else as the mistake of ours that it is. */
export function reportOf(error: unknown): { code: string; message: string } {
  if (error instanceof Refusal || isReplicaError(error)) return { code: error.code, message: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: "UNEXPECTED",
    message: `Horopter could not start because of a mistake in it. Your data was left as it is. Please report this:\n${detail}`,
  };
}

/** Told by its name: importing its class would load SQLite into processes that have no business with it. */
function isReplicaError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === "ReplicaError" && "code" in error && typeof error.code === "string";
}
