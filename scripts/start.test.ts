import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { browserReason, electronProgram } from "./start.ts";

describe("Electron's program", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "horopter-electron-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is none where only the package is installed, or only a part of the runtime", async () => {
    expect(electronProgram(folder, {})).toBeNull();
    await writeFile(join(folder, "path.txt"), "electron");
    expect(electronProgram(folder, {})).toBeNull();
  });

  test("is found beside the package, or where it is said to be", async () => {
    await writeFile(join(folder, "path.txt"), "electron\n");
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist/electron"), "");
    expect(electronProgram(folder, {})).toBe(join(folder, "dist/electron"));
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, "dist") })).toBe(
      join(folder, "dist/electron"),
    );
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, "elsewhere") })).toBeNull();
  });
});

describe("the browser instead of a window", () => {
  const usual = { asked: false, program: "/electron", platform: "linux" as NodeJS.Platform, env: { DISPLAY: ":0" } };

  test("is not needed where there is a runtime and a screen", () => {
    expect(browserReason(usual)).toBeNull();
    expect(browserReason({ ...usual, env: { WAYLAND_DISPLAY: "wayland-0" } })).toBeNull();
    expect(browserReason({ ...usual, platform: "darwin", env: {} })).toBeNull();
  });

  test("is told with its reason, and with how to get the window", () => {
    expect(browserReason({ ...usual, program: null })).toContain("npx install-electron");
    expect(browserReason({ ...usual, env: {} })).toContain("no screen");
    expect(browserReason({ ...usual, asked: true })).toContain("browser");
  });
});
