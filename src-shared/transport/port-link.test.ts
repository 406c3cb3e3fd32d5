import { MessageChannel, type MessagePort } from "node:worker_threads";
import { createTRPCClient, type TRPCClientError } from "@trpc/client";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { nodePort, type TransportPort } from "./port.ts";
import { createPortConnection, type PortConnection } from "./port-connection.ts";
import { transportErrorOf } from "./port-error.ts";
import { portLink } from "./port-link.ts";
import { type PortServer, servePort } from "./port-server.ts";

interface Context {
  connection: string;
}

/** A gate that a procedure waits at until the test opens it; `reached` says that somebody waits. */
function createGate() {
  let arrive = () => {};
  let open = () => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    reached,
    open: () => open(),
    wait: (signal?: AbortSignal) => {
      arrive();
      return Promise.race([
        opened,
        new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true })),
      ]);
    },
  };
}

function createWorld() {
  const gate = createGate();
  const ended = Promise.withResolvers<string>();
  const world = { gate, ended, yielded: 0, signalled: Promise.withResolvers<void>() };
  const t = initTRPC.context<Context>().create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: { ...shape.data, refusal: error.cause instanceof Error ? error.cause.message : null },
    }),
  });
  const router = t.router({
    echo: t.procedure.input(z.unknown()).query(({ input }) => input),
    whoAmI: t.procedure.query(({ ctx }) => ctx.connection),
    add: t.procedure.input(z.object({ a: z.number(), b: z.number() })).mutation(({ input }) => input.a + input.b),
    refuse: t.procedure.mutation(() => {
      throw new TRPCError({ code: "FORBIDDEN", message: "Not yours", cause: new Error("NO_PERMISSION") });
    }),
    wait: t.procedure.query(async ({ signal }) => {
      signal?.addEventListener("abort", () => world.signalled.resolve(), { once: true });
      await gate.wait(signal);
      return "waited";
    }),
    waitAndWrite: t.procedure.mutation(async () => {
      await gate.wait();
      return "written";
    }),
    numbers: t.procedure.input(z.object({ upTo: z.number() })).subscription(async function* ({ input, signal }) {
      try {
        for (let value = 1; value <= input.upTo && !signal?.aborted; value++) {
          world.yielded = value;
          yield value;
        }
      } finally {
        ended.resolve(signal?.aborted ? "called off" : "ran out");
      }
    }),
    tail: t.procedure.input(z.object({ lastEventId: z.string().optional() }).optional()).subscription(async function* ({
      input,
      signal,
    }) {
      const from = Number(input?.lastEventId ?? 0);
      yield tracked(String(from + 1), `event ${from + 1}`);
      yield tracked(String(from + 2), `event ${from + 2}`);
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
    }),
    breaks: t.procedure.subscription(async function* () {
      yield 1;
      throw new TRPCError({ code: "CONFLICT", message: "Broken" });
    }),
    unspeakable: t.procedure.subscription(async function* () {
      try {
        yield 1n as unknown as number;
      } finally {
        ended.resolve("returned");
      }
    }),
    late: t.router({ nested: t.procedure.query(() => new Date(0)) }),
  });
  return { ...world, world, router };
}

type World = ReturnType<typeof createWorld>;

const toClose: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0)) await thing.close();
});

function serve(world: World, port: MessagePort, connection = "window-1"): PortServer {
  const server = servePort({ port: nodePort(port), router: world.router, context: () => ({ connection }) });
  toClose.push(server);
  return server;
}

function clientOf(target: TransportPort | PortConnection) {
  if ("attach" in target) toClose.push(target);
  return createTRPCClient<World["router"]>({ links: [portLink(target)] });
}

function start() {
  const world = createWorld();
  const { port1, port2 } = new MessageChannel();
  const server = serve(world, port2);
  return { world, server, port1, port2, client: clientOf(nodePort(port1)) };
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as TRPCClientError<World["router"]>,
  );

describe("calls", () => {
  test.each([[0], [""], [false], [null], [undefined], [{ list: [1, { deep: "€ ✓" }] }]])(
    "carries %j and back",
    async (value) => {
      const { client } = start();
      expect(await client.echo.query(value)).toEqual(value);
    },
  );

  test("gives procedures the context of their port", async () => {
    const { client } = start();
    expect(await client.whoAmI.query()).toBe("window-1");
  });

  test("calls mutations and nested procedures; data is what JSON makes of it", async () => {
    const { client } = start();
    expect(await client.add.mutate({ a: 2, b: 3 })).toBe(5);
    expect(await client.late.nested.query()).toBe("1970-01-01T00:00:00.000Z");
  });

  test("answers many calls under way to those who asked", async () => {
    const { client, server } = start();
    const answers = await Promise.all(Array.from({ length: 900 }, (_, a) => client.add.mutate({ a, b: 1 })));
    expect(answers).toEqual(Array.from({ length: 900 }, (_, a) => a + 1));
    expect(server.calls).toBe(0);
  });

  test("keeps the shape of an error, with what the formatter added", async () => {
    const { client } = start();
    const error = await failureOf(client.refuse.mutate());
    expect(error.message).toBe("Not yours");
    expect(error.data).toMatchObject({ code: "FORBIDDEN", httpStatus: 403, path: "refuse", refusal: "NO_PERMISSION" });
    expect(transportErrorOf(error)).toBeNull();
  });

  test("refuses what the procedure's schema refuses, and procedures there are none of", async () => {
    const { client } = start();
    const invalid = await failureOf(client.add.mutate({ a: "2" } as unknown as { a: number; b: number }));
    expect(invalid.data?.code).toBe("BAD_REQUEST");
    const missing = await failureOf((client as unknown as { nothing: { query(): Promise<unknown> } }).nothing.query());
    expect(missing.data?.code).toBe("NOT_FOUND");
  });

  test("a call that is called off ends here and there", async () => {
    const { client, world, server } = start();
    const controller = new AbortController();
    const failure = failureOf(client.wait.query(undefined, { signal: controller.signal }));
    await world.gate.reached;
    controller.abort();
    await failure;
    await world.signalled.promise;
    expect(await client.echo.query("still there")).toBe("still there");
    expect(server.calls).toBe(0);
  });

  test("refuses more calls at once than it was told to bear", async () => {
    const world = createWorld();
    const { port1, port2 } = new MessageChannel();
    const server = servePort({
      port: nodePort(port2),
      router: world.router,
      context: () => ({ connection: "" }),
      maxCalls: 1,
    });
    toClose.push(server);
    const client = clientOf(nodePort(port1));
    const first = client.wait.query();
    expect((await failureOf(client.echo.query(1))).data?.code).toBe("TOO_MANY_REQUESTS");
    world.gate.open();
    expect(await first).toBe("waited");
  });

  test("a context that cannot be made is the answer to each call", async () => {
    const world = createWorld();
    const { port1, port2 } = new MessageChannel();
    const context = () => Promise.reject(new TRPCError({ code: "UNAUTHORIZED", message: "Nobody" }));
    toClose.push(servePort({ port: nodePort(port2), router: world.router, context }));
    const client = clientOf(nodePort(port1));
    expect((await failureOf(client.echo.query(1))).data?.code).toBe("UNAUTHORIZED");
  });
});

describe("subscriptions", () => {
  test("yield everything in order, then stop", async () => {
    const { client, world } = start();
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      client.numbers.subscribe(
        { upTo: 500 },
        { onData: (value) => seen.push(value), onError: reject, onStopped: resolve },
      );
    });
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(await world.ended.promise).toBe("ran out");
  });

  test("are not asked for more than the subscriber has room for", async () => {
    const world = createWorld();
    const { port1, port2 } = new MessageChannel();
    serve(world, port2);
    // A subscriber that gives no credit back: the raw envelope instead of the link.
    const items: unknown[] = [];
    const third = Promise.withResolvers<void>();
    port1.on("message", (message: { type: string; data?: string }) => {
      if (message.type === "item" && items.push(message.data) === 3) third.resolve();
    });
    port1.postMessage({
      type: "call",
      id: 1,
      method: "subscription",
      path: "numbers",
      input: '{"upTo":100}',
      credit: 3,
    });
    await third.promise;
    // A query behind it makes a round trip: had there been a fourth item, it would have come before its answer.
    const answered = new Promise<void>((resolve) =>
      port1.on("message", (message) => message.type === "result" && resolve()),
    );
    port1.postMessage({ type: "call", id: 2, method: "query", path: "whoAmI" });
    await answered;
    expect(items).toEqual(["1", "2", "3"]);
    expect(world.world.yielded).toBe(3);

    const fifth = new Promise<void>((resolve) => port1.on("message", () => items.length === 5 && resolve()));
    port1.postMessage({ type: "credit", id: 1, more: 2 });
    await fifth;
    expect(items).toEqual(["1", "2", "3", "4", "5"]);
    port1.close();
  });

  test("end at their source when the subscriber leaves", async () => {
    const { client, world } = start();
    const first = Promise.withResolvers<void>();
    const subscription = client.numbers.subscribe({ upTo: Number.MAX_SAFE_INTEGER }, { onData: () => first.resolve() });
    await first.promise;
    subscription.unsubscribe();
    expect(await world.ended.promise).toBe("called off");
  });

  test("tell their error after what came before it", async () => {
    const { client } = start();
    const seen: number[] = [];
    const error = await new Promise<TRPCClientError<World["router"]>>((resolve) => {
      client.breaks.subscribe(undefined, { onData: (value) => seen.push(value), onError: resolve });
    });
    expect(seen).toEqual([1]);
    expect(error.data?.code).toBe("CONFLICT");
  });

  test("tell when an item has no JSON, and release the source", async () => {
    const { client, world } = start();
    const error = await new Promise<TRPCClientError<World["router"]>>((resolve) => {
      client.unspeakable.subscribe(undefined, { onError: resolve });
    });
    expect(error.data?.code).toBe("INTERNAL_SERVER_ERROR");
    expect(await world.ended.promise).toBe("returned");
  });
});

describe("when the port closes", () => {
  test.each(["the engine's side", "this side"])("what is under way fails with a typed error (%s)", async (side) => {
    const { client, world, port1, port2 } = start();
    const query = failureOf(client.wait.query());
    const subscription = new Promise<unknown>((resolve) => client.tail.subscribe(undefined, { onError: resolve }));
    await world.gate.reached;
    (side === "this side" ? port1 : port2).close();
    for (const error of [await query, await subscription]) {
      expect(transportErrorOf(error)).toMatchObject({ code: "PORT_CLOSED", outcome: "unknown" });
    }
    const later = await failureOf(client.echo.query(1));
    expect(transportErrorOf(later)).toMatchObject({ code: "PORT_CLOSED", outcome: "not-sent" });
  });

  test("the server calls off what it was doing and says when it is done", async () => {
    const { client, world, server, port1 } = start();
    void failureOf(client.wait.query());
    await world.gate.reached;
    port1.close();
    await server.closed;
    await world.signalled.promise;
    expect(server.calls).toBe(0);
  });

  test("a new port takes up subscriptions where they were, sends what waited, and admits what is lost", async () => {
    const world = createWorld();
    const connection = createPortConnection();
    const client = clientOf(connection);
    const early = client.whoAmI.query();

    const first = new MessageChannel();
    serve(world, first.port2, "first");
    connection.attach(nodePort(first.port1));
    expect(await early).toBe("first");

    const seen: string[] = [];
    const states: string[] = [];
    const two = Promise.withResolvers<void>();
    const four = Promise.withResolvers<void>();
    client.tail.subscribe(undefined, {
      onData(event) {
        if (seen.push(event.id) === 2) two.resolve();
        if (seen.length === 4) four.resolve();
      },
      onConnectionStateChange: ({ state }) => states.push(state),
    });
    const writing = failureOf(client.waitAndWrite.mutate());
    await Promise.all([two.promise, world.gate.reached]);

    first.port2.close();
    expect(transportErrorOf(await writing)).toMatchObject({ outcome: "unknown" });
    const waiting = client.whoAmI.query();

    const second = new MessageChannel();
    serve(world, second.port2, "second");
    connection.attach(nodePort(second.port1));
    expect(await waiting).toBe("second");
    await four.promise;
    expect(seen).toEqual(["1", "2", "3", "4"]);
    expect(states).toEqual(["connecting", "pending", "connecting", "pending"]);
    world.gate.open();
  });

  test("a connection that is told that its port leads nowhere admits it at once", async () => {
    const world = createWorld();
    const connection = createPortConnection();
    const client = clientOf(connection);
    const { port1, port2 } = new MessageChannel();
    serve(world, port2);
    connection.attach(nodePort(port1));
    const writing = failureOf(client.waitAndWrite.mutate());
    await world.gate.reached;
    connection.detach();
    connection.detach();
    expect(transportErrorOf(await writing)).toMatchObject({ code: "PORT_CLOSED", outcome: "unknown" });
    expect(connection.connected).toBe(false);
    world.gate.open();
  });

  test("a port that replaces a living one closes it", async () => {
    const world = createWorld();
    const connection = createPortConnection();
    const client = clientOf(connection);
    const [first, second] = [new MessageChannel(), new MessageChannel()];
    const firstServer = serve(world, first.port2, "first");
    serve(world, second.port2, "second");
    connection.attach(nodePort(first.port1));
    expect(await client.whoAmI.query()).toBe("first");
    connection.attach(nodePort(second.port1));
    await firstServer.closed;
    expect(await client.whoAmI.query()).toBe("second");
  });
});
