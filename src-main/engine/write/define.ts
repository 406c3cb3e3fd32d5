/** How a feature declares what a person can do: one user command is one transaction and one signed change group. */
import type { z } from "zod";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Transaction } from "./transaction.ts";

export interface Command<I, O> {
  /** `<feature>.<verb>`; stands in the group's header and in the audit. */
  readonly name: string;
  readonly input: z.ZodType<I>;
  /** A permission to ask before anything is read; each written row is checked by its entity's own rule besides. */
  readonly permission: string | null;
  /** Set when the system's own later reaction runs as a command: its bodies are marked with the reaction's name. */
  readonly reaction?: string;
  /** Returned groups whose content the command brings again; the new group's header names them. */
  readonly resends?: readonly Id[];
  /** Synchronous: everything asynchronous happens before. May run twice, so it touches nothing but `tx`. */
  run(tx: Transaction, input: I): O;
}

export function defineCommand<I, O>(command: Command<I, O>): Command<I, O> {
  return command;
}
