import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { type Refusal, refuse } from "../../src-shared/sync/ports.ts";
import { readArguments } from "./arguments.ts";
import { dataFolder } from "./data-folder.ts";
import { browserCommand } from "./open-browser.ts";
import { askPassphrase } from "./passphrase-prompt.ts";
import { reportOf } from "./report.ts";
import { contentSecurityPolicy } from "./security-headers.ts";
import { openLog } from "./surroundings.ts";

describe("arguments", () => {
  test("have defaults for a person who types none", () => {
    expect(readArguments([])).toEqual({
      folder: undefined,
      port: undefined,
      open: true,
      name: undefined,
      json: false,
      secrets: undefined,
    });
  });

  test("are read", () => {
    expect(
      readArguments([
        "--folder=/data",
        "--port",
        "4100",
        "--no-open",
        "--json",
        "--name",
        "Till 1",
        "--secrets",
        "key-file",
      ]),
    ).toEqual({ folder: "/data", port: 4100, open: false, name: "Till 1", json: true, secrets: "key-file" });
  });

  test.each([
    ["--port", "0"],
    ["--port", "70000"],
    ["--port", "x"],
    ["--secrets", "post-it"],
    ["--unknown"],
    ["stray"],
  ])("that make no sense are refused with what there is: %s %s", (...args) => {
    const error = (() => {
      try {
        return readArguments(args.filter((arg): arg is string => typeof arg === "string"));
      } catch (cause) {
        return cause as Refusal;
      }
    })();
    expect(error).toMatchObject({ code: "BAD_ARGUMENTS", message: expect.stringContaining("--folder <path>") });
  });
});

describe("the data folder", () => {
  const env = { XDG_DATA_HOME: "/xdg", LOCALAPPDATA: "/local" };
  test.each([
    ["linux", env, "/xdg/horopter"],
    ["linux", {}, "/home/ada/.local/share/horopter"],
    ["darwin", env, "/home/ada/Library/Application Support/Horopter"],
    ["win32", env, "/local/Horopter"],
    ["win32", {}, "/home/ada/AppData/Local/Horopter"],
    ["linux", { ...env, HOROPTER_DATA: "/set" }, "/set"],
  ] as const)("on %s with %j is %s", (platform, given, expected) => {
    expect(dataFolder(undefined, { platform, env: given, home: "/home/ada" })).toBe(expected);
  });

  test("is what was asked for, before anything else", () => {
    expect(dataFolder("/asked", { platform: "linux", env: { HOROPTER_DATA: "/set" }, home: "/h" })).toBe("/asked");
  });
});

describe("the passphrase", () => {
  /** A terminal that types what it is given, a line at each prompt. */
  function createTerminal(...lines: string[]) {
    const modes: boolean[] = [];
    const shown: string[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
    const output = {
      write(text: string) {
        shown.push(text);
        if (text.endsWith(": ")) setImmediate(() => input.write(lines.shift() ?? "\u0003"));
      },
    };
    return { terminal: { input, output }, modes, shown };
  }

  test("is read without being shown, and can be corrected", async () => {
    const { terminal, modes, shown } = createTerminal("secretx\u007f words\r");
    expect(await askPassphrase(false, terminal)).toBe("secret words");
    expect(shown.join("")).not.toContain("secret");
    expect(modes).toEqual([true, false]);
  });

  test("is asked for twice when it is chosen, until both are the same", async () => {
    const { terminal, shown } = createTerminal("one\r", "other\r", "same words\r", "same words\r");
    expect(await askPassphrase(true, terminal)).toBe("same words");
    expect(shown.join("")).toContain("The two differ");
  });

  test("is none when the person gives up or nobody is there", async () => {
    expect(await askPassphrase(true, createTerminal("one\r", "\u0003").terminal)).toBeNull();
    const { terminal } = createTerminal();
    expect(
      await askPassphrase(false, { ...terminal, input: Object.assign(new PassThrough(), { isTTY: false }) }),
    ).toBeNull();
  });
});

test("a refusal is told in its own words, a mistake of ours as one", () => {
  expect(reportOf(refuse("PORT_IN_USE", "Port 1 is in use"))).toEqual({
    code: "PORT_IN_USE",
    message: "Port 1 is in use",
  });
  expect(reportOf(new TypeError("x is undefined"))).toMatchObject({
    code: "UNEXPECTED",
    message: expect.stringContaining("report this"),
  });
});

test("the browser gets the address as one argument", () => {
  const url = "http://127.0.0.1:1/?token=a&b=%20c";
  for (const platform of ["linux", "darwin", "win32"] as const) expect(browserCommand(platform, url).at(-1)).toBe(url);
});

test("a page policy names nothing it was not given", () => {
  expect(contentSecurityPolicy({ connect: [], images: ["app-file:"] })).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' app-file: data: blob:; " +
      "connect-src 'none'; frame-src blob:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  );
});

test("the log is a file per day of which the last fortnight stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "horopter-log-"));
  const logs = join(folder, "logs");
  await mkdir(logs);
  for (let day = 1; day <= 20; day++) await writeFile(join(logs, `2020-01-${String(day).padStart(2, "0")}.log`), "");
  await writeFile(join(logs, "notes.txt"), "");
  openLog(folder, { quiet: true }).info("engine ready", { ms: 12 });
  const names = (await readdir(logs)).sort();
  expect(names).toHaveLength(15);
  expect(names[0]).toBe("2020-01-08.log");
  const today = names.find((name) => !name.startsWith("2020") && name.endsWith(".log")) ?? "";
  expect(JSON.parse(await readFile(join(logs, today), "utf8"))).toMatchObject({ msg: "engine ready", ms: 12 });
  await rm(folder, { recursive: true });
});
