import { expect, test } from "vitest";
import { staffRouter } from "../src-main/engine/router.ts";
import { syncRouter } from "../sync-server/router.ts";
import { inputsOf, proceduresOf } from "./procedures.ts";
import { fuzzRun } from "./run.ts";
import { NotFuzzed } from "./values.ts";

/** Procedures that no values can be drawn for, with the reason; a new procedure is fuzzed without being named. */
const cannotBeFuzzed: Readonly<Record<string, string>> = {};

test("every procedure of both routers takes part", () => {
  const procedures = [...proceduresOf(syncRouter), ...proceduresOf(staffRouter)];
  expect(procedures.length).toBeGreaterThan(80);
  const left = procedures.flatMap((procedure) => {
    try {
      inputsOf(procedure);
      return [];
    } catch (error) {
      if (!(error instanceof NotFuzzed)) throw error;
      return [procedure.path];
    }
  });
  expect(left).toEqual(Object.keys(cannotBeFuzzed));
});

test("whatever is sent, nothing breaks, nothing is half written, and every refusal says what to do", async () => {
  const lines: string[] = [];
  const report = await fuzzRun({ inputs: 1000, seed: 20261121, print: (line) => lines.push(line) });
  expect(report.problems, lines.join("\n")).toEqual([]);
  // Not only refusals: commands were carried out, groups settled, batches taken.
  for (const part of ["staff calls answered", "server calls answered", "pushes settled", "batches taken"])
    expect(report.outcomes[part] ?? 0, part).toBeGreaterThan(3);
}, 120_000);
