import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
let renderer: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), "horopter-run-"));
  folder = join(base, "data");
  renderer = join(base, "renderer");
  await mkdir(renderer);
  await writeFile(join(renderer, "index.html"), "<html></html>");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(join(folder, ".."), { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  /** Everything it wrote, once it has ended. */
  ended: Promise<{ code: number | null; output: string; errors: string }>;
  ready(): Promise<{ ready: boolean; url: string; port: number; name: string | null; pid: number }>;
}

/** A host in a process of its own, around an engine that keeps one secret and says in a file that it was closed. */
function start(args: readonly string[], stdio: "pipe" | "ipc" = "pipe", env: Record<string, string> = {}): Started {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `
    import { writeFileSync } from "node:fs";
    import { initTRPC } from "@trpc/server";
    import { readArguments } from ${module("./arguments.ts")};
    import { reportOf } from ${module("./report.ts")};
    import { runHost } from ${module("./run-host.ts")};
    import { openDataKey } from ${module("../secrets/data-key.ts")};
    const t = initTRPC.create();
    const start = async ({ folder, secrets }) => {
      await openDataKey({ folder, secrets });
      return { router: t.router({}), context: () => ({}), close: async () => writeFileSync(folder + "/closed", secrets.provider) };
    };
    runHost(readArguments(process.argv.slice(1)), start, ${JSON.stringify(renderer)})
      .catch((error) => { console.error(reportOf(error).code); process.exitCode = 1; })
      .finally(() => process.exit());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, "--", "--no-open", ...args], {
    cwd: new URL(".", import.meta.url),
    stdio: stdio === "ipc" ? ["ignore", "pipe", "pipe", "ipc"] : "pipe",
    env: { ...process.env, HOROPTER_PASSPHRASE: "", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent", ...env },
  });
  children.push(child);
  const said = { output: "", errors: "" };
  child.stdout?.on("data", (chunk) => {
    said.output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said.errors += chunk;
  });
  // Node never reports the close of a child whose channel the parent disconnected.
  const ended = once(child, stdio === "ipc" ? "exit" : "close").then(([exit]) => ({
    code: exit as number | null,
    ...said,
  }));
  return {
    child,
    ended,
    async ready() {
      while (!said.output.includes("\n")) {
        await Promise.race([
          once(child.stdout as NodeJS.ReadableStream, "data"),
          ended.then((end) => Promise.reject(new Error(end.errors))),
        ]);
      }
      return JSON.parse(said.output) as never;
    },
  };
}

const json = (...more: string[]) => ["--json", "--secrets", "key-file", "--folder", folder, ...more];
const closedBy = () => readFile(join(folder, "closed"), "utf8");

describe("a host", () => {
  test("says in one line that it is ready, and answers there", async () => {
    const { ready } = start(json("--name", "Till 1"));
    const line = await ready();
    expect(line).toMatchObject({ ready: true, name: "Till 1" });
    const reply = await fetch(line.url, { redirect: "manual" });
    expect(reply.status).toBe(303);
  });

  test("ends tidily when its parent closes its input", async () => {
    const { child, ready, ended } = start(json());
    await ready();
    child.stdin?.end();
    expect(await ended).toMatchObject({ code: 0, errors: "" });
    expect(await closedBy()).toBe("key-file");
    expect((await readdir(folder)).sort()).toEqual(["closed", "keyring.json", "logs", "secrets.unprotected.json"]);
  });

  test("ends tidily when it is told to", async () => {
    const { child, ready, ended } = start(json());
    await ready();
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
    expect(await closedBy()).toBe("key-file");
  });

  test("ends tidily when the process that forked it is gone", async () => {
    const { child, ready, ended } = start(json(), "ipc");
    await ready();
    child.disconnect();
    expect((await ended).code).toBe(0);
    expect(await closedBy()).toBe("key-file");
  });

  test("does not start twice on one folder, and leaves the first one alone", async () => {
    const first = start(json());
    const { url } = await first.ready();
    const second = start(json());
    expect(await second.ended).toMatchObject({ code: 1, output: "", errors: "FOLDER_IN_USE\n" });
    expect((await fetch(url, { redirect: "manual" })).status).toBe(303);
  });

  test("gives everything back when the port is taken", async () => {
    const first = start(json());
    const { port } = await first.ready();
    const other = join(folder, "../other");
    const second = start(["--json", "--secrets", "key-file", "--folder", other, "--port", String(port)]);
    expect(await second.ended).toMatchObject({ code: 1, errors: "PORT_IN_USE\n" });
    expect(await readFile(join(other, "closed"), "utf8")).toBe("key-file");
    expect(await readdir(other)).not.toContain("horopter.lock");
  });

  test("opens nothing without screens", async () => {
    await rm(join(renderer, "index.html"));
    expect(await start(json()).ended).toMatchObject({ code: 1, errors: "RENDERER_MISSING\n" });
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
  });

  test("on a machine without a keychain keeps the key under the passphrase it is given", async () => {
    if (process.platform !== "linux") return;
    const plain = ["--json", "--folder", folder];
    expect((await start(plain).ended).errors).toBe("NO_SECRET_STORE\n");
    const given = start(plain, "pipe", { HOROPTER_PASSPHRASE: "correct horse battery staple" });
    await given.ready();
    given.child.stdin?.end();
    await given.ended;
    expect(await closedBy()).toBe("passphrase-file");
    // With data there, a start that cannot open it says so instead of making a new key.
    await writeFile(join(folder, "replica.db"), "encrypted");
    expect((await start(plain).ended).errors).toBe("PROVIDER_CHANGED\n");
    expect((await start(plain, "pipe", { HOROPTER_PASSPHRASE: "something else entirely" }).ended).errors).toBe(
      "WRONG_PASSPHRASE\n",
    );
  });
});
