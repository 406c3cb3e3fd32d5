/** The centre's HTTP server: health, and the sync procedures over WebSockets at `/sync`. */
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import fastify from "fastify";
import { type WebSocket, WebSocketServer } from "ws";
import { refuse } from "../src-shared/sync/ports.ts";
import { apiRoutes } from "./api/routes.ts";
import type { Manifest } from "./backup/file.ts";
import { operatorRoutes } from "./backup/operator.ts";
import type { Centre } from "./centre.ts";
import { serveBlobs } from "./files/serve.ts";
import { createLimiter } from "./limits.ts";
import { type ServerContext, syncRouter } from "./router.ts";
import { serveBakedFiles } from "./snapshots/download.ts";
import { newConnection, type ServerConnection } from "./sync/connection.ts";
import { mostUnread } from "./sync/slow-readers.ts";

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Bytes that devices were sent and have not taken yet. */
  unread(): number;
  /** Lets every device have its answers, sends them elsewhere one by one, and ends. */
  close(): Promise<void>;
}

/** A push is at most half a megabyte; one oversized group travels alone and may be larger. */
const maximumMessage = 8 * 1024 * 1024;
/** A device on a slow line answers only when what it sends is out: two pushes at some 200 kbit/s. */
export const keepAlive = { enabled: true, pingMs: 15_000, pongWaitMs: 45_000 } as const;
/** Milliseconds that each device gets, so that a server that stops does not send all of them to its neighbour at once. */
const apart = 20;
const longestDrain = 10_000;

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Writes a backup, for the script that asks for one on this machine. */
  readonly backUp?: (path: string) => Promise<Manifest>;
}

export async function startHttp(centre: Centre, options: HttpOptions): Promise<HttpServer> {
  const app = fastify({ logger: false, bodyLimit: 1024 * 1024, forceCloseConnections: true });
  await app.register(helmet, {
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  await app.register(rateLimit, { max: 300, timeWindow: "1 minute" });
  let draining = false;
  app.get("/health", async (_, reply) => {
    // A load balancer that asks sends nobody here any more.
    if (draining) return reply.code(503).send({ ok: false, draining });
    await centre.db.query("select 1");
    return { ok: true, demo: centre.demo };
  });
  if (options.backUp) operatorRoutes(app, { secret: centre.secret, log: centre.log, backUp: options.backUp });
  serveBakedFiles(app, centre);
  if (centre.blobs) serveBlobs(app, centre);
  apiRoutes(app, centre);
  app.get("/", async () => ({ name: "Horopter sync server", demo: centre.demo }));

  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessage, perMessageDeflate: false });
  const limiter = createLimiter(centre.now);
  const connections = new Map<WebSocket, ServerConnection>();
  sockets.on("connection", (client) => {
    client.on("message", () => {
      // Asks for more and takes nothing of what was sent.
      if (client.bufferedAmount > mostUnread) client.terminate();
    });
    client.on("close", () => connections.delete(client));
  });
  applyWSSHandler({
    wss: sockets,
    router: syncRouter,
    keepAlive,
    createContext: ({ req, res: client }): ServerContext => {
      const address = req.socket.remoteAddress ?? "unknown";
      const line = { buffered: () => client.bufferedAmount, cut: () => client.terminate() };
      const connection = newConnection(address, line);
      connections.set(client, connection);
      return {
        centre,
        connection,
        limit: (what) => {
          if (!limiter.take(`${what}:${address}`, what)) {
            throw refuse("TOO_MANY_TRIES", "Too many tries from this address. Wait a minute, then try again.");
          }
        },
      };
    },
  });
  app.server.on("upgrade", (request, socket, head) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname !== "/sync" || draining) {
      const status = draining ? "503 Service Unavailable" : "404 Not Found";
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    port,
    url: `http://${options.host === "0.0.0.0" ? "127.0.0.1" : options.host}:${port}`,
    unread: () => [...sockets.clients].reduce((sum, client) => sum + client.bufferedAmount, 0),
    async close() {
      draining = true;
      const clients = [...sockets.clients];
      const spread = Math.min(longestDrain, clients.length * apart);
      await Promise.all(clients.map((client, index) => dismiss(client, (spread * index) / clients.length)));
      sockets.close();
      await app.close();
    },
  };

  /** When it is its turn, lets a device have the answers to what it sent, then asks it to connect elsewhere. */
  async function dismiss(client: WebSocket, wait: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, wait));
    await connections.get(client)?.settling;
    // The answer itself is sent a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    client.send(JSON.stringify({ id: null, method: "reconnect" }), () => {});
    client.close(1001);
  }
}
