/** The bare middle of the relay's floor: takes a message, commits it in PostgreSQL, passes it to whoever listens. */
import pg from "pg";
import { type WebSocket, WebSocketServer } from "ws";

/** One connection; what comes while it is busy waits. */
const client = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
await client.query("create table bare_relay (n int8 primary key, payload text not null)");
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
const listeners = new Set<WebSocket>();
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const text = String(data);
    if (text === "listen") {
      listeners.add(socket);
      return;
    }
    const { n, payload } = JSON.parse(text) as { n: number; payload: string };
    void client
      .query({ name: "add", text: "insert into bare_relay (n, payload) values ($1,$2)", values: [n, payload] })
      .then(() => {
        for (const listener of listeners) listener.send(text);
      });
  });
});
server.on("listening", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as { port: number }).port })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
