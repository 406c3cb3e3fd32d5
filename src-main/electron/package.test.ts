import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, run } from "../../scripts/run.ts";

interface BuilderConfig {
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly files: readonly (string | { from: string; filter: readonly string[] })[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly protocols: readonly { schemes: readonly string[] }[];
  readonly publish: { provider: string };
  readonly nsis: { deleteAppDataOnUninstall: boolean };
  readonly win: { target: readonly { target: string }[]; verifyUpdateCodeSignature: boolean };
  readonly mac: { target: readonly { target: string }[]; hardenedRuntime: boolean };
  readonly linux: { target: readonly { target: string }[] };
}
/** What electron-builder brings along, as it is resolved from there. */
const fromBuilder = createRequire(createRequire(join(root, "package.json")).resolve("app-builder-lib/package.json"));
const yaml = fromBuilder("js-yaml") as { load(text: string): unknown };
const config = yaml.load(readFileSync(join(root, "electron-builder.yml"), "utf8")) as BuilderConfig;

describe("electron-builder.yml", () => {
  test("turns off what a release must not do, and on what protects it", () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(config).toMatchObject({ asar: true, asarUnpack: ["**/*.node"], mac: { hardenedRuntime: true } });
  });

  test("makes the packages of each system", () => {
    const targets = ({ target }: { target: readonly { target: string }[] }) => target.map((each) => each.target);
    expect(targets(config.win)).toEqual(["nsis"]);
    expect(targets(config.mac)).toEqual(["dmg", "zip"]);
    expect(targets(config.linux)).toEqual(["AppImage", "deb"]);
  });

  test("updates from one place, signed, and keeps the data of whoever uninstalls", () => {
    expect(config.publish.provider).toBe("generic");
    expect(config.win.verifyUpdateCodeSignature).toBe(true);
    expect(config.nsis.deleteAppDataOnUninstall).toBe(false);
    expect(config.protocols.flatMap(({ schemes }) => schemes)).toEqual(["horopter"]);
  });

  test("names what is in the package instead of what is not", () => {
    const plain = config.files.filter((entry) => typeof entry === "string" && !entry.startsWith("!"));
    expect(plain).toEqual([
      "out/main/**/*",
      "out/preload/**/*",
      "out/renderer/**/*",
      "resources/icons/512x512.png",
      "package.json",
    ]);
  });

  test("has its icons", () => {
    for (const icon of ["icon.ico", "icon.icns", "512x512.png", "256x256.png", "16x16.png"]) {
      expect(existsSync(join(root, "resources/icons", icon))).toBe(true);
    }
  });
});

/** The words that would load Electron at run time, in whichever way a bundle spells it. */
const loadsElectron = /(?:from|require\d*\(|import\(|import)\s*["']electron(?:\/\w+)?["']/;

/** Where this test builds: inside the repository, so that the packages which are not built in are found from there. */
let out = "";
const main = (name: string) => readFileSync(join(out, "main", name), "utf8");
beforeAll(async () => {
  mkdirSync(join(root, "out"), { recursive: true });
  out = mkdtempSync(join(root, "out/built-"));
  const { code, output } = await run(["bin:electron-vite", "build", "--outDir", out, "--logLevel", "warn"]);
  expect([code, output]).toEqual([0, expect.any(String)]);
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("what is built", () => {
  /** A built file and everything of ours that it loads. */
  function withChunks(name: string): string[] {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, chunk] of main(file).matchAll(/from\s*["'](\.\.?\/[\w./-]+\.js)["']/g))
        if (chunk) visit(posix.join(posix.dirname(file), chunk));
    };
    visit(name);
    return [...seen];
  }

  test("the preload is one CommonJS file that knows Electron and nothing else", () => {
    const text = readFileSync(join(out, "preload/index.cjs"), "utf8");
    expect(text).not.toMatch(/^\s*(import|export)\s/m);
    expect([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(["electron"]);
    expect(text.length).toBeLessThan(2000);
  });

  test("the engine knows nothing of Electron", () => {
    expect(main("index.js")).toMatch(loadsElectron);
    const files = withChunks("engine.js");
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect([file, loadsElectron.test(main(file))]).toEqual([file, false]);
  });

  test("machine code stays outside, everything else is inside", () => {
    const outside = new Set(
      [...withChunks("engine.js"), ...withChunks("index.js")]
        .flatMap((file) => [
          ...main(file).matchAll(/^import [^;]*?from "([^".]+)";/gm),
          ...main(file).matchAll(/import\("([^".]+)"\)/g),
        ])
        .map(([, name]) => name ?? "")
        .filter((name) => !name.startsWith("node:")),
    );
    expect([...outside].sort()).toEqual(["@napi-rs/keyring", "@node-rs/argon2", "better-sqlite3", "electron"]);
  });

  test("nothing evaluates text", () => {
    for (const file of [...withChunks("engine.js"), ...withChunks("index.js")])
      expect(main(file)).not.toMatch(/(?<![.\w])eval\(/);
  });

  test("the engine starts from what was built and answers a window", async () => {
    const folder = mkdtempSync(join(tmpdir(), "horopter-built-"));
    // What Electron gives a utility process, made of Node's own channels: `process.parentPort` and its wrapped values.
    const script = `
      import { EventEmitter } from "node:events";
      import { MessageChannel } from "node:worker_threads";
      const wrap = (port) => {
        const emitter = new EventEmitter();
        const start = () => {
          port.on("message", (data) => emitter.emit("message", { data, ports: [] }));
          port.on("close", () => emitter.emit("close"));
        };
        return Object.assign(emitter, { start, postMessage: (m) => port.postMessage(m), close: () => port.close() });
      };
      const parent = Object.assign(new EventEmitter(), { postMessage: (message) => console.log(JSON.stringify(message)) });
      process.parentPort = parent;
      await import(${JSON.stringify(join(out, "main/engine.js"))});
      const [secrets, page] = [new MessageChannel(), new MessageChannel()];
      secrets.port1.on("message", ({ id, path }) =>
        secrets.port1.postMessage({ type: "result", id, ...(path === "provider" ? { data: '"test"' } : { data: "null" }) }));
      page.port1.on("message", (message) => {
        console.log(JSON.stringify(message));
        parent.emit("message", { data: { type: "stop" }, ports: [] });
      });
      parent.emit("message", { data: { type: "start", folder: ${JSON.stringify(folder)} }, ports: [wrap(secrets.port2)] });
      parent.emit("message", { data: { type: "port", connection: "window-1" }, ports: [wrap(page.port2)] });
      page.port1.postMessage({ type: "call", id: 1, method: "query", path: "setup.state" });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, "close");
    const lines = said.trim().split("\n");
    expect([code, lines.length, said]).toEqual([0, 3, expect.any(String)]);
    const messages = lines.map((line) => JSON.parse(line) as { type: string; data?: string });
    expect(messages.map(({ type }) => type)).toEqual(["ready", "result", "stopped"]);
    expect(JSON.parse(messages[1]?.data ?? "null")).toMatchObject({ stage: "first_run" });
    rmSync(folder, { recursive: true });
  }, 60_000);
});

describe("the package", () => {
  let place = "";
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), "horopter-package-"));
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  /** Electron's folder as far as packing looks at it: a program with the wire that fuses are written into. */
  function standIn(): string {
    const folder = join(place, "electron");
    mkdirSync(join(folder, "resources"), { recursive: true });
    mkdirSync(join(folder, "locales"));
    for (const name of [
      "LICENSE",
      "LICENSES.chromium.html",
      "locales/en-GB.pak",
      "locales/en-US.pak",
      "locales/de.pak",
    ]) {
      writeFileSync(join(folder, name), "");
    }
    const wire = Buffer.concat([
      Buffer.from("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX"),
      Buffer.from([1, 9]),
      Buffer.from("101111111"),
    ]);
    writeFileSync(join(folder, "electron"), Buffer.concat([Buffer.alloc(500), wire, Buffer.alloc(500)]));
    chmodSync(join(folder, "electron"), 0o755);
    return folder;
  }

  /**
   * The repository as it is when everything is built, with things in it that are nobody's business: sources, files of
   * tests, and a package that is built in already.
   */
  function project(): string {
    const folder = join(place, "project");
    const put = (path: string, text = "") => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const installed = ["better-sqlite3", "@node-rs/argon2", "@napi-rs/keyring", "zod"];
    const dependencies = Object.fromEntries(installed.map((name) => [name, manifest.dependencies[name]]));
    put("package.json", JSON.stringify({ ...manifest, dependencies, optionalDependencies: {} }));
    const packages = ["better-sqlite3", "@node-rs", "@napi-rs", "zod", "electron"].map(
      (name) => `node_modules/${name}`,
    );
    for (const path of ["electron-builder.yml", "resources/icons", "src-main", "src-shared", ...packages]) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    for (const part of ["main", "preload"]) cpSync(join(out, part), join(folder, "out", part), { recursive: true });
    put("out/renderer/index.html");
    for (const path of [
      "out/renderer/.stamp",
      "out/renderer/assets/a.js.map",
      "out/planted/a.js",
      "resources/demo/practice.json",
    ])
      put(path);
    for (const path of ["bench/main.ts", "e2e/day.spec.ts", "docs/a.md", ".env", "keyring.json"]) put(path);
    return folder;
  }

  test("holds what it needs to run and nothing else, and its program has the fuses", async () => {
    if (process.platform !== "linux" || process.arch !== "x64") return;
    const settings = [`-c.electronDist=${standIn()}`, `-c.directories.output=${join(place, "dist")}`];
    const { code, output } = await run(["bin:electron-builder", "--linux", "dir", "--x64", ...settings], {
      cwd: project(),
      env: { HOROPTER_UPDATE_URL: "https://updates.example" },
    });
    expect([code, output]).toEqual([0, expect.any(String)]);
    const packed = join(place, "dist/linux-unpacked");

    const program = readFileSync(join(packed, "horopter"));
    const wire = program.subarray(program.indexOf("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX") + 34).subarray(0, 8);
    // Node, cookies, NODE_OPTIONS, inspect, integrity, archive only, (own snapshot: as it came), files.
    expect([...wire.toString()]).toEqual(["0", "1", "0", "0", "1", "1", "1", "0"]);

    const asar = fromBuilder("@electron/asar") as {
      listPackage(path: string, options: { isPack: boolean }): string[];
    };
    const files = asar.listPackage(join(packed, "resources/app.asar"), { isPack: false });
    const tops = new Set(files.map((file) => file.split("/").slice(1, 3).join("/")).filter((top) => top.includes("/")));
    const modules = files
      .filter((file) => file.endsWith("/package.json"))
      .map((file) => file.slice(1, -"/package.json".length));
    for (const top of tops)
      expect(top).toMatch(
        /^(out\/(main|preload|renderer)|resources\/icons|node_modules\/(better-sqlite3|@node-rs|@napi-rs))$/,
      );
    expect(modules.filter((name) => name.startsWith("node_modules")).sort()).toEqual([
      "node_modules/@napi-rs/keyring",
      "node_modules/@napi-rs/keyring-linux-x64-gnu",
      "node_modules/@node-rs/argon2",
      "node_modules/@node-rs/argon2-linux-x64-gnu",
      "node_modules/better-sqlite3",
    ]);
    expect(files).toContain("/out/renderer/index.html");
    expect(files.join("\n")).not.toMatch(
      /\.(ts|tsx|map|stamp)$|\/(bench|e2e|demo|docs|planted|src-main)\b|\.env|keyring\.json/m,
    );
    const unpacked = (path: string) => existsSync(join(packed, "resources/app.asar.unpacked/node_modules", path));
    expect(unpacked("better-sqlite3/prebuilds/linux-x64.node")).toBe(true);
    expect(unpacked("@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node")).toBe(true);
    expect(unpacked("@napi-rs/keyring-linux-x64-gnu/keyring.linux-x64-gnu.node")).toBe(true);
    expect(readFileSync(join(packed, "resources/app-update.yml"), "utf8")).toContain("https://updates.example");
  }, 180_000);
});
