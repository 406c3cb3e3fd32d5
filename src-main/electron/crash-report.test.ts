import { expect, test } from "vitest";
import { crashPlaces } from "./crash-report.ts";

test("says what kind of mistake and where, not what was typed", () => {
  const words = `file:///app/out/main/engine.js:12
    throw new RangeError("Ada Lovelace, born 1815-12-10");
    ^

RangeError: Ada Lovelace, born 1815-12-10
    at readPatient (file:///app/out/main/engine.js:12:9)
    at async answer (file:///app/out/main/engine.js:40:3)

Node.js v24.0.0`;
  expect(crashPlaces(words)).toEqual([
    "RangeError",
    "at readPatient (file:///app/out/main/engine.js:12:9)",
    "at async answer (file:///app/out/main/engine.js:40:3)",
  ]);
  expect(crashPlaces("")).toEqual([]);
});
