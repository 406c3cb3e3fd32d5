/** Whether a practice's own table of limits can be worked with: same shape as the built-in one, and nothing wider. */
import { builtInTables, type LimitTable, type LimitTables } from "./tables.ts";

/** What is wrong with a table, in words for the person who changed it, and the path of the number or text. */
export interface TableProblem {
  readonly path: string;
  readonly message: string;
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
/** Two numbers that belong together, least first; every other list may have another length. */
const pairs = new Set(["block", "warn"]);
/** A value means nothing in another unit than the one that it is kept in. */
const fixed = new Set(["unit", "perUnit"]);

/**
 * What is wrong with `own` as the table of `key`, or null. It has the shape of the built-in one, all numbers whole in the
 * built-in units; ranges are in order, what is usual lies within what is possible, and what is possible is never wider
 * than the built-in range, since no lens and no eye goes further. It says from which day and which source it is.
 */
export function tableProblem(key: LimitTable, own: unknown): TableProblem | null {
  const builtIn = builtInTables[key];
  const shape = shapeProblem(builtIn, own, "");
  if (shape) return shape;
  return rules[key](own as never);
}

function problem(path: string, message: string): TableProblem {
  return { path, message };
}

function shapeProblem(builtIn: unknown, own: unknown, path: string): TableProblem | null {
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (fixed.has(name)) return own === builtIn ? null : problem(path, "The unit stays as it is.");
  if (typeof builtIn === "string") return textProblem(own, name, path);
  if (typeof builtIn === "number" || builtIn === null) {
    if (own === null) return mayBeOpen(path) ? null : problem(path, "Enter a number.");
    return Number.isSafeInteger(own) ? null : problem(path, "This is finer than it is kept, or no number.");
  }
  if (Array.isArray(builtIn)) return listProblem(builtIn, own, name, path);
  if (!isObject(own)) return problem(path, "This part of the table is missing.");
  const known = builtIn as Readonly<Record<string, unknown>>;
  for (const part in own) {
    if (Object.hasOwn(known, part) || (part === "date" && Object.hasOwn(known, "source"))) continue;
    return problem(join(path, part), "This version of Horopter does not know this part of the table.");
  }
  for (const part in known) {
    const inner = shapeProblem(known[part], own[part], join(path, part));
    if (inner) return inner;
  }
  if (Object.hasOwn(own, "date")) {
    const inner = textProblem(own.date, "date", join(path, "date"));
    if (inner) return inner;
  }
  return rangeProblem(known, own, path);
}

function textProblem(own: unknown, name: string, path: string): TableProblem | null {
  if (name === "date") return isDay(own) ? null : problem(path, "Say from which day it is.");
  if (typeof own !== "string" || own.length > 600) return problem(path, "It is text of at most 600 characters.");
  if (own.trim() === "")
    return problem(path, name === "source" ? "Say where the numbers are from." : "It cannot be empty.");
  return null;
}

function isDay(own: unknown): boolean {
  if (typeof own !== "string" || !isoDate.test(own)) return false;
  const time = Date.parse(`${own}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(own);
}

function listProblem(builtIn: readonly unknown[], own: unknown, name: string, path: string): TableProblem | null {
  if (!Array.isArray(own)) return problem(path, "This part of the table is missing.");
  if (pairs.has(name)) {
    if (own.length !== 2) return problem(path, "A range has two ends.");
  } else if (own.length === 0 || own.length > 60) return problem(path, "The list has from 1 to 60 entries.");
  for (const [index, item] of own.entries()) {
    const inner = shapeProblem(pairs.has(name) ? builtIn[index] : builtIn[0], item, join(path, String(index)));
    if (inner) return inner;
  }
  const [least, most] = own as [number | null, number | null];
  if (!pairs.has(name) || least === null || most === null || least <= most) return null;
  return problem(join(path, "1"), "The range ends before it begins.");
}

type Range = readonly [least: number | null, most: number | null];

/** What is usual within what is possible, what is possible within what the built-in table holds for possible. */
function rangeProblem(
  builtIn: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
  path: string,
): TableProblem | null {
  if (!Object.hasOwn(builtIn, "block")) return null;
  const widest = builtIn.block as Range;
  const possible = own.block as Range;
  const end = outside(possible, widest);
  if (end !== null) return problem(join(path, `block.${end}`), "Not wider than as delivered.");
  const past = outside(own.warn as Range, possible);
  if (past !== null) return problem(join(path, `warn.${past}`), "What is usual lies within what is possible.");
  return null;
}

/** Which end of a range lies outside another; an open end never does. */
function outside([least, most]: Range, [from, to]: Range): 0 | 1 | null {
  const beyond = (value: number | null) =>
    value !== null && ((from !== null && value < from) || (to !== null && value > to));
  if (beyond(least)) return 0;
  return beyond(most) ? 1 : null;
}

/** A side that is never unusual. */
function mayBeOpen(path: string): boolean {
  return /^quantities\.\w+\.warn\.[01]$/.test(path);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, part: string): string {
  return path === "" ? part : `${path}.${part}`;
}

/** A number that stands by itself, and where it has to lie. */
type Bound = readonly [path: string, value: number, least: number, most: number];

function within(bounds: readonly Bound[]): TableProblem | null {
  const wrong = bounds.find(([, value, least, most]) => value < least || value > most);
  if (!wrong) return null;
  const [path, value, least] = wrong;
  return problem(path, value < least ? "This is less than it can be." : "This is more than it can be.");
}

/** More dioptres than any lens has. */
const noLens = 100_000;
const acuities = [-300, 3000] as const;

/** What numbers that belong to no range have to keep. */
const rules: { readonly [K in LimitTable]: (own: LimitTables[K]) => TableProblem | null } = {
  rx({ sphere, cylinder, add, prism, addFromAge }) {
    for (const [name, { step }] of Object.entries({ sphere, cylinder, add })) {
      if (step <= 0 || step % 125 !== 0) return problem(`${name}.step`, "A step is an eighth, or a multiple of it.");
    }
    return within([
      ["prism.most", prism.most, 0, builtInTables.rx.prism.most],
      ["prism.warnAboveHorizontal", prism.warnAboveHorizontal, 0, prism.most],
      ["prism.warnAboveVertical", prism.warnAboveVertical, 0, prism.most],
      ["prism.splitAbove", prism.splitAbove, 0, prism.most],
      ["prism.step", prism.step, 1, Math.max(1, prism.most)],
      ["addFromAge", addFromAge, 0, 120],
    ]);
  },
  vertex: ({ recordFrom, offerFrom }) =>
    within([
      ["recordFrom", recordFrom, 0, noLens],
      ["offerFrom", offerFrom, 0, noLens],
    ]),
  near: ({ below, verticalAbove, anisometropiaFrom }) =>
    within([
      ["below", below, 0, 400],
      ["verticalAbove", verticalAbove, 0, 4_000],
      ["anisometropiaFrom", anisometropiaFrom, 1, noLens],
    ]),
  measures({ quantities, pairs }) {
    const steps = Object.entries(quantities).map(
      ([name, { step }]): Bound => [`quantities.${name}.step`, step, 1, noLens],
    );
    return within([
      ...steps,
      ["pairs.iopDifference", pairs.iopDifference, 1, 800],
      ["pairs.nctReadings", pairs.nctReadings, 1, 20],
      ["pairs.kAxes", pairs.kAxes, 0, 90],
    ]);
  },
  acuity: ({ usualTo, dropLines, earlyRecallBelow }) =>
    within([
      ["usualTo", usualTo, ...acuities],
      ["dropLines", dropLines, 1, 20],
      ["earlyRecallBelow", earlyRecallBelow, ...acuities],
    ]),
  change({ sphereAbove, addAbove, axisAbove }) {
    const unordered = axisAbove.findIndex(
      ({ cylinderFrom }, index) => index > 0 && cylinderFrom <= (axisAbove[index - 1]?.cylinderFrom ?? 0),
    );
    if (unordered > 0) return problem(`axisAbove.${unordered}.cylinderFrom`, "The weakest cylinder stands first.");
    return within([
      ["sphereAbove", sphereAbove, 0, noLens],
      ["addAbove", addAbove, 0, noLens],
      ...axisAbove.flatMap(({ cylinderFrom, degrees }, index): Bound[] => [
        [`axisAbove.${index}.cylinderFrom`, cylinderFrom, 0, noLens],
        [`axisAbove.${index}.degrees`, degrees, 0, 90],
      ]),
    ]);
  },
  contact_lenses: ({ fineTo, fineStep, coarseStep, cylinders, axisStep }) =>
    within([
      ["fineTo", fineTo, 0, noLens],
      ["fineStep", fineStep, 1, noLens],
      ["coarseStep", coarseStep, 1, noLens],
      ...cylinders.map((cylinder): Bound => ["cylinders", cylinder, -noLens, -1]),
      ["axisStep", axisStep, 1, 180],
    ]),
};
