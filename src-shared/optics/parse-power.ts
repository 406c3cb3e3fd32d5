import { formatPower } from "./format.ts";
import { eighth, type PowerQuantity, type RxLimits, rxLimits } from "./limits.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { oneSpelling } from "./spelling.ts";
import type { MilliDioptres } from "./types.ts";

const names: Readonly<Record<PowerQuantity, string>> = { sphere: "A sphere", cylinder: "A cylinder", add: "An add" };
const plano = new Set(["pl", "plano", "∞"]);
/** The last two digits of an eighth as labs print it, cut instead of rounded. */
const cutEighths = new Set([12, 37, 62, 87]);

/** Without blanks, and with one kind of decimal point. */
function tidy(text: string): string {
  return oneSpelling(text).replaceAll(" ", "").replace(",", ".");
}

/**
 * Reads a power: `+1.25`, `-.5`, `−0.125`, `pl`, `plano`, `∞`, `0`. Three or more digits without a point are hundredths
 * (`-075` is −0.75, `225` is +2.25), one or two are whole dioptres; where that leaves a doubt (`-25`, `-05`) it is
 * refused, never guessed. A missing sign never means minus: it is plus for sphere and add, and refused for a cylinder,
 * where either sign is a convention. Refuses what is no multiple of 0.125 (0.12 and the like are eighths) and what is
 * outside the quantity's limits.
 */
export function parsePower(
  text: string,
  quantity: PowerQuantity = "sphere",
  limits: RxLimits = rxLimits,
): Parsed<MilliDioptres> {
  const written = tidy(text).replace(/d[sc]?$/, "");
  if (written === "") return notRead("empty", "Enter a power.");
  if (plano.has(written)) return checked(0, quantity, limits);
  const match = /^([+-]?)(\d*)(\.(\d{0,3}))?$/.exec(written);
  const [, sign = "", digits = "", point, decimals = ""] = match ?? [];
  if (!match || digits + decimals === "")
    return notRead("unreadable", `${text.trim()} is not a power. Write it like +1.25.`);

  const magnitudes = point === undefined ? withoutPoint(digits) : [withPoint(digits, decimals)];
  const signed = magnitudes.map((magnitude) => (sign === "-" && magnitude !== 0 ? -magnitude : magnitude));
  if (signed.length > 1) {
    const meant = signed.filter((power) => checked(power, quantity, limits).ok);
    return notRead("ambiguous", `${text.trim()} can be read in more than one way. Write it with a point.`, meant);
  }
  const power = signed[0] as MilliDioptres;
  if (quantity === "cylinder" && sign === "" && power !== 0) {
    const meant = [-power, power].filter((either) => checked(either, quantity, limits).ok);
    return notRead("sign_required", "A cylinder needs its sign, + or −.", meant);
  }
  return checked(power, quantity, limits);
}

function withPoint(whole: string, decimals: string): MilliDioptres {
  const milli = Number(whole) * 1000 + Number(decimals.padEnd(3, "0"));
  return decimals.length === 2 && cutEighths.has(Number(decimals)) ? milli + 5 : milli;
}

/** What digits without a point can mean, in milli-dioptres; more than one where a person has to say. */
function withoutPoint(digits: string): readonly MilliDioptres[] {
  const value = Number(digits);
  if (digits.length >= 3) return [withPoint(digits.slice(0, -2), digits.slice(-2))];
  if (digits.length === 1 || value === 0) return [value * 1000];
  // 25, 50 and 75 are what people leave of 0.25; 05 may be the start of 0.50.
  if (value % 25 === 0) return [value * 10, value * 1000];
  return digits.startsWith("0") ? [value * 100, value * 1000] : [value * 1000];
}

function checked(power: MilliDioptres, quantity: PowerQuantity, limits: RxLimits): Parsed<MilliDioptres> {
  const [least, most] = limits[quantity].block;
  if (power < least || power > most) {
    const range = `${formatPower(least)} to ${formatPower(most)}`;
    return notRead("out_of_range", `${names[quantity]} is within ${range}.`, [power < least ? least : most]);
  }
  if (power % eighth === 0) return read(power);
  const below = Math.floor(power / eighth) * eighth;
  const nearest = [below, below + eighth]
    .filter((step) => step >= least && step <= most)
    .sort((a, b) => Math.abs(a - power) - Math.abs(b - power))
    .map((step) => step + 0);
  // An eighth in full: +1.37 is what labs print, but what has to be typed here is +1.375.
  const list = nearest.map((step) => `${formatPower(step)}${step % 250 === 0 ? "" : "5"}`).join(" and ");
  return notRead("not_a_step", `Powers go in steps of 0.25, or 0.125. Nearest: ${list}.`, nearest);
}
