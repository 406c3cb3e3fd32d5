/**
 * How the value of a field is typed and how it is shown again. Values are what `field.ts` says; whatever is read here
 * has passed `valueProblem`, and what is shown reads as the same value.
 */
import { builtInTables, formatAxis, formatPower, parseAxis, parsePower } from "../optics/index.ts";
import { valueProblem } from "./check.ts";
import type { FieldShape } from "./field.ts";
import type { Ranges } from "./item-limits.ts";

export type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };
/** The words of a code of a list, in the language of the screen. */
export type Words = (code: string) => string;

/** What of a field is needed to read it: its shape, and the code that "all normal" fills in. */
export interface Readable {
  readonly shape: FieldShape;
  readonly normal?: unknown;
}

/** The codes that a text may stand for. */
export function codesOf({ shape, normal }: Readable): readonly string[] {
  if (shape.kind === "choice" || shape.kind === "many") return shape.options;
  return typeof normal === "string" ? [normal] : [];
}

/**
 * Reads what was typed for a field; nothing is "not stated", null. Codes are known by their words, whole, and where
 * nothing else is allowed also by how they begin.
 */
export function readValue(field: Readable, text: string, words: Words, limits: Ranges = builtInTables): Reading {
  const written = text.trim();
  if (written === "") return { ok: true, value: null };
  const reading = readShape(field, written, words, limits);
  if (!reading.ok) return reading;
  const problem = valueProblem(field.shape, reading.value, limits.rx, limits.measures);
  return problem ? { ok: false, message: problem } : reading;
}

const value = (read: unknown): Reading => ({ ok: true, value: read });

function readShape(field: Readable, text: string, words: Words, limits: Ranges): Reading {
  const { shape } = field;
  switch (shape.kind) {
    case "text":
    case "choice":
      return readCode(field, text, words);
    case "many":
      return readMany(field, text, words);
    case "yes_no":
      if (/^(y|yes|1|true)$/i.test(text)) return value(true);
      return /^(n|no|0|false)$/i.test(text) ? value(false) : { ok: false, message: "Write yes or no." };
    case "number":
      return readNumber(text, shape.scale ?? 1, shape.unit);
    case "grade":
      return readNumber(text, 10);
    case "prism": {
      const amount = text.replace(/ ?(Δ|δ|pd)$/i, "");
      // Where it points stands in a field of its own, and nothing that was typed may be lost.
      return /[a-z]/i.test(amount)
        ? { ok: false, message: "Write the amount only. Where it points stands beside it." }
        : readNumber(amount, 100);
    }
    case "base":
      return value(shape.options.find((base) => base.startsWith(text.toLowerCase())) ?? text);
    case "acuity":
      return value(tidyAcuity(text));
    case "power": {
      const cylinder = shape.quantity === "cylinder";
      if (cylinder && /^ds$/i.test(text)) return value(null);
      const power = parsePower(text, shape.quantity, limits.rx);
      if (!power.ok) return { ok: false, message: power.message };
      // A lens without a cylinder has none, rather than one of nothing.
      return value(cylinder && power.value === 0 ? null : power.value);
    }
    case "axis": {
      const axis = parseAxis(text);
      return axis.ok ? value(axis.value) : { ok: false, message: axis.message };
    }
    case "date": {
      const day = readDay(text) ?? (shape.ofMonth ? readMonth(text) : null);
      if (day) return value(day);
      const month = shape.ofMonth ? ", or the month like 12/2025" : "";
      return { ok: false, message: `Write a date like 31/12/2025${month}.` };
    }
    case "lens":
      return { ok: false, message: "Fill in the lens field by field." };
  }
}

function readCode(field: Readable, text: string, words: Words): Reading {
  const said = text.toLowerCase();
  const codes = codesOf(field);
  const whole = codes.find((code) => code === said || words(code).toLowerCase() === said);
  if (whole !== undefined) return value(whole);
  if (field.shape.kind === "text" || ("free" in field.shape && field.shape.free)) return value(text);
  const [begun, other] = codes.filter((code) => words(code).toLowerCase().startsWith(said));
  if (begun !== undefined && other === undefined) return value(begun);
  return { ok: false, message: `It is one of: ${codes.map(words).join(", ")}.` };
}

function readMany(field: Readable, text: string, words: Words): Reading {
  const found: unknown[] = [];
  for (const part of text.split(/[,+]/)) {
    if (part.trim() === "") continue;
    const one = readCode(field, part.trim(), words);
    if (!one.ok) return one;
    if (!found.includes(one.value)) found.push(one.value);
  }
  return value(found.length === 0 ? null : found);
}

/**
 * A decimal number as an integer of its scale; more decimals than the scale has are refused, never rounded. Behind it
 * stands nothing but its unit, whole or begun: a slip of the hand (`2e`) is no number.
 */
function readNumber(text: string, scale: number, unit = ""): Reading {
  const [, sign = "", whole = "", decimals = ""] = /^([+−-]?)(\d*)(?:[.,](\d*))?/.exec(text) ?? [];
  const rest = text.slice((sign + whole).length + (/[.,]/.test(text) ? decimals.length + 1 : 0)).trim();
  const digits = Math.round(Math.log10(scale));
  if (whole + decimals === "" || /[^a-z°%″"'µ/ ]/i.test(rest) || !isUnit(rest, unit))
    return { ok: false, message: `${text} is not a number.` };
  const kept = decimals.replace(/0+$/, "");
  if (kept.length > digits)
    return { ok: false, message: digits === 0 ? "It is a whole number." : `It has at most ${digits} decimals.` };
  const read = Number(whole || "0") * scale + Number((kept || "0").padEnd(digits, "0").slice(0, Math.max(digits, 1)));
  return value(sign === "-" || sign === "−" ? 0 - read : read);
}

function isUnit(rest: string, unit: string): boolean {
  const [letters, known] = [rest, unit].map((each) => each.toLowerCase().replace(/[^a-z]/g, "")) as [string, string];
  return letters === "" || (known !== "" && (known.startsWith(letters) || letters.startsWith(known)));
}

/** Acuity as it is written: `6/9-2`, `N5`, `N5 at 25 cm`, `CF`; what is not known stays as typed. */
function tidyAcuity(text: string): string {
  const plain = text.replaceAll("−", "-").replace(/\s*([/+-])\s*/g, "$1");
  return /^(cf|hm|pl|npl|lp|nlp|ph ?.*)$/i.test(plain) ? plain.toUpperCase().replace(/^PH/, "ph") : nearAcuity(plain);
}

const nearForm = /^n ?(\d{1,2}(?:\.\d)?)(?:(?: ?@ ?| ?at ?| )(\d{1,3}) ?cm)?$/i;
/** Print size with the distance at which it was read, in centimetres; any other text as it is, its N a capital. */
function nearAcuity(text: string): string {
  const [, size, distance] = nearForm.exec(text) ?? [];
  if (size === undefined) return text.replace(/^n(?=\d)/, "N");
  return distance === undefined ? `N${size}` : `N${size} at ${distance} cm`;
}

/**
 * `2025-12-31`, `31/12/2025` or `31/12/25`, with any of `/ . -` or a blank; null for what is no day. Two digits are a year
 * of this century: an exam speaks of its last visit or of when a bottle expires.
 */
function readDay(text: string): string | null {
  const [, year, month, day] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ??
    [/^(\d{1,2})[\s/.-](\d{1,2})[\s/.-](\d{4}|\d{2})$/.exec(text)].map(
      (m) => m && [m[0], m[3]?.padStart(4, "20"), m[2], m[1]],
    )[0] ??
    [];
  if (!year) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 ? date.toISOString().slice(0, 10) : null;
}

/** The last day of `03/27`, `3/2027` or `2027-03`, with any of `/ . -` or a blank; null for what is no month. */
function readMonth(text: string): string | null {
  const [, year = "", month = ""] =
    /^(\d{4})[\s/.-](\d{1,2})$/.exec(text) ??
    [/^(\d{1,2})[\s/.-](\d{4}|\d{2})$/.exec(text)].map((m) => m && [m[0], m[2]?.padStart(4, "20"), m[1]])[0] ??
    [];
  if (Number(month) < 1 || Number(month) > 12) return null;
  return new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
}

/** What stands in a field, as it would be typed. Units are not shown; a lens is its name and its powers. */
export function showValue({ shape, normal }: Readable, stated: unknown, words: Words): string {
  if (stated === null || stated === undefined) return "";
  const code = (each: unknown) =>
    codesOf({ shape, normal }).includes(String(each)) ? words(String(each)) : String(each);
  switch (shape.kind) {
    case "text":
    case "choice":
      return code(stated);
    case "many":
      return (Array.isArray(stated) ? stated : [stated]).map(code).join(", ");
    case "yes_no":
      return words(stated === true ? "yes" : "no");
    case "number":
      return scaledText(stated, shape.scale ?? 1);
    case "grade":
      return typeof stated === "number" ? String(stated / 10) : String(stated);
    case "prism":
      return scaledText(stated, 100);
    case "power":
      return typeof stated === "number" ? formatPower(stated) : String(stated);
    case "axis":
      return typeof stated === "number" ? formatAxis(stated) : String(stated);
    case "date":
      return String(stated).split("-").reverse().join("/");
    case "lens":
      return lensText(stated);
    // Records of before say it in capitals.
    case "acuity":
      return nearAcuity(String(stated));
    case "base":
      return String(stated);
  }
}

function scaledText(stated: unknown, scale: number): string {
  if (typeof stated !== "number") return String(stated);
  return (stated / scale).toFixed(Math.round(Math.log10(scale)));
}

/** A contact lens in a line: name, base curve, diameter, powers. */
function lensText(stated: unknown): string {
  const lens = (stated ?? {}) as Readonly<Record<string, number | string | null>>;
  const number = (name: string, scale: number, digits: number) =>
    typeof lens[name] === "number" ? ((lens[name] as number) / scale).toFixed(digits) : "";
  const power = (name: string) => (typeof lens[name] === "number" ? formatPower(lens[name] as number) : "");
  const axis = typeof lens.axis === "number" ? `×${formatAxis(lens.axis)}` : "";
  return [
    lens.brand ?? "",
    number("base_curve", 100, 2),
    number("diameter", 100, 1),
    [power("sphere"), lens.cylinder ? power("cylinder") + axis : ""].filter(Boolean).join("/"),
    lens.add ? `add ${lens.add}` : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}
