/** The centre's HTTP server: health, and the sync procedures over WebSockets at `/sync`. */
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import fastify from "fastify";
import { WebSocketServer } from "ws";
import { refuse } from "../src-shared/sync/ports.ts";
import type { Manifest } from "./backup/file.ts";
import { operatorRoutes } from "./backup/operator.ts";
import type { Centre } from "./centre.ts";
import { createLimiter } from "./limits.ts";
import { type ServerContext, syncRouter } from "./router.ts";
import { serveBakedFiles } from "./snapshots/download.ts";
import { newConnection } from "./sync/connection.ts";

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A push is at most half a megabyte; one oversized group travels alone and may be larger. */
const maximumMessage = 8 * 1024 * 1024;

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
  app.get("/health", async () => {
    await centre.db.query("select 1");
    return { ok: true, demo: centre.demo };
  });
  if (options.backUp) operatorRoutes(app, { secret: centre.secret, log: centre.log, backUp: options.backUp });
  serveBakedFiles(app, centre);
  app.get("/", async () => ({ name: "Horopter sync server", demo: centre.demo }));

  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessage, perMessageDeflate: false });
  const limiter = createLimiter(centre.now);
  const handler = applyWSSHandler({
    wss: sockets,
    router: syncRouter,
    // A device on a slow line answers only when what it sends is out: two pushes at some 200 kbit/s.
    keepAlive: { enabled: true, pingMs: 15_000, pongWaitMs: 45_000 },
    createContext: ({ req }): ServerContext => {
      const address = req.socket.remoteAddress ?? "unknown";
      return {
        centre,
        connection: newConnection(address),
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
    if (pathname !== "/sync") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
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
    async close() {
      handler.broadcastReconnectNotification();
      for (const client of sockets.clients) client.close(1001);
      sockets.close();
      await app.close();
    },
  };
}
