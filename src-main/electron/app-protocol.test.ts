import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appScheme, createAppResponder } from "./app-protocol.ts";

let folder: string;
let respond: (request: Request) => Promise<Response>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-app-"));
  await mkdir(join(folder, "renderer/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "key");
  await writeFile(join(folder, "renderer/index.html"), "<html></html>");
  await writeFile(join(folder, "renderer/assets/a.css"), "a{}");
  respond = createAppResponder(join(folder, "renderer"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A request whose address is not tidied, as another part of the program could make it. */
const get = (url: string, method = "GET") => respond({ url, method } as Request);

test("serves the page, its routes and its files", async () => {
  for (const path of ["/", "", "/patients/1?tab=rx", "/open/job/1#a"]) {
    const response = await get(`app://horopter${path}`);
    expect([response.status, await response.text()]).toEqual([200, "<html></html>"]);
  }
  const style = await get("app://horopter/assets/a.css");
  expect([style.headers.get("content-type"), await style.text()]).toEqual(["text/css; charset=utf-8", "a{}"]);
});

test("the page may not connect anywhere, and nothing may be put in or around it", async () => {
  const { headers } = await get("app://horopter/");
  expect(headers.get("content-security-policy")).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' app-file: data: blob:; " +
      "connect-src 'none'; frame-src blob:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  );
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test.each([
  "app://horopter/../secret.txt",
  "app://horopter/%2e%2e/secret.txt",
  "app://horopter/..%5csecret.txt",
  "app://horopter//secret.txt",
  "app://horopter/assets/missing.css",
  "app://other/",
  "app://horopter.attacker/",
  "file:///etc/passwd",
])("serves nothing else: %s", async (url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain("key");
});

test("answers nothing but reading", async () => {
  expect((await get("app://horopter/", "POST")).status).toBe(405);
});

test("the scheme has no privilege that would let a page past its policy", () => {
  expect(appScheme.privileges).toEqual({ standard: true, secure: true, supportFetchAPI: true, codeCache: true });
});
