/** Reads what people type and old systems print: axes and whole lines. Powers and prisms have files of their own. */
import { type RxLimits, rxLimits } from "./limits.ts";
import { parsePower } from "./parse-power.ts";
import { parsePrism } from "./parse-prism.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { numberForm, oneSpelling } from "./spelling.ts";
import { type Axis, type EyeRx, type EyeSide, emptyEye } from "./types.ts";

/** Reads an axis: `15`, `015`, `15°`, `x 180`. Whole degrees from 1 to 180; 0 is refused, horizontal is written 180. */
export function parseAxis(text: string): Parsed<Axis> {
  const written = oneSpelling(text);
  if (written === "") return notRead("empty", "Enter an axis.");
  const match = /^(?:x|@|ax|axis)? ?(\d{1,3}) ?°?$/.exec(written);
  if (!match) return notRead("unreadable", `${text.trim()} is not an axis. Write it in whole degrees like 015.`);
  const axis = Number(match[1]);
  if (axis === 0) return notRead("out_of_range", "An axis is from 1 to 180. Horizontal is written 180.", [180]);
  if (axis > 180) return notRead("out_of_range", "An axis is from 1 to 180.");
  return read(axis);
}

const sphereWord = `pl(?:ano)?|∞|[+-]? ?${numberForm}`;
/** The word after its power: no other power follows it. */
const addBehind = "add\\b(?! ?:? ?[+-]? ?[\\d.,])";
// Without a sign only where an axis follows, so that the 2 of "+1.25 2 in" is no cylinder, or as a zero of its own. A
// signed power before "add" may be the add.
const cylinderWord = `[+-] ?${numberForm}(?![\\d.]|,\\d| ?d? ?${addBehind})|${numberForm}(?= ?(?:dc?)? ?(?:x|@|ax))|0+(?:[.,]0*)?(?= ?(?:dc?)? ?(?:$|add))`;
const line = new RegExp(
  `^(${sphereWord})(?: ?/? ?(?:ds?|sph)(?![a-z]))?(?: ?[/,]? ?(${cylinderWord}) ?(?:dc?(?![a-z]))?(?: ?(?:x|@|axis|ax) ?([^ ,;]*))?)?(?![\\d.])(.*)$`,
);
const addPower = `([+-]? ?${numberForm}) ?d?`;
/** The power of an add stands behind the word or before it. */
const addPart = new RegExp(
  `[,;/]? ?\\badd ?:? ?${addPower}(?![\\d.a-z])|[,;/]? ?(?<![\\d.@]|\\d,|@ )${addPower} ?${addBehind}`,
);
/** What stands where an axis is missing, if it can only be one: whole degrees, and no prism by its base. */
const bareAxis = /^ ?[/,]? ?(\d{1,3})°?(?= *(?:$|[,;]| add))/;

/**
 * Reads one eye's line: `+1.25/-0.50x180 add 2.00`, `Plano`, `−4.25/−1.25×015 2.00Δ in, 1.50Δ up Add +2.00`, `+1.25 DS`,
 * `+1.25/DS`. The whole line is refused with the first reason found; nothing of it is dropped. An oblique prism
 * (`2.50Δ@37`) needs the eye.
 */
export function parseRxLine(text: string, limits: RxLimits = rxLimits, eye?: EyeSide): Parsed<EyeRx> {
  const written = oneSpelling(text);
  if (written === "") return notRead("empty", "Enter a prescription.");
  const match = line.exec(written);
  if (!match) return notRead("unreadable", `${text.trim()} is not a prescription. Write it like +1.25/-0.50x180.`);
  const [, sphereText = "", cylinderText, axisText, rest = ""] = match;

  const sphere = parsePower(sphereText, "sphere", limits);
  if (!sphere.ok) return sphere;
  const cylinder = parseCylinder(cylinderText, axisText, rest, limits);
  if (!cylinder.ok) return cylinder;
  const [, after, before] = addPart.exec(rest) ?? [];
  const addText = after ?? before;
  const add = addText === undefined ? read(null) : parsePower(addText, "add", limits);
  if (!add.ok) return add;
  const prism = parsePrism(rest.replace(addPart, " "), limits, eye);
  if (!prism.ok) return prism;
  return read({ ...emptyEye, sphere: sphere.value, ...cylinder.value, ...prism.value, add: add.value });
}

/** Cylinder with its axis: both or neither. */
function parseCylinder(
  cylinderText: string | undefined,
  axisText: string | undefined,
  rest: string,
  limits: RxLimits,
): Parsed<Pick<EyeRx, "cylinder" | "axis">> {
  const none = read({ cylinder: null, axis: null });
  if (cylinderText === undefined) return none;
  const cylinder = parsePower(cylinderText, "cylinder", limits);
  if (!cylinder.ok) return cylinder;
  if (cylinder.value === 0) {
    return axisText === undefined ? none : notRead("axis_without_cylinder", "There is an axis but no cylinder.");
  }
  if (axisText === undefined || axisText === "") return axisMissing(rest);
  const axis = parseAxis(axisText);
  return axis.ok ? read({ cylinder: cylinder.value, axis: axis.value }) : axis;
}

function axisMissing(rest: string): Parsed<never> {
  const meant = parseAxis(bareAxis.exec(rest)?.[1] ?? "");
  return meant.ok
    ? notRead("axis_missing", `If ${meant.value} is the axis, write it as x${meant.value}.`, [meant.value])
    : notRead("axis_missing", "The cylinder needs its axis.");
}
