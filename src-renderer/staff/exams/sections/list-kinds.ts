/** Drops, further pairs, trial lenses and diagnoses: how each is typed, stored and shown. */
import { instantOf, localDate, localTime, minutesOf } from "../../../../src-shared/calendar/index.ts";
import { lookAtLens } from "../../../../src-shared/exams/contact-lens.ts";
import { lensShapes, type Ranges, trialLimits } from "../../../../src-shared/exams/item-limits.ts";
import { eyesOf } from "../../../../src-shared/exams/kinds.ts";
import { readRefractionLine } from "../../../../src-shared/exams/refraction-line.ts";
import {
  checkEye,
  emptyEye,
  formatEye,
  formatEyeShort,
  type LimitTables,
  type RxLimits,
} from "../../../../src-shared/optics/index.ts";
import { translate } from "../../../ui/index.ts";
import { wordOf } from "../words.ts";
import type { Judged, ListKind } from "./item-list.tsx";

type Data = Readonly<Record<string, unknown>>;
const line = (max: number) => ({ kind: "text", max }) as const;
const anyEye = { kind: "choice", options: eyesOf } as const;
const oneEye = { kind: "choice", options: ["r", "l"] } as const;
const joined = (...parts: unknown[]) => parts.filter(Boolean).join(" ");

/** Drops as they are commonly put in before examinations; anything else is typed. */
const commonDrops = [
  "Tropicamide",
  "Cyclopentolate",
  "Phenylephrine",
  "Proxymetacaine",
  "Oxybuprocaine",
  "Fluorescein",
  "Lissamine green",
];

/** A drug that is begun is meant as the only one that begins so; a bare strength is a percentage. */
function drugNamed(typed: unknown): string {
  const begun = commonDrops.filter((drug) => drug.toLowerCase().startsWith(String(typed).trim().toLowerCase()));
  return begun.length === 1 && String(typed).trim().length >= 3 ? (begun[0] as string) : String(typed);
}
const strengthOf = (typed: unknown) => (/^\d+(\.\d+)?$/.test(String(typed)) ? `${typed} %` : typed);

/** `near`: the day on which they were given; of a row that is corrected it is its own. */
export function dropsKind(timeZone: string, near: () => number = Date.now): ListKind {
  return {
    list: "drops",
    parts: [
      { name: "drug", shape: line(100), width: "l", suggestions: commonDrops },
      { name: "strength", shape: line(40), width: "s", suggestions: ["0.5 %", "1 %", "2.5 %"] },
      { name: "eye", shape: anyEye, width: "s" },
      { name: "count", shape: { kind: "number", unit: "", min: 1, max: 10 }, width: "s" },
      { name: "time", shape: line(5), width: "s" },
      { name: "batch", shape: line(40), width: "m" },
      { name: "expires_on", shape: { kind: "date", ofMonth: true }, width: "m" },
    ],
    start: () => ({ eye: "b", count: 1, time: localTime(near(), timeZone) }),
    open: ({ drops, at, ...rest }) => ({ ...rest, at, count: drops, time: localTime(at as number, timeZone) }),
    compose({ drug, strength = null, eye, count, time, batch = null, expires_on = null, at: was }) {
      if (!drug) return { part: "drug" };
      if (!eye) return { part: "eye" };
      const wall = String(time ?? "").padStart(5, "0");
      if (minutesOf(wall) === null) return { part: "time" };
      const at = instantOf(localDate((was as number | undefined) ?? near(), timeZone), wall, timeZone);
      return {
        data: { drug: drugNamed(drug), strength: strengthOf(strength), eye, drops: count ?? 1, at, batch, expires_on },
      };
    },
    show: ({ drug, strength, eye, drops, at, batch, expires_on }) =>
      joined(
        drug,
        strength,
        `${drops}×`,
        wordOf(String(eye)).toLowerCase(),
        localTime(at as number, timeZone),
        batch && `· ${batch}`,
        expires_on && `· ${String(expires_on).split("-").reverse().join("/")}`,
      ),
  };
}

/** What a written line may say beside its powers. */
type Room = "add" | "va";

/** Powers of a written line. What it says of that has no room here is refused, since it would be lost. */
function powersOf(text: unknown, limits: RxLimits, room: Room) {
  if (!text) return { ok: true as const, eye: { sphere: null, cylinder: null, axis: null, add: null }, va: null };
  const read = readRefractionLine(String(text), limits);
  if (!read.ok) return read;
  const { eye, va } = read.value;
  const { sphere, cylinder, axis, add } = eye;
  const lost = [
    ["prism", eye.prism_h ?? eye.prism_v],
    ["add", room === "add" ? null : add],
    ["va", room === "va" ? null : va],
  ].find(([, stated]) => stated !== null);
  if (lost) return { ok: false as const, message: translate("exams", `lists.noRoom.${lost[0]}`) };
  return { ok: true as const, eye: { sphere, cylinder, axis, add }, va };
}

/** What is said about a written line while it is typed. */
const judged = (limitsOf: (limits: Ranges) => RxLimits, room: Room) => ({
  judge(text: unknown, ranges: Ranges): Judged {
    const limits = limitsOf(ranges);
    const powers = powersOf(text, limits, room);
    if (!powers.ok) return { stop: powers.message, look: null };
    const unusual = checkEye({ ...emptyEye, ...powers.eye }, limits).find(({ severity }) => severity === "warn");
    return { stop: null, look: unusual?.message ?? null };
  },
});
const written = judged(({ rx }) => rx, "add");

/** Powers as a line that reads back as the same powers. */
const lineOf = (eye: unknown) => formatEye({ ...emptyEye, ...(eye as Data) }) || null;

export const specsKind: ListKind = {
  list: "specs",
  parts: [
    { name: "use", shape: line(60), width: "m", suggestions: ["Reading", "Distance", "Varifocal", "Office", "Sun"] },
    { name: "r", shape: line(60), width: "l", ...written },
    { name: "l", shape: line(60), width: "l", ...written },
    { name: "note", shape: line(400), width: "l" },
  ],
  start: () => ({}),
  open: ({ use, r, l, note }) => ({ use, r: lineOf(r), l: lineOf(l), note }),
  compose({ use, r, l, note = null }, { rx }) {
    if (!use) return { part: "use" };
    const [right, left] = [powersOf(r, rx, "add"), powersOf(l, rx, "add")];
    if (!right.ok) return { part: "r", message: right.message };
    if (!left.ok) return { part: "l", message: left.message };
    return { data: { use, r: right.eye, l: left.eye, note } };
  },
  show({ use, r, l, note }) {
    const [right, left] = [r, l].map((eye) => formatEye({ ...emptyEye, ...(eye as Data) }));
    return joined(use, right && `R ${right}`, left && `L ${left}`, note && `· ${note}`);
  },
};

/** What is said about one size of a trial lens; `rigid`: what is usual of soft lenses is not asked of it. */
const sized = (part: "base_curve" | "diameter", rigid: boolean) => ({
  shape: lensShapes[part],
  judge: (value: unknown, limits: LimitTables): Judged => ({
    stop: null,
    look: lookAtLens(part, { [part]: value as number | null }, rigid, limits),
  }),
});
/** Powers of a trial lens, in the steps and the range that lenses are made in. */
const ofLens = (rigid: boolean) => {
  const powers = judged(trialLimits, "va");
  return {
    judge(text: unknown, limits: LimitTables): Judged {
      const said = powers.judge(text, limits);
      const read = powersOf(text, trialLimits(limits), "va");
      if (said.stop !== null || said.look !== null || !read.ok) return said;
      const look = lensPowers.map((part) => lookAtLens(part, read.eye, rigid, limits)).find((found) => found !== null);
      return { stop: null, look: look ?? null };
    },
  };
};
const lensPowers = ["sphere", "cylinder", "axis"] as const;

export const lensTrialKind = (rigid: boolean): ListKind => ({
  list: "lens_trial",
  parts: [
    { name: "eye", shape: oneEye, width: "s" },
    { name: "lens", shape: line(200), width: "l" },
    { name: "base_curve", ...sized("base_curve", rigid), width: "s" },
    { name: "diameter", ...sized("diameter", rigid), width: "s" },
    { name: "power", shape: line(60), width: "m", ...ofLens(rigid) },
    { name: "va", shape: { kind: "acuity" }, width: "s" },
    { name: "fit", shape: line(400), width: "l" },
  ],
  start: () => ({ eye: "r" }),
  open: ({ sphere, cylinder, axis, ...rest }) => ({ ...rest, power: lineOf({ sphere, cylinder, axis }) }),
  compose({ eye, lens, base_curve = null, diameter = null, power, va = null, fit = null }, limits) {
    if (!eye) return { part: "eye" };
    if (!lens) return { part: "lens" };
    const powers = powersOf(power, trialLimits(limits), "va");
    if (!powers.ok) return { part: "power", message: powers.message };
    const { sphere, cylinder, axis } = powers.eye;
    return { data: { eye, lens, base_curve, diameter, sphere, cylinder, axis, va: va ?? powers.va, fit } };
  },
  show: ({ eye, lens, base_curve, diameter, sphere, cylinder, axis, va, fit }) =>
    joined(
      wordOf(String(eye)),
      lens,
      typeof base_curve === "number" && (base_curve / 100).toFixed(2),
      typeof diameter === "number" && (diameter / 100).toFixed(1),
      formatEyeShort({ ...emptyEye, sphere, cylinder, axis } as never),
      va,
      fit && `· ${fit}`,
    ),
});

export const diagnosisKind: ListKind = {
  list: "diagnosis",
  parts: [
    { name: "text", shape: line(400), width: "l" },
    { name: "eye", shape: anyEye, width: "s" },
    { name: "sure", shape: { kind: "yes_no" }, width: "s" },
  ],
  start: () => ({ sure: true }),
  open: ({ text, eye, certain }) => ({ text, eye, sure: certain }),
  compose({ text, eye = null, sure }) {
    return text ? { data: { text, eye, certain: sure !== false } } : { part: "text" };
  },
  show: ({ text, eye, certain }) =>
    joined(text, eye && wordOf(String(eye)).toLowerCase(), !certain && `(${translate("exams", "lists.uncertain")})`),
};
