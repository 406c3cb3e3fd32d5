/** The renderer's one way to the engine: typed calls by dotted path, and queries that refresh by themselves. */
import { keepPreviousData, QueryClient, type UseQueryResult, useMutation, useQuery } from "@tanstack/react-query";
import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { StaffRouter } from "../../src-main/engine/router.ts";
import { electronLink } from "./electron.ts";

type Inputs = inferRouterInputs<StaffRouter>;
type Outputs = inferRouterOutputs<StaffRouter>;
type Paths<T> = { [A in keyof T & string]: { [B in keyof T[A] & string]: `${A}.${B}` }[keyof T[A] & string] }[keyof T &
  string];
export type Path = Paths<Inputs>;
type At<T, P extends string> = P extends `${infer A}.${infer B}`
  ? A extends keyof T
    ? B extends keyof T[A]
      ? T[A][B]
      : never
    : never
  : never;
export type Input<P extends Path> = At<Inputs, P>;
export type Output<P extends Path> = At<Outputs, P>;

/** What went wrong, in words for the person; `code` for the screen that knows more. */
export class UiError extends Error {
  readonly code: string;
  readonly args: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, args: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.args = args;
  }
}
export function toUiError(error: unknown): UiError {
  if (error instanceof UiError) return error;
  if (error instanceof TRPCClientError) {
    const refusal = (
      error.data as { refusal?: { code: string; message: string; args: Record<string, unknown> } } | null
    )?.refusal;
    if (refusal) return new UiError(refusal.code, refusal.message, refusal.args);
    return new UiError("FAILED", error.message);
  }
  return new UiError("FAILED", error instanceof Error ? error.message : String(error));
}

/** One name per tab: a reload keeps the person signed in, a second tab is somebody else's. */
function connectionName(): string {
  const key = "horopter-connection";
  const known = sessionStorage.getItem(key);
  if (known) return known;
  const made = crypto.randomUUID();
  sessionStorage.setItem(key, made);
  return made;
}

function socketLink() {
  const { protocol, host } = window.location;
  const url = `${protocol === "https:" ? "wss" : "ws"}://${host}/trpc?connection=${connectionName()}`;
  return wsLink<StaffRouter>({
    client: createWSClient({
      url,
      retryDelayMs: (attempt) => Math.min(2000, 100 * 2 ** attempt),
      keepAlive: { enabled: true },
    }),
  });
}

const client = createTRPCClient<StaffRouter>({
  links: [window.location.protocol === "app:" ? electronLink() : socketLink()],
});

interface Procedure {
  query(input: unknown): Promise<unknown>;
  mutate(input: unknown): Promise<unknown>;
}
function procedureOf(path: string): Procedure {
  const [feature = "", name = ""] = path.split(".");
  return (client as unknown as Record<string, Record<string, Procedure>>)[feature]?.[name] as Procedure;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

/** A query of the engine; its data refreshes when rows it shows change. Keeps the previous answer while input changes. */
export function useLive<P extends Path>(
  path: P,
  input?: Input<P>,
  { enabled = true } = {},
): UseQueryResult<Output<P>, UiError> {
  return useQuery<Output<P>, UiError>({
    queryKey: [path, input ?? null],
    queryFn: () => call(path, input),
    enabled,
    placeholderData: keepPreviousData as never,
  });
}

export interface Act<P extends Path> {
  act(input: Input<P>): Promise<Output<P>>;
  readonly busy: boolean;
  readonly error: UiError | null;
  reset(): void;
}
/** A command of the engine. `act` rejects with a `UiError`, which `error` holds too. */
export function useAct<P extends Path>(path: P): Act<P> {
  const mutation = useMutation<Output<P>, UiError, Input<P>>({ mutationFn: (input) => send(path, input) });
  return { act: mutation.mutateAsync, busy: mutation.isPending, error: mutation.error, reset: mutation.reset };
}

export async function call<P extends Path>(path: P, input?: Input<P>): Promise<Output<P>> {
  try {
    return (await procedureOf(path).query(input)) as Output<P>;
  } catch (error) {
    throw toUiError(error);
  }
}
export async function send<P extends Path>(path: P, input?: Input<P>): Promise<Output<P>> {
  try {
    const output = (await procedureOf(path).mutate(input)) as Output<P>;
    // Who is signed in is no row of the replica, so no change of rows tells of it.
    if (path.startsWith("session.") || path.startsWith("setup.")) void queryClient.invalidateQueries();
    return output;
  } catch (error) {
    throw toUiError(error);
  }
}

/** Follows the engine's changes: each query that shows a changed entity is asked again. */
export async function followChanges(): Promise<void> {
  const shows = await client.live.shows.query();
  client.live.changes.subscribe(undefined, {
    onData: ({ data }) => {
      const touched = new Set(data.entities);
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) =>
          touched.has("*") || (shows[String(queryKey[0])] ?? []).some((entity) => touched.has(entity)),
      });
    },
  });
}
