import { createTRPCClient } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { z } from "zod";
import type { TransportPort } from "../../src-shared/transport/port.ts";
import { portLink } from "../../src-shared/transport/port-link.ts";
import { type PortServer, servePort } from "../../src-shared/transport/port-server.ts";
import type { SecretStore } from "../secrets/store.ts";

/**
 * The engine's secrets are kept by the main process, since safeStorage exists only there. A small router over a port
 * of their own carries them; windows never get that port.
 */
const t = initTRPC.context<{ secrets: SecretStore }>().create({ isDev: false });
const name = z.string().min(1).max(200);

const secretsRouter = t.router({
  provider: t.procedure.query(({ ctx }) => ctx.secrets.provider),
  get: t.procedure.input(name).query(({ ctx, input }) => ctx.secrets.get(input)),
  set: t.procedure
    .input(z.object({ name, value: z.string().max(1000) }))
    .mutation(({ ctx, input }) => ctx.secrets.set(input.name, input.value)),
  delete: t.procedure.input(name).mutation(({ ctx, input }) => ctx.secrets.delete(input)),
});

/** In the main process: keeps the secrets of whoever has the other end. */
export function serveSecrets(port: TransportPort, secrets: SecretStore): PortServer {
  return servePort({ port, router: secretsRouter, context: () => ({ secrets }) });
}

/** In the engine's process: the store at the other end. */
export async function remoteSecrets(port: TransportPort): Promise<SecretStore> {
  const client = createTRPCClient<typeof secretsRouter>({ links: [portLink(port)] });
  const provider = await client.provider.query();
  return {
    provider,
    get: (name) => client.get.query(name),
    set: (name, value) => client.set.mutate({ name, value }),
    delete: (name) => client.delete.mutate(name),
  };
}
