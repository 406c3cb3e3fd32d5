/**
 * Whether a value can be what its field says: asked by the screen while typing, by the engine before it is kept, and by
 * the centre again. Only the impossible is refused; what is unusual is shown and stays (domain §3.2).
 */
import { isDate } from "../calendar/index.ts";
import {
  builtInTables,
  checkEye,
  checkLimit,
  eighth,
  eyes,
  formatPower,
  type MeasureLimits,
  measureLimits,
  type RxLimits,
  rxLimits,
} from "../optics/index.ts";
import type { FieldProblem } from "../sync/entity.ts";
import { checkLens } from "./contact-lens.ts";
import type { FieldShape } from "./field.ts";
import { itemLimitProblem, type Ranges } from "./item-limits.ts";
import { itemSchemas } from "./items.ts";
import { readRefractionLine } from "./refraction-line.ts";
import { entryOf, isSectionKey } from "./sections.ts";

const oneLine = (value: unknown, max: number): value is string =>
  typeof value === "string" && value.length <= max && !value.includes("\0");

/** What is impossible about a value, in words, or null. Null as a value is "not stated" and always possible. */
export function valueProblem(
  shape: FieldShape,
  value: unknown,
  limits: RxLimits = rxLimits,
  measures: MeasureLimits = measureLimits,
): string | null {
  if (value === null) return null;
  switch (shape.kind) {
    case "text":
      if (!oneLine(value, shape.max)) return `It is text of at most ${shape.max} characters.`;
      return shape.refraction ? writtenProblem(value, limits) : null;
    case "choice":
      if (!oneLine(value, 200)) return notAmong("one", shape.options);
      return shape.free || shape.options.includes(value) ? null : notAmong("one", shape.options);
    case "many":
      return Array.isArray(value) &&
        value.length <= 40 &&
        value.every((each) => oneLine(each, 100) && (shape.free || shape.options.includes(each)))
        ? null
        : notAmong("some", shape.options);
    case "yes_no":
      return typeof value === "boolean" ? null : "It is yes or no.";
    case "number": {
      const range = `${scaled(shape.min, shape.scale)} to ${scaled(shape.max, shape.scale)} ${shape.unit}`;
      if (!whole(value, shape.min, shape.max)) return `It is from ${range.trim()}.`;
      const found = shape.quantity ? checkLimit(shape.quantity, value as number, measures) : null;
      return found?.severity === "block" ? found.message : null;
    }
    case "acuity":
      return oneLine(value, shape.max ?? 24) ? null : "Write it like 6/9-2, N5 or CF.";
    case "power":
      return powerProblem(shape.quantity, value, limits);
    case "axis":
      return whole(value, 1, 180) ? null : "An axis is from 1 to 180 in whole degrees.";
    case "prism":
      return whole(value, 0, limits.prism.most) ? null : `A prism is from 0 to ${limits.prism.most / 100}Δ.`;
    case "base":
      return (shape.options as readonly unknown[]).includes(value) ? null : `A base is ${shape.options.join(" or ")}.`;
    case "grade":
      return whole(value, 0, 40) ? null : "A grade is from 0 to 4.";
    case "date":
      return typeof value === "string" && isDate(value) ? null : "It is a date.";
    case "lens":
      return checkLens(value, measures);
  }
}

const whole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const scaled = (value: number, scale = 1): string => String(value / scale);

/** Choices that are named; of a longer list the field itself shows the others. */
const namedAtMost = 12;
const plain = (key: string): string => key.replaceAll("_", " ").replaceAll(".", ", ");
function notAmong(how: "one" | "some", options: readonly string[]): string {
  const more = options.length > namedAtMost ? " or another of the field's list" : "";
  return `This is not among the choices. Choose ${how} of: ${options.slice(0, namedAtMost).map(plain).join(", ")}${more}.`;
}

function powerProblem(quantity: "sphere" | "cylinder" | "add", value: unknown, limits: RxLimits): string | null {
  const [least, most] = limits[quantity].block;
  const article = quantity === "add" ? "An" : "A";
  if (!whole(value, least, most))
    return `${article} ${quantity} is within ${formatPower(least)} to ${formatPower(most)}.`;
  return (value as number) % eighth === 0 ? null : "A power is in steps of 0.125.";
}

/** What is written with a sign or as a power with its decimals is meant as one; that it is followed by words is fine. */
const beginsAsPower = /^\s*([+\u2212\u2013-]|\d+[.,]\d\d)/;

/** A written refraction that no lens has; words, and what reads as no refraction, are fine. */
function writtenProblem(text: string, limits: RxLimits): string | null {
  const read = beginsAsPower.test(text) ? readRefractionLine(text, limits) : null;
  return read && !read.ok && read.code === "out_of_range" ? read.message : null;
}

/** Whether a value is possible but outside what is usual: asked for a look, never refused. */
export function isUnusual(
  shape: FieldShape,
  value: unknown,
  limits: RxLimits = rxLimits,
  measures: MeasureLimits = measureLimits,
): boolean {
  if (shape.kind === "text" && shape.refraction) return isUnusualLine(value, limits);
  if (typeof value !== "number") return false;
  if (shape.kind === "number" && shape.quantity)
    return checkLimit(shape.quantity, value, measures)?.severity === "warn";
  if (shape.kind === "prism")
    return value > limits.prism[shape.way === "horizontal" ? "warnAboveHorizontal" : "warnAboveVertical"];
  const range = shape.kind === "number" ? shape.warn : shape.kind === "power" ? limits[shape.quantity].warn : undefined;
  return range !== undefined && (value < range[0] || value > range[1]);
}

function isUnusualLine(text: unknown, limits: RxLimits): boolean {
  const read = typeof text === "string" ? readRefractionLine(text, limits) : null;
  return read?.ok === true && checkEye(read.value.eye, limits).some(({ code }) => code === "unusual");
}

const ownQuestion = /^(own_[a-z0-9]{1,32}|[a-z_]{1,20})\.q[0-9a-f]{32}(\.[rl])?$/;

/** The key of an answer to a question of the practice's own. */
export function questionKey(section: string, question: string, eye: "r" | "l" | null = null): string {
  return `${section}.q${question}${eye ? `.${eye}` : ""}`;
}

/** The columns of an exam that limits rule, one eye's under `r_` or `l_`. */
const measured: readonly (readonly [column: string, shape: FieldShape])[] = [
  ...eyes.flatMap((side) => [
    ...(["sphere", "cylinder", "add"] as const).map(
      (quantity) => [`${side}_${quantity}`, { kind: "power", quantity }] as const,
    ),
    [`${side}_prism_h`, { kind: "prism", way: "horizontal" }] as const,
    [`${side}_prism_v`, { kind: "prism", way: "vertical" }] as const,
  ]),
  ["bvd", { kind: "number", unit: "mm", min: 50, max: 250, scale: 10, quantity: "bvd" }],
  ["rx_months", { kind: "number", unit: "months", min: 1, max: 24, quantity: "rx_months" }],
];

/**
 * What the columns of an exam get wrong: powers and prisms that no lens has, a distance at which nobody wears one.
 * Half-typed lines are fine in a draft.
 */
export function examProblem(
  row: Readonly<Record<string, unknown>>,
  { rx, measures }: Ranges = builtInTables,
): FieldProblem | null {
  for (const [field, shape] of measured) {
    const message = valueProblem(shape, row[field] ?? null, rx, measures);
    if (message) return { field, message };
  }
  return null;
}

/** What the row of an entry gets wrong; null for a possible one. */
export function entryProblem(
  row: Readonly<Record<string, unknown>>,
  { rx, measures }: Ranges = builtInTables,
): FieldProblem | null {
  const key = row.key as string;
  const value = row.value ?? null;
  const named = entryOf(key);
  if (named) {
    const message = valueProblem(named.field.shape, value, rx, measures);
    const chosen = named.field.shape.kind === "choice" || named.field.shape.kind === "many";
    return message ? { field: key, message: chosen ? `${plain(key)}: ${message}` : message } : null;
  }
  const [section = ""] = key.split(".");
  if (!ownQuestion.test(key) || !isSectionKey(section)) return { field: key, message: "No exam has this field." };
  const answer = Array.isArray(value)
    ? value.length <= 40 && value.every((each) => oneLine(each, 200))
    : value === null || typeof value === "boolean" || Number.isSafeInteger(value) || oneLine(value, 4000);
  return answer ? null : { field: key, message: "It is text, a whole number, yes or no, or some of a list." };
}

/** What the row of a list gets wrong; null for a possible one. */
export function itemProblem(
  row: Readonly<Record<string, unknown>>,
  ranges: Ranges = builtInTables,
): FieldProblem | null {
  const list = row.list as string;
  const schema = Object.hasOwn(itemSchemas, list) ? itemSchemas[list as keyof typeof itemSchemas] : undefined;
  if (!schema) return { field: "list", message: "No exam has this list." };
  const parsed = schema.safeParse(row.data);
  if (parsed.success) {
    const problem = itemLimitProblem(list, parsed.data, ranges);
    return problem && { field: `${list}.${problem.field}`, message: problem.message };
  }
  const issue = parsed.error.issues[0];
  return { field: [list, ...(issue?.path ?? [])].join("."), message: wordsOf(issue) };
}

/** The schema's own words where it has some, and plain ones for what it only calls a type. */
function wordsOf(issue: { readonly code: string; readonly message: string } | undefined): string {
  return issue && issue.code !== "invalid_type" ? issue.message : "It is needed in its own form.";
}
