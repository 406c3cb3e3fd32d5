/** The procedures of a router, found by themselves, and values for what each of them takes. */
import { type AnyTRPCRouter, callTRPCProcedure, getTRPCErrorFromUnknown, TRPCError } from "@trpc/server";
import fc from "fast-check";
import type { z } from "zod";
import { Refusal } from "../src-shared/sync/ports.ts";
import { allEntities } from "../src-shared/sync/registry.ts";
import { rubbish, valuesOf } from "./values.ts";

export interface Procedure {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly inputs: readonly z.ZodType[];
}

export function proceduresOf(router: AnyTRPCRouter): Procedure[] {
  const all = router._def.procedures as Record<string, { _def: { type: Procedure["type"]; inputs: z.ZodType[] } }>;
  return Object.entries(all).map(([path, { _def }]) => ({ path, type: _def.type, inputs: _def.inputs }));
}

/** What a call is made with: mostly right, a little wrong in places, or rubbish. */
export function inputsOf(procedure: Procedure): fc.Arbitrary<unknown> {
  const [schema, ...more] = procedure.inputs;
  if (!schema) return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: rubbish() });
  if (more.length > 0) throw new Error(`${procedure.path} has several inputs`);
  const named = { tables: (name: string) => tablesFor(procedure.path, name), words };
  return fc.oneof(
    { weight: 5, arbitrary: valuesOf(schema, { ...named, wrong: 0 }) },
    { weight: 4, arbitrary: valuesOf(schema, { ...named, wrong: 6 }) },
    { weight: 1, arbitrary: rubbish() },
  );
}

/** Everybody's in a fuzzed practice. */
export const fuzzPassword = "a password of twelve";

/** What a name means when it is not that of a table. */
const means: Readonly<Record<string, readonly string[]>> = {
  case: ["case_file"],
  frame: ["product"],
  lens: ["product"],
  coating: ["product"],
  extra: ["product"],
  user: ["app_user"],
  by: ["app_user"],
  owner: ["app_user"],
  person: ["app_user"],
  primary_role: ["role"],
  home_branch: ["branch"],
  ids: ["patient", "job", "sale"],
  id: ["patient", "job", "exam", "case_file", "app_user", "role", "branch", "product", "device"],
};
const features: Readonly<Record<string, string>> = {
  patients: "patient",
  lab: "job",
  exams: "exam",
  cases: "case_file",
};
const names = new Set(allEntities.map(({ name }) => name));

/** What makes a text mean something to the procedure that takes it. */
export function words(name: string): readonly string[] {
  switch (name) {
    case "entity":
      return [...names, "stock_level", "user_credential", "server_meta"];
    case "serverEpoch":
      return ["epoch-1"];
    case "login":
    case "user":
      return ["do@example.org", "ow@example.org"];
    case "password":
    case "byPassword":
      return [fuzzPassword, "another of twelve"];
    case "serverUrl":
      return ["http://centre.example.org"];
    case "timeZone":
      return ["Europe/London", "Mars/Olympus"];
    case "text":
      return ["ell", "LDS-T1-000001", "000001", "0770"];
    default:
      return [];
  }
}

/** `patientId`, `coatingIds`, `id` of the lab: the tables whose rows may be meant. */
export function tablesFor(path: string, name: string): readonly string[] {
  const word = name
    .replace(/([A-Z])/g, "_$1")
    .toLowerCase()
    .replace(/(_id|_ids)$/, "");
  if (names.has(word)) return [word];
  const own = features[path.split(".")[0] ?? ""];
  const found = means[word] ?? means.id ?? [];
  return word === "id" && own ? [own, ...found.filter((table) => table !== own)] : found;
}

export type Outcome =
  | { readonly kind: "answered"; readonly output: unknown }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "bad-request" };

/** Calls a procedure as a transport does. @throws whatever is neither an answer nor a typed refusal. */
export async function call(
  router: AnyTRPCRouter,
  procedure: Procedure,
  ctx: unknown,
  input: unknown,
  patience: number,
): Promise<Outcome> {
  const abort = new AbortController();
  try {
    const result = await callTRPCProcedure({
      router,
      path: procedure.path,
      type: procedure.type,
      ctx,
      getRawInput: async () => input,
      signal: abort.signal,
      batchIndex: 0,
    });
    const output = procedure.type === "subscription" ? await firstOf(result, abort, patience) : result;
    // It has to travel.
    return { kind: "answered", output: output === undefined ? undefined : JSON.parse(JSON.stringify(output)) };
  } catch (thrown) {
    const error = getTRPCErrorFromUnknown(thrown);
    if (error.cause instanceof Refusal) return { kind: "refused", refusal: plain(error.cause, procedure, input) };
    if (error instanceof TRPCError && error.code === "BAD_REQUEST") return { kind: "bad-request" };
    throw error.cause ?? error;
  } finally {
    abort.abort();
  }
}

/** What a subscription says first, if it says anything within `patience` milliseconds. */
async function firstOf(result: unknown, abort: AbortController, patience: number): Promise<unknown> {
  const source = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const first = await source.next();
    return first.done ? null : first.value;
  } finally {
    clearTimeout(timer);
    abort.abort();
    await source.return?.();
  }
}

/** A refusal has a code and words for a person. */
function plain(refusal: Refusal, { path }: Procedure, input: unknown): Refusal {
  const { code, message } = refusal;
  if (!/^[A-Z][A-Z0-9_]+$/.test(code)) throw new Error(`${path} refuses with the code "${code}"`);
  // What was typed may be repeated, whatever it was.
  const [odd] = /undefined|\[object|NaN|Error:|\n\s+at |SQLITE|constraint|ZodError/.exec(message) ?? [];
  if (message.length < 8 || (odd && !JSON.stringify(input)?.includes(odd)))
    throw new Error(`${path} refuses with the words "${message}"`);
  return refusal;
}
