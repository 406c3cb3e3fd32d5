import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boundsOn, initialState, readWindowState, type WindowState, writeWindowState } from "./window-state.ts";

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };
const left = (x: number, y: number, width = 1400, height = 900): WindowState => ({
  version: 1,
  bounds: { x, y, width, height },
  maximised: false,
});

test("a window is where it was left, on whichever screen", () => {
  expect(boundsOn(left(100, 60), [screen])).toEqual({ x: 100, y: 60, width: 1400, height: 900 });
  expect(boundsOn(left(2000, 0), [screen, second])).toEqual({ x: 2000, y: 0, width: 1400, height: 900 });
  expect(boundsOn(left(-1300, 60), [screen])?.x).toBe(-1300);
});

test("one whose title bar is out of reach comes back to the middle", () => {
  const middle = { x: 260, y: 103, width: 1400, height: 900 };
  expect(boundsOn(left(2000, 0), [screen])).toEqual(middle);
  expect(boundsOn(left(-1390, 60), [screen])).toEqual(middle);
  expect(boundsOn(left(100, -500), [screen])).toEqual(middle);
  expect(boundsOn(left(100, 1075), [screen])).toEqual(middle);
});

test("it is never larger than its screen, nor too small to work in", () => {
  expect(boundsOn(left(0, 25, 9000, 9000), [screen])).toEqual({ x: 0, y: 25, width: 1920, height: 1055 });
  expect(boundsOn(left(0, 25, 200, 100), [screen])).toEqual({ x: 0, y: 25, width: 1024, height: 640 });
});

test("without a place or a screen the system chooses", () => {
  expect(boundsOn(initialState, [screen])).toBeNull();
  expect(boundsOn(left(0, 0), [])).toBeNull();
});

test("the state is kept, and a file that makes no sense is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "horopter-window-"));
  const path = join(folder, "window.json");
  expect(readWindowState(path)).toEqual(initialState);
  writeWindowState(path, left(10, 30));
  expect(readWindowState(path)).toEqual(left(10, 30));
  for (const text of [
    "",
    "{",
    "[]",
    '{"version":2}',
    '{"version":1,"bounds":{"x":1e99,"y":0,"width":1,"height":1},"maximised":true}',
  ]) {
    await writeFile(path, text);
    expect(readWindowState(path)).toEqual(initialState);
  }
  await rm(folder, { recursive: true });
  expect(() => writeWindowState(path, left(10, 30))).not.toThrow();
});
