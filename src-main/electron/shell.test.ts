import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { root, run } from "../../scripts/run.ts";

// The built main process with a stand-in for Electron's modules: shows that the shell's parts fit together and what
// they ask of Electron, not what Electron makes of it.

let out = "";
let folder = "";
beforeAll(async () => {
  mkdirSync(join(root, "out"), { recursive: true });
  out = mkdtempSync(join(root, "out/shell-"));
  const { code, output } = await run(["bin:electron-vite", "build", "--outDir", out, "--logLevel", "warn"]);
  expect([code, output]).toEqual([0, expect.any(String)]);
  mkdirSync(join(out, "renderer"));
  writeFileSync(join(out, "renderer/index.html"), "<html></html>");
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "horopter-shell-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the app in a process of its own, then `scenario` in it; what happened, and what the scenario noted. */
async function play(scenario: string): Promise<string[]> {
  const standIn = new URL("./electron-stand-in.ts", import.meta.url).href;
  const script = `
    import { once } from "node:events";
    import { registerHooks } from "node:module";
    registerHooks({
      resolve: (name, context, next) => name === "electron" ? { url: ${JSON.stringify(standIn)}, shortCircuit: true } : next(name, context),
    });
    const { app, engines, events, ipcMain, powerMonitor, served, windows } = await import("electron");
    process.resourcesPath = "/nowhere";
    app.once("quit", () => {
      console.log(JSON.stringify(events));
      process.exit();
    });
    const until = async (is) => { while (!is()) await new Promise((resolve) => setImmediate(resolve)); };
    let port = null;
    const ask = (url = "app://horopter/", id = 1) => ipcMain.emit("horopter:port-wanted", { sender: id === 1 ? windows[0].webContents : { id }, senderFrame: { url, parent: null } });
    const state = () => new Promise((resolve) => {
      port.once("message", ({ data }) => resolve(JSON.parse(data.data).stage));
      port.postMessage({ type: "call", id: 1, method: "query", path: "setup.state" });
    });
    await import(${JSON.stringify(join(out, "main/index.js"))});
    ${scenario}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", `--folder=${folder}`], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOROPTER_PASSPHRASE: "", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  const [code] = await once(child, "close");
  expect([code, said.err.replaceAll(/^\{"level".*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(said.out) as string[];
}

const opening = [
  "sandbox",
  "scheme registered",
  "userData set",
  "single instance",
  "permissions denied",
  "network denied",
];

test("a page is connected to the engine, through its death and to its end", async () => {
  const happened = await play(`
    await until(() => windows.length === 1);
    windows[0].webContents.on("given", (given) => { port = given; port?.start(); });
    ask("https://attacker.example/");
    ask("app://horopter/", 7);
    events.push("strangers: " + port);
    ask();
    events.push(await state());
    await engines[0].worker.terminate();
    await until(() => engines.length === 2);
    events.push(await state());
    events.push(String((await served[0](new Request("app://horopter/patients/1"))).status));
    app.emit("second-instance", {}, ["horopter", "horopter://open/job/018f3e5a9b7c7d2e8f1a2b3c4d5e6f70"]);
    app.emit("second-instance", {}, ["horopter"]);
    powerMonitor.emit("suspend");
    windows[0].emit("close");
    app.quit();`);
  expect(happened).toEqual([
    ...opening,
    "engine started",
    "shows app://horopter/",
    "strangers: null",
    "horopter:port with a port",
    "first_run",
    "horopter:port without a port",
    "engine started",
    "horopter:port with a port",
    "first_run",
    "200",
    "shows app://horopter/open/job/018f3e5a9b7c7d2e8f1a2b3c4d5e6f70",
    "focused",
    "gone",
  ]);
  expect(readdirSync(folder).sort()).toEqual(["keyring.json", "logs", "shell"]);
  expect(JSON.parse(readFileSync(join(folder, "shell/window.json"), "utf8"))).toMatchObject({
    bounds: { width: 1200 },
  });
});

test("an engine that dies again and again is told of", async () => {
  const happened = await play(`
    for (let death = 0; death < 4; death++) {
      await until(() => engines.length === death + 1);
      await engines[death].worker.terminate();
    }`);
  expect(happened.filter((event) => event === "engine started")).toHaveLength(4);
  expect(happened.slice(-2)).toEqual(["Horopter's engine stopped several times", "gone"]);
});

test("data whose key is lost is not opened, and the person is told what is safe", async () => {
  writeFileSync(join(folder, "replica.db"), "encrypted");
  const happened = await play("");
  expect(happened.at(-2)).toMatch(/^Horopter could not start: .*keyring\.json.*Nothing was deleted/);
  expect(happened.at(-1)).toBe("exit 1");
  expect(readFileSync(join(folder, "replica.db"), "utf8")).toBe("encrypted");
});
