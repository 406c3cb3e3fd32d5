/** The bare server of the idle bench's floors: sockets with the same ping, or tRPC subscriptions that never say a word. */
import { initTRPC } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { type WebSocket, WebSocketServer } from "ws";
import { keepAlive } from "../sync-server/http.ts";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
if (process.argv[2] === "trpc") {
  const t = initTRPC.create({ sse: { enabled: false } });
  const router = t.router({
    wait: t.procedure.subscription(async function* ({ signal }) {
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      yield 0;
    }),
  });
  applyWSSHandler({ wss: server, router, keepAlive });
} else {
  const open = new Set<WebSocket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("message", () => {});
    const ping = setInterval(() => socket.send("PING"), keepAlive.pingMs);
    socket.on("close", () => {
      clearInterval(ping);
      open.delete(socket);
    });
  });
}
server.on("listening", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as { port: number }).port })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
