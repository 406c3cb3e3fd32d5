import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AnyTRPCRouter, inferRouterContext } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import { type Log, refuse } from "../../src-shared/sync/ports.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { contentSecurityPolicy, securityHeaders } from "./security-headers.ts";
import { findFile } from "./static-files.ts";

/** What a shell serves: the engine's router, and a context for each connection to it. */
export interface Served<TRouter extends AnyTRPCRouter> {
  readonly router: TRouter;
  context(connection: string): inferRouterContext<TRouter>;
}

export interface HostOptions<TRouter extends AnyTRPCRouter> {
  readonly workstation: Served<TRouter>;
  /** The built page. */
  readonly renderer: string;
  /** The port to listen on; without one, a free one is taken. */
  readonly port?: number;
  readonly log: Log;
}

export interface BrowserHost {
  /** Opens the app: the address with its token, for the person who started it and nobody else. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The path of the WebSocket that carries tRPC. */
const SOCKET_PATH = "/trpc";
const MAX_MESSAGE = 16 * 1024 * 1024;

/** Serves the page and the engine on the loopback interface. */
export async function startHost<TRouter extends AnyTRPCRouter>(options: HostOptions<TRouter>): Promise<BrowserHost> {
  const { workstation, renderer, log } = options;
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000 });
  const port = await listen(server, options.port);
  const admission = createAdmission(port);

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });
  let connections = 0;
  const nextName = () => {
    connections += 1;
    return `browser-${connections}`;
  };
  applyWSSHandler({
    wss: sockets,
    router: workstation.router,
    createContext: ({ req }) => workstation.context(connectionName(req.url) ?? nextName()),
    keepAlive: { enabled: true },
    onError: ({ error, path }) => log.warn("call failed", { path, code: error.code }),
  });

  server.on("request", (request, response) => {
    answer(request, response, { admission, renderer }).catch((error: unknown) => {
      log.error("page failed", { error: error instanceof Error ? error.message : String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    const refusal = upgradeRefusal(request, admission);
    if (refusal) {
      log.warn("connection refused", { status: refusal });
      refuseUpgrade(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });

  return {
    url: `http://127.0.0.1:${port}/?token=${admission.token}`,
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of sockets.clients) client.close(1001, "Horopter is closing");
      server.closeIdleConnections();
      // A browser that went to sleep does not answer; nothing of ours depends on it.
      const impatient = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      }, 1000);
      await closed;
      clearTimeout(impatient);
      sockets.close();
    },
  };
}

/** A page that connects again after a broken connection names itself, so that it is still the same one. */
function connectionName(url = ""): string | null {
  const name = new URLSearchParams(url.split("?", 2)[1]).get("connection");
  return name !== null && /^[A-Za-z0-9-]{8,64}$/.test(name) ? `browser-${name}` : null;
}

function listen(server: Server, port: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return reject(error);
      const why = error.code === "EADDRINUSE" ? "is in use by another program" : "may not be used by this account";
      reject(
        refuse(
          "PORT_IN_USE",
          `Port ${port} ${why}, so Horopter did not start. Nothing was lost. Choose another with --port <number>, ` +
            "or leave --port out to have a free one taken.",
          { port },
        ),
      );
    });
    server.listen({ host: "127.0.0.1", port: port ?? 0, exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("The host has no port"));
      resolve(address.port);
    });
  });
}

interface Surroundings {
  readonly admission: Admission;
  readonly renderer: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, around: Surroundings): Promise<void> {
  const { admission, renderer } = around;
  const host = admission.hostOf(request.headers);
  const connect = host === null ? [] : ["'self'", `ws://${host}`];
  const reply = (status: number, body: string | Buffer, headers: Record<string, string> = {}) => {
    const type = typeof body === "string" ? { "content-type": "text/plain; charset=utf-8" } : {};
    response.writeHead(status, {
      ...securityHeaders({ connect }),
      "cache-control": "no-store",
      ...type,
      "content-length": String(Buffer.byteLength(body)),
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };

  if (host === null) return reply(403, "This address is not Horopter's.\n");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return reply(405, "Only GET and HEAD are answered.\n", { allow: "GET, HEAD" });
  }
  const [path = "/", query] = (request.url ?? "/").split("?", 2);
  const parameters = new URLSearchParams(query);
  if (path === "/" && parameters.has("token")) {
    if (!admission.isToken(parameters.get("token"))) return reply(403, `The token is not valid.\n${openingHint}`);
    return reply(303, "", { location: "/", "set-cookie": admission.cookie });
  }
  if (!admission.hasCookie(request.headers)) return reply(401, openingHint);

  const file = await findFile(renderer, path, () => randomBytes(16).toString("base64"));
  if (!file) return reply(404, "There is nothing here.\n");
  return reply(200, file.body, {
    "content-type": file.type,
    "cache-control": file.lasting ? "private, max-age=31536000, immutable" : "no-store",
    "content-security-policy": contentSecurityPolicy({ connect, nonce: file.nonce }),
  });
}

const openingHint =
  "Open Horopter with the address that was shown where it was started. Each start has a new one; addresses of earlier " +
  "starts no longer work.\n";

/** The status to refuse a WebSocket with, or null to admit it. */
function upgradeRefusal(request: IncomingMessage, admission: Admission): number | null {
  if (admission.hostOf(request.headers) === null || !admission.isOwnOrigin(request.headers)) return 403;
  if (!admission.hasCookie(request.headers)) return 401;
  if ((request.url ?? "").split("?", 1)[0] !== SOCKET_PATH) return 404;
  return null;
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
