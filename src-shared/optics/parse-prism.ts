/** Reads the prism of an eye as people type it and old systems print it. */
import { type RxLimits, rxLimits } from "./limits.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { type HundredthsDegree, prismFromPolar } from "./prism.ts";
import { numberForm, oneSpelling } from "./spelling.ts";
import { type EyeSide, type HundredthsPrism, noPrism, type Prism } from "./types.ts";

const unit = "(?:δ|pd|prism)?";
const straightPart = new RegExp(
  `(${numberForm}) ?${unit} ?(?:base ?|b ?)?(in|out|up|down|(?<=b ?)[ioud])(?![a-z])`,
  "g",
);
const obliquePart = new RegExp(
  `(${numberForm}) ?${unit} ?(?:base ?)?@ ?(\\d{1,3})(?:[.,](\\d{1,2}))? ?°?(?![\\d.,])`,
  "g",
);
const bases: Readonly<Record<string, "in" | "out" | "up" | "down">> = { i: "in", o: "out", u: "up", d: "down" };

/**
 * Reads the prism of one eye: `2 in`, `1.5Δ base up`, `2Δ BI 1.5Δ BU`, `3^ out`, and an oblique one as amount and angle
 * of its base, `2.50Δ@37` (§3.1), which becomes components and needs the eye. Nothing, `0` or `none` is no prism.
 * Hundredths of a prism dioptre; refused beyond the limit, with more than two decimals, and when one direction is stated
 * twice.
 */
export function parsePrism(text: string, limits: RxLimits = rxLimits, eye?: EyeSide): Parsed<Prism> {
  const written = oneSpelling(text);
  if (/^([ ,;]*|(none|0+(\.0+)?) ?δ?)$/.test(written)) return read(noPrism);
  const oblique = [...written.matchAll(obliquePart)];
  const straight = [...written.replaceAll(obliquePart, " ").matchAll(straightPart)];
  const left = written
    .replaceAll(obliquePart, "")
    .replaceAll(straightPart, "")
    .replaceAll(/\band\b/g, "");
  if (/[^ ,;/&+]/.test(left) || oblique.length + straight.length === 0) {
    return notRead("unreadable", `${text.trim()} is not a prism. Write it like 2 in or 1.5 up.`);
  }
  const [first] = oblique;
  if (!first) return fromStraight(straight, limits);
  if (oblique.length + straight.length > 1) {
    return notRead("stated_twice", "A prism at an angle is all of the prism of an eye.");
  }
  return fromOblique(first, limits, eye);
}

function fromStraight(parts: readonly RegExpMatchArray[], limits: RxLimits): Parsed<Prism> {
  let prism: Prism = noPrism;
  for (const [, amountText = "", baseText = ""] of parts) {
    const amount = parseAmount(amountText, limits);
    if (!amount.ok) return amount;
    const base = bases[baseText] ?? baseText;
    const horizontal = base === "in" || base === "out";
    if ((horizontal ? prism.base_h : prism.base_v) !== null) {
      return notRead("stated_twice", `The ${horizontal ? "horizontal" : "vertical"} prism is stated twice.`);
    }
    if (amount.value === 0) continue;
    prism = horizontal
      ? { ...prism, prism_h: amount.value, base_h: base }
      : { ...prism, prism_v: amount.value, base_v: base as "up" | "down" };
  }
  return read(prism);
}

function fromOblique(
  [, amountText = "", degrees = "", hundredths = ""]: RegExpMatchArray,
  limits: RxLimits,
  eye: EyeSide | undefined,
): Parsed<Prism> {
  const amount = parseAmount(amountText, limits);
  if (!amount.ok) return amount;
  if (!eye) return notRead("eye_required", "Which way a prism at an angle points depends on the eye.");
  const base: HundredthsDegree = Number(degrees) * 100 + Number(hundredths.padEnd(2, "0"));
  const prism = prismFromPolar({ amount: amount.value, base }, eye);
  return prism.ok ? prism : notRead("out_of_range", prism.message);
}

function parseAmount(text: string, limits: RxLimits): Parsed<HundredthsPrism> {
  const [whole = "", decimals = ""] = text.replace(",", ".").split(".");
  if (decimals.length > 2) return notRead("not_a_step", "A prism has at most two decimals.");
  const amount = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  const most = limits.prism.most;
  return amount > most ? notRead("out_of_range", `A prism is at most ${most / 100}Δ.`, [most]) : read(amount);
}
