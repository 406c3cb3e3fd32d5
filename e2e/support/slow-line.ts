/** A line between a workstation and its centre that is slow, and that a test can cut. */
import { createServer, connect as open, type Socket } from "node:net";

export interface SlowLine {
  /** The centre's address as the workstation knows it. */
  readonly url: string;
  /** The first byte that each download asked for, in their order. */
  readonly ranges: readonly number[];
  /** Where each part of an attachment began that was sent, in their order. */
  readonly parts: readonly number[];
  /** Everything on its way is lost, and nobody is let through for `ms` milliseconds; 0: from now on they are again. */
  cut(ms: number): void;
  /** From now on so much comes. */
  slow(bytesPerSecond: number): void;
  close(): Promise<void>;
}

/** Bytes a second: `speed` from the centre, over all connections together, and `up` to it, over each. */
export async function slowLine(centre: string, speed: number, up = Number.POSITIVE_INFINITY): Promise<SlowLine> {
  const { hostname, port } = new URL(centre);
  const ranges: number[] = [];
  const parts: number[] = [];
  const sockets = new Set<Socket>();
  let closedUntil = 0;
  let bytesPerSecond = speed;
  const server = createServer((near) => {
    if (Date.now() < closedUntil) {
      near.destroy();
      return;
    }
    const far = open(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
      socket.on("error", () => {});
    }
    near.on("data", (chunk) => {
      const head = chunk.subarray(0, 2000).toString("latin1");
      const [, from] = /^range: bytes=(\d+)-/im.exec(head) ?? [];
      if (from !== undefined) ranges.push(Number(from));
      const [, at] = /^PUT \/files\/\w+\?at=(\d+) /.exec(head) ?? [];
      if (at !== undefined) parts.push(Number(at));
      far.write(chunk);
      if (up === Number.POSITIVE_INFINITY) return;
      near.pause();
      setTimeout(() => near.resume(), (1000 * chunk.length) / up);
    });
    far.on("data", (chunk) => {
      near.write(chunk);
      far.pause();
      setTimeout(() => far.resume(), (1000 * chunk.length) / bytesPerSecond);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    ranges,
    parts,
    slow(speedNow) {
      bytesPerSecond = speedNow;
    },
    cut(ms) {
      closedUntil = Date.now() + ms;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
