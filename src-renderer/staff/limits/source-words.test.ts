import { expect, test } from "vitest";
import { measureLimits, rxLimits } from "../../../src-shared/optics/index.ts";
import { sourceWords } from "./source-words.ts";

test("a source names the standard or the guideline, not where the code has it from", () => {
  expect(sourceWords(rxLimits.source)).toBe(
    "Block of sphere and cylinder: the range of lens orders in the VCA standard (order systems of lens laboratories); the rest general knowledge, for the practice to confirm.",
  );
  expect(sourceWords("From 24 mmHg: NICE NG81 [S44]; the rest as measured")).toBe(
    "From 24 mmHg: NICE NG81; the rest as measured",
  );
  expect(sourceWords("Clinical judgement [S39]; a year")).toBe(
    "Clinical judgement (Opticians Act 1989 and ABDO guidance); a year",
  );
});

test("no source that is delivered says a section or a key, and what a practice confirmed stays as it is", () => {
  const delivered = [
    rxLimits.source,
    measureLimits.source,
    measureLimits.pairs.source,
    ...Object.values(measureLimits.quantities).map(({ source }) => source),
  ];
  for (const source of delivered) expect(sourceWords(source)).not.toMatch(/domain|§|\[S|nctReadings|kAxes/);
  expect(sourceWords("Confirmed by Eleanor Aldous")).toBe("Confirmed by Eleanor Aldous");
});
