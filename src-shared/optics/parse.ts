/** Reads what people type and old systems print: axes, prisms and whole lines. Powers are in parse-power.ts. */
import { type RxLimits, rxLimits } from "./limits.ts";
import { parsePower } from "./parse-power.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { type Axis, type EyeRx, emptyEye, noPrism, type Prism } from "./types.ts";

/** Lower case, with one kind of minus, multiplication sign, prism sign and blank. */
function tidy(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\u2212\u2013]/g, "-")
    .replaceAll(/[×✕]/g, "x")
    .replaceAll(/[δ∆△]/g, "δ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Reads an axis: `15`, `015`, `15°`, `x 180`. Whole degrees from 1 to 180; 0 is refused, horizontal is written 180. */
export function parseAxis(text: string): Parsed<Axis> {
  const written = tidy(text);
  if (written === "") return notRead("empty", "Enter an axis.");
  const match = /^(?:x|@|ax|axis)? ?(\d{1,3}) ?°?$/.exec(written);
  if (!match) return notRead("unreadable", `${text.trim()} is not an axis. Write it in whole degrees like 015.`);
  const axis = Number(match[1]);
  if (axis === 0) return notRead("out_of_range", "An axis is from 1 to 180. Horizontal is written 180.", [180]);
  if (axis > 180) return notRead("out_of_range", "An axis is from 1 to 180.");
  return read(axis);
}

const number = "(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)";
const prismPart = new RegExp(
  `(${number}) ?(?:δ|pd|prism)? ?(?:base ?|b ?)?(in|out|up|down|(?<=b ?)[ioud])(?![a-z])`,
  "g",
);
const bases: Readonly<Record<string, "in" | "out" | "up" | "down">> = { i: "in", o: "out", u: "up", d: "down" };

/**
 * Reads the prism of one eye: `2 in`, `1.5Δ base up`, `2Δ BI 1.5Δ BU`. Nothing, `0` or `none` is no prism. Hundredths of
 * a prism dioptre; refused beyond the limit, with more than two decimals, and when one direction is stated twice.
 */
export function parsePrism(text: string, limits: RxLimits = rxLimits): Parsed<Prism> {
  const written = tidy(text);
  if (written === "" || /^(none|0+(\.0+)?) ?δ?$/.test(written)) return read(noPrism);
  if (/[^ ,;/&+]/.test(written.replaceAll(prismPart, "").replaceAll(/\band\b/g, ""))) {
    return notRead("unreadable", `${text.trim()} is not a prism. Write it like 2 in or 1.5 up.`);
  }
  let prism: Prism = noPrism;
  for (const [, amountText = "", baseText = ""] of written.matchAll(prismPart)) {
    const [whole = "", decimals = ""] = amountText.replace(",", ".").split(".");
    if (decimals.length > 2) return notRead("not_a_step", "A prism has at most two decimals.");
    const amount = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
    const most = limits.prism.most;
    if (amount > most) return notRead("out_of_range", `A prism is at most ${most / 100}Δ.`, [most]);
    const base = bases[baseText] ?? baseText;
    const horizontal = base === "in" || base === "out";
    if ((horizontal ? prism.base_h : prism.base_v) !== null) {
      return notRead("stated_twice", `The ${horizontal ? "horizontal" : "vertical"} prism is stated twice.`);
    }
    if (amount === 0) continue;
    prism = horizontal
      ? { ...prism, prism_h: amount, base_h: base }
      : { ...prism, prism_v: amount, base_v: base as "up" | "down" };
  }
  return read(prism);
}

const sphereWord = `pl(?:ano)?|∞|[+-]? ?${number}`;
// Without a sign only where an axis follows, so that the 2 of "+1.25 2 in" is no cylinder, or as a zero of its own.
const cylinderWord = `[+-] ?${number}|${number}(?= ?(?:dc?)? ?(?:x|@|ax))|0+(?:[.,]0*)?(?= ?(?:dc?)? ?(?:$|add))`;
const line = new RegExp(
  `^(${sphereWord}) ?(?:ds?(?![a-z]))?(?: ?[/,]? ?(${cylinderWord}) ?(?:dc?(?![a-z]))?(?: ?(?:x|@|axis|ax) ?([^ ,;]*))?)?(?![\\d.])(.*)$`,
);
const addPart = new RegExp(`[,;/]? ?\\badd ?:? ?([+-]? ?${number}) ?d?(?![\\d.a-z])`);

/**
 * Reads one eye's line: `+1.25/-0.50x180 add 2.00`, `Plano`, `−4.25/−1.25×015 2.00Δ in, 1.50Δ up Add +2.00`, `+1.25 DS`.
 * The whole line is refused with the first reason found; nothing of it is dropped.
 */
export function parseRxLine(text: string, limits: RxLimits = rxLimits): Parsed<EyeRx> {
  const written = tidy(text);
  if (written === "") return notRead("empty", "Enter a prescription.");
  const match = line.exec(written);
  if (!match) return notRead("unreadable", `${text.trim()} is not a prescription. Write it like +1.25/-0.50x180.`);
  const [, sphereText = "", cylinderText, axisText, rest = ""] = match;

  const sphere = parsePower(sphereText, "sphere", limits);
  if (!sphere.ok) return sphere;
  const cylinder = parseCylinder(cylinderText, axisText, limits);
  if (!cylinder.ok) return cylinder;
  const addText = addPart.exec(rest)?.[1];
  const add = addText === undefined ? read(null) : parsePower(addText, "add", limits);
  if (!add.ok) return add;
  const prism = parsePrism(rest.replace(addPart, " "), limits);
  if (!prism.ok) return prism;
  return read({ ...emptyEye, sphere: sphere.value, ...cylinder.value, ...prism.value, add: add.value });
}

/** Cylinder with its axis: both or neither. */
function parseCylinder(
  cylinderText: string | undefined,
  axisText: string | undefined,
  limits: RxLimits,
): Parsed<Pick<EyeRx, "cylinder" | "axis">> {
  const none = read({ cylinder: null, axis: null });
  if (cylinderText === undefined) return none;
  const cylinder = parsePower(cylinderText, "cylinder", limits);
  if (!cylinder.ok) return cylinder;
  if (cylinder.value === 0) {
    return axisText === undefined ? none : notRead("axis_without_cylinder", "There is an axis but no cylinder.");
  }
  if (axisText === undefined || axisText === "") return notRead("axis_missing", "The cylinder needs its axis.");
  const axis = parseAxis(axisText);
  return axis.ok ? read({ cylinder: cylinder.value, axis: axis.value }) : axis;
}
