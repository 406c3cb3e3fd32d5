import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Refusal, silentLog } from "../../src-shared/sync/ports.ts";
import { type BrowserHost, startHost } from "./server.ts";

const t = initTRPC.context<{ connection: string }>().create({ isDev: false });
const router = t.router({
  whoAmI: t.procedure.query(({ ctx }) => ctx.connection),
  count: t.procedure.subscription(async function* () {
    yield 1;
    yield 2;
  }),
});
const workstation = { router, context: (connection: string) => ({ connection }) };

let folder: string;
let renderer: string;
let host: BrowserHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-host-"));
  renderer = join(folder, "renderer");
  await mkdir(join(renderer, "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "the replica's key");
  await writeFile(join(renderer, "index.html"), '<html><meta property="csp-nonce" nonce="{{csp-nonce}}"></html>');
  await writeFile(join(renderer, "assets/main-1a2b.js"), "export {};");
  await writeFile(join(renderer, ".stamp"), "hidden");
  await symlink(join(folder, "secret.txt"), join(renderer, "assets/link.txt"));
  host = await startHost({ workstation, renderer, log: silentLog });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request as it goes over the wire: no client tidies the path, and any header can be sent. */
function send(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: "127.0.0.1", port: host.port, path, method, headers, agent: false },
      async (reply) => {
        let body = "";
        for await (const chunk of reply) body += chunk;
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body });
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

async function admitted(): Promise<string> {
  const { headers } = await send(new URL(host.url).pathname + new URL(host.url).search);
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

describe("admission", () => {
  test("the token is exchanged for a cookie that scripts and other sites do not get", async () => {
    const token = new URL(host.url).searchParams.get("token") ?? "";
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const reply = await send(`/?token=${token}`);
    expect(reply).toMatchObject({ status: 303, body: "", headers: { location: "/", "cache-control": "no-store" } });
    expect(reply.headers["set-cookie"]?.[0]).toMatch(/^horopter-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(reply.headers["set-cookie"]?.[0]).not.toContain(token);
    expect((await send("/", { cookie: await admitted() })).status).toBe(200);
  });

  test.each([["wrong"], [""], ["A".repeat(43)]])("the token %j is not", async (token) => {
    const reply = await send(`/?token=${token}`);
    expect(reply.status).toBe(403);
    expect(reply.headers["set-cookie"]).toBeUndefined();
  });

  test("nothing is shown without the cookie, or with another", async () => {
    const [name] = (await admitted()).split("=");
    for (const cookie of ["", `${name}=wrong`, `${name}=`, `other=${(await admitted()).split("=")[1]}`]) {
      for (const path of ["/", "/patients", "/assets/main-1a2b.js", "/nothing"]) {
        expect(await send(path, { cookie })).toMatchObject({
          status: 401,
          body: expect.stringContaining("address that was shown"),
        });
      }
    }
  });

  test("a cookie among others is found", async () => {
    expect((await send("/", { cookie: `a=1; ${await admitted()}; b=2` })).status).toBe(200);
  });

  test("a name that somebody points at this computer is refused, cookie or not", async () => {
    const cookie = await admitted();
    const token = new URL(host.url).search;
    for (const name of [
      "attacker.example",
      `attacker.example:${host.port}`,
      "127.0.0.1",
      "localhost:1",
      `127.0.0.1:${host.port}.x`,
    ]) {
      const reply = await send("/", { host: name, cookie });
      expect(reply).toMatchObject({ status: 403, body: expect.not.stringContaining("html") });
      expect((await send(`/${token}`, { host: name })).headers["set-cookie"]).toBeUndefined();
    }
    expect((await send("/", { host: `localhost:${host.port}`, cookie })).status).toBe(200);
  });

  test("only reading is answered", async () => {
    const cookie = await admitted();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      expect(await send("/", { cookie }, method)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
    expect(await send("/", { cookie }, "HEAD")).toMatchObject({ status: 200, body: "" });
  });
});

describe("files", () => {
  test("the page for its own routes, files as they are, nothing else", async () => {
    const cookie = await admitted();
    expect(await send("/patients/018f?tab=rx", { cookie })).toMatchObject({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    });
    expect(await send("/assets/main-1a2b.js", { cookie })).toMatchObject({
      status: 200,
      body: "export {};",
      headers: {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "private, max-age=31536000, immutable",
      },
    });
    expect((await send("/assets/missing-3c.js", { cookie })).status).toBe(404);
    expect((await send("/assets", { cookie })).headers["content-type"]).toContain("html");
  });

  test.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "/..\\secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//secret.txt",
    "/./secret.txt",
    "/C:/secret.txt",
    "/.stamp",
    "/assets/link.txt",
    "/index.html%00.js",
    "/%ff",
    "http://127.0.0.1/secret.txt",
  ])("nothing outside the folder: %s", async (path) => {
    const reply = await send(path, { cookie: await admitted() });
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain("key");
  });
});

describe("headers", () => {
  test("every answer carries them", async () => {
    const cookie = await admitted();
    const replies = [
      await send("/", { cookie }),
      await send("/"),
      await send("/x.js", { cookie }),
      await send("/", { host: "a" }),
    ];
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
      expect(headers["x-powered-by"]).toBeUndefined();
    }
  });

  test("the page may do what it needs and nothing more", async () => {
    const { headers, body } = await send("/", { cookie: await admitted() });
    const nonce = body.match(/nonce="([^"]+)"/)?.[1] ?? "";
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data: blob:; ` +
        `connect-src 'self' ws://127.0.0.1:${host.port}; frame-src blob:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'`,
    );
    expect(Buffer.from(nonce, "base64")).toHaveLength(16);
    const again = await send("/", { cookie: await admitted() });
    expect(again.body).not.toBe(body);
  });
});

describe("the engine's socket", () => {
  const origin = () => `http://127.0.0.1:${host.port}`;

  /** The status a WebSocket is refused with, or 101. */
  async function knock(headers: Record<string, string>, path = "/trpc"): Promise<number> {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
    return new Promise((resolve) => {
      socket.on("open", () => {
        socket.close();
        resolve(101);
      });
      socket.on("unexpected-response", (_request, reply) => resolve(reply.statusCode ?? 0));
      socket.on("error", () => {});
    });
  }

  test("opens to our own page only", async () => {
    const cookie = await admitted();
    const own = { origin: origin(), cookie };
    expect(await knock(own)).toBe(101);
    expect(await knock({ ...own, cookie: "" })).toBe(401);
    expect(await knock({ ...own, origin: "https://attacker.example" })).toBe(403);
    expect(await knock({ ...own, origin: "null" })).toBe(403);
    expect(await knock({ cookie })).toBe(403);
    expect(await knock({ ...own, origin: `http://localhost:${host.port}` })).toBe(403);
    expect(await knock({ ...own, host: "attacker.example" })).toBe(403);
    expect(await knock(own, "/other")).toBe(404);
  });

  test("speaks tRPC, and knows a page that comes back", async () => {
    const cookie = await admitted();
    class OwnSocket extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { cookie, origin: origin() } });
      }
    }
    const open = (path: string) =>
      createWSClient({
        url: `ws://127.0.0.1:${host.port}${path}`,
        WebSocket: OwnSocket as unknown as typeof globalThis.WebSocket,
      });
    const sockets = [open("/trpc"), open("/trpc?connection=0123456789abcdef"), open("/trpc?connection=%2e%2e")];
    const [plain, named, odd] = sockets.map((client) =>
      createTRPCClient<typeof router>({ links: [wsLink({ client })] }),
    );
    expect(await plain?.whoAmI.query()).toMatch(/^browser-\d+$/);
    expect(await named?.whoAmI.query()).toBe("browser-0123456789abcdef");
    expect(await odd?.whoAmI.query()).toMatch(/^browser-\d+$/);
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      plain?.count.subscribe(undefined, { onData: (value) => seen.push(value), onComplete: resolve, onError: reject });
    });
    expect(seen).toEqual([1, 2]);
    for (const socket of sockets) await socket.close();
  });

  test("is closed with the host", async () => {
    const other = await startHost({ workstation, renderer, log: silentLog });
    const token = new URL(other.url).search;
    const reply = await fetch(`http://127.0.0.1:${other.port}/${token}`, { redirect: "manual" });
    const cookie = reply.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/trpc`, {
      headers: { cookie, origin: `http://127.0.0.1:${other.port}` },
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    await other.close();
    expect((await closed)[0]).toBe(1001);
    await expect(fetch(`http://127.0.0.1:${other.port}/`)).rejects.toThrow();
  });
});

describe("the port", () => {
  let taken: Server | undefined;
  afterEach(() => taken?.close());

  test("that is in use is told, with what to do", async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const error = await startHost({ workstation, renderer, port, log: silentLog }).catch(
      (cause: unknown) => cause as Refusal,
    );
    expect(error).toMatchObject({ code: "PORT_IN_USE", args: { port }, message: expect.stringContaining("--port") });
  });

  test("is a free one when none was asked for, on the loopback interface only", async () => {
    const other = await startHost({ workstation, renderer, log: silentLog });
    expect(other.port).not.toBe(host.port);
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    await other.close();
  });
});
