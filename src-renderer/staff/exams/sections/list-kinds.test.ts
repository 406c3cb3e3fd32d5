/** What the lines of a list take and refuse, and that the guards of engine and centre say the same of what they make. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownRanges } from "../../../../sim/measured.ts";
import { itemProblem } from "../../../../src-shared/exams/check.ts";
import type { Ranges } from "../../../../src-shared/exams/item-limits.ts";
import { readValue } from "../../../../src-shared/exams/reading.ts";
import { builtInTables, emptyEye, formatEye } from "../../../../src-shared/optics/index.ts";
import { addTexts } from "../../../ui/index.ts";
import { enGB } from "../en-GB.ts";
import type { ListKind } from "./item-list.tsx";
import { dropsKind, lensTrialKind, specsKind } from "./list-kinds.ts";

addTexts("exams", enGB);
const softTrial = lensTrialKind(false);

const pair = (r: string | null, limits: Ranges = builtInTables) =>
  specsKind.compose({ use: "Reading", r }, { ...builtInTables, ...limits });
const trial = (power: string, limits: Ranges = builtInTables) =>
  softTrial.compose({ eye: "r", lens: "Biofinity", power }, { ...builtInTables, ...limits });
const judgedBy = (kind: ListKind, part: string, text: string, limits = builtInTables) =>
  kind.parts.find(({ name }) => name === part)?.judge?.(text, limits);

describe("a further pair", () => {
  test.each([
    ["-45.00", "A sphere is within −39.00 to +49.00."],
    ["+1.00/-20.00x90", "A cylinder is within −19.75 to +19.75."],
    ["+1.00 add 6.25", "An add is within +0.25 to +6.00."],
    ["+1.00 2 in", "A prism has no place in this line. Write it in words at its end."],
    ["+1.00 6/6", "An acuity has no place in this line. Write it in words at its end."],
  ])("refuses %s at the field, and when it is added", (text, message) => {
    expect(judgedBy(specsKind, "r", text)).toEqual({ stop: message, look: null });
    expect(pair(text)).toEqual({ part: "r", message });
  });

  test("is told to be unusual and taken", () => {
    expect(judgedBy(specsKind, "l", "-21.00")).toEqual({ stop: null, look: "Sphere is outside −20.00 to +20.00." });
    expect(pair("-21.00")).toMatchObject({ data: { r: { sphere: -21_000 } } });
  });
});

test("a trial lens is judged as contact lenses are", () => {
  expect(judgedBy(softTrial, "power", "-40.25")?.stop).toBe("A sphere is within −40.00 to +40.00.");
  expect(judgedBy(softTrial, "power", "-3.00 add 2.00")?.stop).toBe(
    "An add has no place in this line. Write it in words at its end.",
  );
  expect(judgedBy(softTrial, "power", "-6.25")?.look).toBe("This sphere comes in steps of 0.50.");
  expect(judgedBy(lensTrialKind(true), "power", "-6.25")?.look).toBeNull();
  expect(trial("-39.50/-0.75x90 6/6")).toMatchObject({ data: { sphere: -39_500, va: "6/6" } });
});

test("the month on a bottle is its last day", () => {
  const expiry = dropsKind("Europe/London").parts.find(({ name }) => name === "expires_on");
  expect(expiry && readValue(expiry, "03/27", String)).toEqual({ ok: true, value: "2027-03-31" });
  expect(expiry && readValue(expiry, "2027-03", String)).toEqual({ ok: true, value: "2027-03-31" });
});

describe("whatever a practice's limits are", () => {
  const power = (least: number, most: number) => fc.integer({ min: least * 8, max: most * 8 }).map((n) => n * 125 + 0);
  const eye = fc.record({
    sphere: power(-42, 51),
    toric: fc.option(
      fc.tuple(
        power(-22, 22).filter((cylinder) => cylinder !== 0),
        fc.integer({ min: 1, max: 180 }),
      ),
    ),
    add: fc.option(power(0, 7).filter((add) => add !== 0)),
  });
  const powersOf = ({
    sphere,
    toric,
    add,
  }: {
    sphere: number;
    toric: [number, number] | null;
    add: number | null;
  }) => ({
    sphere,
    cylinder: toric?.[0] ?? null,
    axis: toric?.[1] ?? null,
    add,
  });

  test("a pair that the line refuses is refused by the guards, and one that it takes is taken", () => {
    fc.assert(
      fc.property(ownRanges, eye, (own, each) => {
        const r = powersOf(each);
        const l = { sphere: null, cylinder: null, axis: null, add: null };
        const made = pair(formatEye({ ...emptyEye, ...r }), own);
        const data = { use: "Reading", r, l, note: null };
        expect("data" in made ? made.data : null).toEqual(itemProblem({ list: "specs", data }, own) ? null : data);
        expect("data" in made && itemProblem({ list: "specs", data })).toBe("data" in made ? null : false);
      }),
    );
  });

  test("a trial lens likewise", () => {
    fc.assert(
      fc.property(ownRanges, eye, (own, each) => {
        const { add: _, ...powers } = powersOf(each);
        const made = trial(formatEye({ ...emptyEye, ...powers }), own);
        const data = { eye: "r", lens: "Biofinity", base_curve: null, diameter: null, ...powers, va: null, fit: null };
        expect("data" in made ? made.data : null).toEqual(itemProblem({ list: "lens_trial", data }, own) ? null : data);
      }),
    );
  });
});
