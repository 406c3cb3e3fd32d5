import type { callTRPCProcedure } from "@trpc/server";

/**
 * Cancellation as the platform gives it. `src-shared` is checked without the DOM's and Node's types, in which
 * `AbortController` is declared; its type is taken from tRPC, so that it is the platform's own wherever that
 * is known.
 */
export type Signal = NonNullable<Parameters<typeof callTRPCProcedure>[0]["signal"]>;

declare const AbortController: new () => { readonly signal: Signal; abort(reason?: unknown): void };

/** Something that can be called off. */
export type Abort = InstanceType<typeof AbortController>;

/** A fresh thing to call off. */
export function createAbort(): Abort {
  return new AbortController();
}
